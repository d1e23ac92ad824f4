// Numbers of the HAN's diagram.
import assert from "node:assert/strict";
import test from "node:test";

import {
  isPartOf,
  nameOf,
  ofTarget,
  percent,
  percentShort,
  rowOf,
  unpacked,
} from "../../../dlnlp/ui/han/flow_numbers.js";

const base64 = (bytes) => Buffer.from(bytes).toString("base64");

test("packed integers of both widths come out with their signs", () => {
  const wide = { bits: 16, scale: 0.5, data: base64([2, 0, 255, 255, 0, 128]) };
  assert.deepEqual([...unpacked(wide)], [1, -0.5, -16384]);
  const small = { bits: 8, scale: 2, data: base64([1, 255, 127]) };
  assert.deepEqual([...unpacked(small)], [2, -2, 254]);
});

test("a target is a class, or the upper classes against the lower ones", () => {
  const logits = [1, 2, 50, 4, 8];
  assert.equal(ofTarget(logits, 3), 4);
  assert.equal(ofTarget(logits, 5), 6 - 1.5);
  assert.equal(ofTarget([1, 2, 4, 8], 4), 6 - 1.5);
  const data = { class_names: ["1 star", "2 stars", "3 stars"], contrast: "3 over 1" };
  assert.equal(nameOf(data, 1), "2 stars");
  assert.equal(nameOf(data, 3), "3 over 1");
  const parts = (target) => [0, 1, 2].filter((place) => isPartOf(place, target, 3));
  assert.deepEqual([parts(1), parts(3)], [[1], [0, 2]]);
});

test("a row of a flat array", () => {
  assert.deepEqual([...rowOf(Float64Array.of(1, 2, 3, 4, 5, 6), 1, 3)], [4, 5, 6]);
});

test("shares", () => {
  assert.equal(percent(0.398), "39.8 %");
  assert.equal(percent(0.00456), "0.46 %");
  assert.equal(percent(-0.05), "−5.0 %");
  assert.equal(percentShort(0.4), "40 %");
  assert.equal(percentShort(0.011), "1.1 %");
});
