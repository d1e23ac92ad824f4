import assert from "node:assert/strict";
import { test } from "node:test";

import { mark } from "../../../dlnlp/ui/lessons/bar.js";

test("nothing is marked before a choice", () => {
  assert.equal(mark(1, { chosen: -1, answer: -1 }), "");
});

test("the right choice is marked, and the wrong one that was made", () => {
  const marks = (chosen) => [0, 1, 2].map((index) => mark(index, { chosen, answer: 1 }));
  assert.deepEqual(marks(1), ["", "right", ""]);
  assert.deepEqual(marks(0), ["wrong", "right", ""]);
});
