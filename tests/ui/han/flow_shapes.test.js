// Shapes of the HAN's diagram.
import assert from "node:assert/strict";
import test from "node:test";

import {
  bars,
  connected,
  largestSize,
  layers,
  placeOf,
  ribbon,
  spread,
  stacked,
} from "../../../dlnlp/ui/han/flow_shapes.js";

const sum = (values) => values.reduce((total, value) => total + value, 0);
const near = (a, b, within = 1e-6) => assert.ok(Math.abs(a - b) < within, `${a} is not ${b}`);
/** All coordinates of a path, in pairs. */
const points = (path) =>
  [...path.matchAll(/(-?[\d.e-]+),(-?[\d.e-]+)/g)].map((m) => [+m[1], +m[2]]);

/** Shares of a memory of n steps in which each step keeps the same part of what was there. */
function memory(n, backward) {
  const shares = new Float64Array(n * n);
  const order = [...Array(n).keys()];
  if (backward) order.reverse();
  order.forEach((step, time) => {
    order.slice(0, time + 1).forEach((from, age) => {
      shares[step * n + from] = age === 0 ? 0.6 ** time : 0.4 * 0.6 ** (time - age);
    });
  });
  return shares;
}

test("few rows keep their height and stand in the middle", () => {
  const rows = spread([1, 2, 3], 0, 300, 30, 12);
  assert.deepEqual(
    rows.map((row) => row.height),
    [30, 30, 30],
  );
  near(rows[1].middle, 150);
});

test("many rows fill the room, and the heaviest stay legible", () => {
  const weights = Array.from({ length: 64 }, (_, place) => (place * 7) % 64);
  const rows = spread(weights, 50, 570, 60, 25);
  near(rows[0].middle - rows[0].height / 2, 50, 10);
  assert.ok(sum(rows.map((row) => row.height)) <= 520 + 1e-6);
  rows.slice(1).forEach((row, place) => {
    const before = rows[place];
    near(row.middle - row.height / 2, before.middle + before.height / 2);
  });
  const legible = [...rows.keys()].filter((place) => rows[place].height > 20);
  const lightest = Math.min(...legible.map((place) => weights[place]));
  assert.ok(legible.length >= 8 && lightest === 64 - legible.length);
});

for (const backward of [false, true])
  test(`layers fill the stream, each its share (backward: ${backward})`, () => {
    const [n, x, width] = [5, 100, 60];
    const rows = spread(Array(n).fill(1), 0, 150, 30, 10);
    const shares = memory(n, backward);
    const paths = layers(shares, rows, x, width, backward);
    assert.equal(paths.length, n);
    for (let step = 0; step < n; step++) {
      const { middle } = rows[step];
      let total = 0;
      for (let layer = 0; layer < n; layer++) {
        const at = points(paths[layer]).filter(([, y]) => Math.abs(y - middle) < 1e-9);
        const share = shares[step * n + layer];
        if (!share) {
          assert.equal(at.length, 0, "a layer is drawn before it enters");
          continue;
        }
        const sides = at.map(([side]) => side);
        near(Math.max(...sides) - Math.min(...sides), width * share);
        total += share;
      }
      near(total, 1);
    }
    points(paths.join("")).forEach(([side]) => {
      assert.ok(side >= x - 1e-6 && side <= x + width + 1e-6);
    });
  });

test("one word fills the whole stream", () => {
  const [path] = layers(Float64Array.of(1), spread([1], 0, 100, 30, 10), 0, 60, false);
  const sides = points(path).map(([side]) => side);
  assert.deepEqual([Math.min(...sides), Math.max(...sides)], [0, 60]);
});

test("links stack up to the whole, and a tiny one is still seen", () => {
  const middles = stacked([0.5, 0.3, 0.2], 10, 100);
  assert.deepEqual(middles, [35, 75, 100]);
  const ys = points(ribbon(0, 50, 10, 60, 0)).map(([, y]) => y);
  near(Math.max(...ys) - Math.min(...ys), 10.7);
});

test("bars show the largest number of those that fall on one", () => {
  const path = bars([0, 1, 0, 0, -0.5, 0, 0, 0], 0, 10, 4, 20, 1);
  assert.equal(path, "M1,10v-10M3,10v5");
  assert.equal(bars([0], 0, 10, 100, 20, 1), "M50,10v-0.3"); // zero is a dot
  assert.equal(bars([9], 0, 10, 100, 20, 1), "M50,10v-10"); // no bar leaves its row
});

test("the largest size of nothing but zeros divides", () => {
  assert.equal(largestSize([0, -0, 0]), 1);
  assert.equal(largestSize([1, -3]), 3);
});

test("a word is connected with its sentence, a closed sentence with no word", () => {
  assert.deepEqual(connected({ kind: "word", index: 2 }, 4), {
    words: [2],
    sentences: [4],
    classes: null,
  });
  assert.deepEqual(connected({ kind: "sentence", index: 4 }, 4).words, null);
  assert.deepEqual(connected({ kind: "sentence", index: 1 }, 4).words, []);
  assert.deepEqual(connected({ kind: "class", index: 1 }, 4).sentences, null);
});

test("what another component points at has its place, or none", () => {
  const sentences = [
    { first_token: 0, words: 3 },
    { first_token: 3, words: 2 },
  ];
  assert.deepEqual(placeOf({ token: 4 }, sentences, 1), { kind: "word", index: 1 });
  assert.deepEqual(placeOf({ token: 4 }, sentences, 0), { kind: "sentence", index: 1 });
  assert.deepEqual(placeOf({ sentence: 1 }, sentences, 0), { kind: "sentence", index: 1 });
  for (const pointed of [null, { token: 5 }, { token: -1 }, { sentence: 2 }, { item: "x" }])
    assert.equal(placeOf(pointed, sentences, 0), null);
});
