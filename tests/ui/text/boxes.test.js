import assert from "node:assert/strict";
import { test } from "node:test";

import { chipPlaces } from "../../../dlnlp/ui/text/boxes.js";

const LINE = 1.95; // rem

for (const wide of [32, 75])
  for (const count of [1, 2, 3, 4, 9])
    test(`${count} chips of a line stand apart, within it, on ${wide} pixels`, () => {
      const places = chipPlaces(count, wide);
      assert.equal(places.length, count);
      for (const { left, top, width, height } of places) {
        assert.ok(left >= 0 && left + width <= wide);
        assert.ok(Math.abs(top) <= LINE / 2 && Math.abs(top + height) <= LINE / 2);
      }
      const apart = (a, b) =>
        a.left + a.width <= b.left ||
        b.left + b.width <= a.left ||
        Math.abs(a.top - b.top) >= a.height;
      places.forEach((a, i) => places.slice(i + 1).forEach((b) => assert.ok(apart(a, b))));
    });

test("a chip has room for its number: on a phone two of a line, else four", () => {
  for (const [wide, count] of [
    [32, 2],
    [75, 4],
  ])
    for (const { width, height } of chipPlaces(count, wide))
      assert.ok(width >= 32 && height >= 0.85);
});

test("bars of all lines compare: one width, however many sentences begin on a line", () => {
  const widths = [1, 2, 3, 7].flatMap((count) => chipPlaces(count, 75).map(({ width }) => width));
  assert.equal(new Set(widths).size, 1);
});
