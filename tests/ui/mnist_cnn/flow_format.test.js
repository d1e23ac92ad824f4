import assert from "node:assert/strict";
import { test } from "node:test";
import { factor, subject } from "../../../dlnlp/ui/mnist_cnn/flow_format.js";
import { lineOf } from "../../../dlnlp/ui/mnist_cnn/steps.js";

test("the right side of an operator is in brackets where it is negative", () => {
  assert.equal(factor(-2), "(−2.00)");
  assert.equal(factor(2), "2.00");
});

test("the explained thing is a digit or a pair", () => {
  assert.equal(subject({ digit: 7, against: 1 }), "7 against 1");
  assert.equal(subject({ digit: 7, against: null }), "7");
});

test("below the strip stands what is pointed at, then what is off, then why", () => {
  const steps = [
    { title: "Ink", words: "Found.", on: null },
    { title: "Crop", words: "Off: nothing.", on: false },
  ];
  assert.equal(lineOf(steps, 0, "why"), "Ink: Found.");
  assert.equal(lineOf(steps, -1, "why"), "Crop: Off: nothing.");
  assert.equal(lineOf([steps[0], { ...steps[1], on: true }], -1, "why"), "why");
  assert.equal(lineOf([steps[0]], -1, "why"), "Found.");
});
