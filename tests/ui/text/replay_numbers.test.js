import assert from "node:assert/strict";
import { test } from "node:test";

import {
  along,
  entropy,
  largest,
  largestSentence,
  mostChanged,
  nearest,
  ranked,
  sides,
  spread,
  ticks,
  whereInTraining,
} from "../../../dlnlp/ui/text/replay_numbers.js";

const close = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-9, `${found}`);

test("entropy is that of a coin, of four equal sides, and of certainty", () => {
  close(entropy([0.5, 0.5]), 1);
  close(entropy([0.25, 0.25, 0.25, 0.25]), 2);
  close(entropy([1, 0, 0]), 0);
  close(entropy([0.2, 0.2]), 1); // rounded shares need not add up to 1
});

test("spread weighs sentences by their attention and leaves out what has no choice", () => {
  const even = spread({
    words: [
      [0.5, 0.5],
      [0.25, 0.25, 0.25, 0.25],
    ],
    sentences: [0.5, 0.5],
  });
  close(even.words.share, 1);
  close(even.words.bits, 1.5);
  close(even.sentences.share, 1);
  const one = spread({
    words: [
      [1, 0],
      [0.25, 0.25, 0.25, 0.25],
    ],
    sentences: [1, 0],
  });
  close(one.words.share, 0);
  close(one.sentences.bits, 0);
  const single = spread({ words: [[1]], sentences: [1] });
  assert.equal(single.words.share, null);
  assert.equal(single.sentences.share, null);
});

test("both sides add up to the sum of the words", () => {
  const words = [[0.5, -0.25], [], [1, -1]];
  const found = sides({ words });
  close(found.for, 1.5);
  close(found.against, 1.25);
  close(found.for - found.against, 0.25);
});

const points = [0, 1, 4, 20, 100].map((step, index) => ({
  step,
  texts: [{ words: [[0.1 * index, -0.3], [0.2]], sentences: [0.2, 0.8] }],
}));

test("one scale holds for all points", () => {
  close(largest(points, 0), 0.4);
  close(largestSentence(points, 0), 0.8);
  assert.equal(largestSentence([{ texts: [{ words: [[0]] }] }], 0), 0);
  // The only word of a sentence has all its attention: it sets the scale only where it must.
  const of = (words, sentences) => largest([{ texts: [{ words, sentences }] }], 0);
  close(of([[0.6, 0.4], [1]], [0.5, 0.5]), 0.6);
  close(of([[1]], [1]), 1);
  close(of([[0.6, 0.4], [-1]]), 1);
});

test("the word is found that changes most", () => {
  const said = (...words) => ({ words: [words.slice(0, 2), words.slice(2)] });
  assert.equal(mostChanged(said(0.5, 0.5, 1), said(0.1, 0.9, 1)), 0);
  assert.equal(mostChanged(said(0, 0, 0), said(0.1, 0.2, -0.3)), 2);
});

test("the place on the axis finds its point again", () => {
  points.forEach(({ step }, index) => assert.equal(nearest(points, along(step, 100)), index));
  assert.equal(nearest(points, -1), 0);
  assert.equal(nearest(points, 2), 4);
  assert.equal(along(0, 0), 0);
});

test("ticks end before the last step", () => {
  assert.deepEqual(ticks(0), [0]);
  assert.deepEqual(ticks(250), [0, 1, 10, 100]);
  assert.deepEqual(ticks(2500), [0, 10, 100, 1000]);
});

test("the likeliest class comes first, and of equals the first", () => {
  assert.deepEqual(
    ranked([0.2, 0.4, 0.4]).map(({ place }) => place),
    [1, 2, 0],
  );
});

test("while a training runs, its newest step is not called the last", () => {
  assert.equal(whereInTraining(1000, 22000), "Step 1,000 of 22,000");
  assert.equal(whereInTraining(35, undefined), "Step 35");
});
