import assert from "node:assert/strict";
import { test } from "node:test";

import { spoken } from "../../../dlnlp/ui/text/counterfactuals.js";

test("a change is told in words", () => {
  const pieces = [
    { text: "very ", change: "" },
    { text: "good", change: "gone" },
    { text: " ", change: "" },
    { text: "bad", change: "new" },
    { text: " value", change: "" },
  ];
  assert.equal(spoken(pieces), "very good becomes bad value");
});
