import assert from "node:assert/strict";
import { test } from "node:test";

import { JSDOM } from "jsdom";

import { el, setText, svg } from "../../../dlnlp/ui/shell/element.js";

globalThis.document = new JSDOM("").window.document;

test("markup in a text stays text", () => {
  const node = el("p", "said", "<img src=x onerror=alert(1)>");
  assert.equal(node.outerHTML, '<p class="said">&lt;img src=x onerror=alert(1)&gt;</p>');
  assert.equal(el("td").outerHTML, "<td></td>");
});

test("a drawing's element has its attributes and belongs to SVG", () => {
  const node = svg("text", { x: 1, class: "name" }, "a < b");
  assert.equal(node.namespaceURI, "http://www.w3.org/2000/svg");
  assert.equal(node.outerHTML, '<text x="1" class="name">a &lt; b</text>');
});

test("an unchanged text is not set again", () => {
  const node = el("p", "", "one");
  const before = node.firstChild;
  setText(node, "one");
  assert.equal(node.firstChild, before);
  setText(node, "two");
  assert.equal(node.textContent, "two");
});
