import assert from "node:assert/strict";
import { test } from "node:test";

import { JSDOM } from "jsdom";

import { announce, listen } from "../../../dlnlp/ui/shell/linked.js";

const { window } = new JSDOM("");
globalThis.document = window.document;
globalThis.CustomEvent = window.CustomEvent;

test("the others of a scope hear what is pointed at, until they leave", () => {
  const heard = [];
  const me = {};
  const ends = [
    listen("text", (pointed) => heard.push(["other", pointed])),
    listen("text", (pointed) => heard.push(["me", pointed]), me),
    listen("digit", (pointed) => heard.push(["digit", pointed])),
  ];
  announce("text", { token: 3 }, me);
  announce("text", null);
  assert.deepEqual(heard, [
    ["other", { token: 3 }],
    ["other", null],
    ["me", null],
  ]);
  for (const end of ends) end();
  announce("text", { token: 4 });
  assert.equal(heard.length, 3);
});
