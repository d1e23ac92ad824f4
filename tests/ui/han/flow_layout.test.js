// Columns and rows of the HAN's diagram at many widths.
import assert from "node:assert/strict";
import test from "node:test";

import { geometry, modeOf } from "../../../dlnlp/ui/han/flow_layout.js";

const WIDTHS = [320, 356, 390, 600, 700, 790, 999, 1000, 1100, 1240, 1400];
const shares = (n) => Array.from({ length: n }, (_, place) => (place + 1) / ((n * (n + 1)) / 2));

function everyBox(part, found = []) {
  if (part && typeof part === "object") {
    if ("x" in part && "width" in part) found.push(part);
    Object.values(part).forEach((each) => everyBox(each, found));
  }
  return found;
}

test("three widths have a layout each", () => {
  assert.deepEqual([320, 599, 600, 999, 1000].map(modeOf), [
    "narrow",
    "narrow",
    "middle",
    "middle",
    "wide",
  ]);
});

for (const width of WIDTHS)
  for (const [words, sentences] of [
    [1, 1],
    [14, 7],
    [50, 64],
  ])
    test(`everything fits ${width} pixels: ${words} words, ${sentences} sentences`, () => {
      const at = geometry(width, shares(words), shares(sentences), sentences - 1, 5);
      assert.equal(at.wordRows.length, words);
      assert.equal(at.sentenceRows.length, sentences);
      for (const box of everyBox(at)) {
        assert.ok(box.width > 8, JSON.stringify(box));
        assert.ok(box.x >= 0 && box.x + box.width <= width + 0.5, JSON.stringify(box));
      }
      for (const row of [...at.wordRows, ...at.sentenceRows]) {
        assert.ok(row.height > 0 && row.middle + row.height / 2 <= at.height);
      }
    });

for (const width of [790, 1240])
  test(`columns of one level do not overlap at ${width} pixels`, () => {
    const at = geometry(width, shares(14), shares(7), 6, 5);
    for (const level of [at.words, at.sentences]) {
      const columns = everyBox(level).sort((a, b) => a.x - b.x);
      columns.slice(1).forEach((column, place) => {
        assert.ok(columns[place].x + columns[place].width <= column.x);
      });
    }
  });

test("on a phone the open sentence makes room for its words, and they stand inside it", () => {
  const at = geometry(356, shares(6), shares(4), 1, 5);
  const row = at.sentenceRows[1];
  assert.ok(row.height > 3 * at.sentenceRows[0].height);
  for (const word of at.wordRows) {
    assert.ok(word.middle - word.height / 2 > row.middle - row.height / 2);
    assert.ok(word.middle + word.height / 2 < row.middle + row.height / 2);
  }
});
