import assert from "node:assert/strict";
import test from "node:test";
import { colourOf, onPaper } from "../../../dlnlp/ui/shell/drawn_colours.js";

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

test("on white paper the greys of a dark page change sides, and hues stay", () => {
  assert.equal(onPaper("#fafafa", "#16181c"), "#050505");
  assert.equal(onPaper("#808080", "#16181c"), "#7f7f7f");
  assert.equal(onPaper("#16181c", "#16181c"), "#ffffff");
  for (const hue of ["#2f7fc1", "#d9601a", "none"]) assert.equal(onPaper(hue, "#16181c"), hue);
});

test("what has no colour is not painted", () => {
  for (const text of ["none", "rgba(0, 0, 0, 0)", "", "context-fill"])
    assert.equal(colourOf(text).colour, "none");
});
