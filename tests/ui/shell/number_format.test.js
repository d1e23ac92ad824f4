import assert from "node:assert/strict";
import { test } from "node:test";

import { fixed, inPercent, hue, signed } from "../../../dlnlp/ui/shell/number_format.js";

test("numbers have a true minus, and a rounded zero has no sign", () => {
  assert.equal(fixed(-1.234), "−1.23");
  assert.equal(fixed(-1.5, 1), "−1.5");
  assert.equal(fixed(-0.001), "0.00");
});

test("a change has its sign, and ± where it rounds to nothing", () => {
  assert.equal(signed(-0.254), "−0.25");
  assert.equal(signed(0.5, 3), "+0.500");
  assert.deepEqual([signed(0.001), signed(-0.001)], ["±0.00", "±0.00"]);
});

test("no probability is a certainty", () => {
  assert.equal(inPercent(0.663), "66.3 %");
  assert.deepEqual([inPercent(0.99999), inPercent(0.0001)], ["> 99.9 %", "< 0.1 %"]);
});

test("what is not against is for", () => {
  assert.deepEqual([hue(-1), hue(0), hue(1)], ["against", "for", "for"]);
});
