import assert from "node:assert/strict";
import test from "node:test";
import { colourOf, frameOf } from "../../../dlnlp/ui/shell/drawing.js";

test("every colour that a browser computes becomes one that all programs read", () => {
  assert.deepEqual(colourOf("rgb(1, 2, 255)"), { colour: "#0102ff", opacity: 1 });
  assert.deepEqual(colourOf("rgba(1, 2, 3, 0.5)"), { colour: "#010203", opacity: 0.5 });
  assert.deepEqual(colourOf("rgb(1 2 3 / 50%)"), { colour: "#010203", opacity: 0.5 });
  assert.deepEqual(colourOf("color(srgb 0.5 0 1)"), { colour: "#8000ff", opacity: 1 });
  assert.deepEqual(colourOf("color(srgb 1.2 -0.1 1e-3 / 0.25)"), {
    colour: "#ff0000",
    opacity: 0.25,
  });
});

test("what has no colour is not painted", () => {
  for (const text of ["none", "rgba(0, 0, 0, 0)", "", "context-fill"])
    assert.equal(colourOf(text).colour, "none");
});

test("a frame is a border, or a shadow that is nothing but one", () => {
  const plain = { borderTopStyle: "none", borderTopWidth: "0px", borderTopColor: "rgb(0, 0, 0)" };
  assert.equal(frameOf({ ...plain, boxShadow: "none" }), null);
  assert.equal(frameOf({ ...plain, boxShadow: "rgb(1, 2, 3) 0px 2px 4px 0px" }), null);
  assert.deepEqual(frameOf({ ...plain, boxShadow: "rgb(1, 2, 3) 0px 0px 0px 2.5px" }), {
    colour: "#010203",
    opacity: 1,
    width: 2.5,
  });
  const bordered = { ...plain, borderTopStyle: "solid", borderTopWidth: "1px", boxShadow: "none" };
  assert.deepEqual(frameOf(bordered), { colour: "#000000", opacity: 1, width: 1 });
});
