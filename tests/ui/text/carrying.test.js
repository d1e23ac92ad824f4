import assert from "node:assert/strict";
import { test } from "node:test";

import { carry, difference, spanAt } from "../../../dlnlp/ui/text/carrying.js";

/** Numbers from 0 to 1 that are the same in every run. */
function chance(seed) {
  let state = seed;
  return () => (state = (state * 16807) % 2147483647) / 2147483647;
}

const ALPHABET = [..."ab .\n", "é", "😀", "👍🏽", "م"];

function text(random, most) {
  const length = Math.floor(random() * most);
  return Array.from({ length }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join("");
}

const wellFormed = (part) => part.isWellFormed?.() ?? true;

test("the stretch that differs makes one text into the other and cuts no character", () => {
  const random = chance(3);
  for (let k = 0; k < 3000; k++) {
    const before = text(random, 12);
    const after = text(random, 12);
    const { start, end, newEnd } = difference(before, after);
    assert.ok(start <= end && start <= newEnd);
    assert.equal(before.slice(0, start) + after.slice(start, newEnd) + before.slice(end), after);
    assert.ok(wellFormed(after.slice(start, newEnd)) && wellFormed(before.slice(0, start)));
  }
});

test("spans outside of an edit keep their words", () => {
  const random = chance(5);
  for (let k = 0; k < 1000; k++) {
    const [left, right] = [`${text(random, 9)} x`, `y ${text(random, 9)}`];
    const from = `${left}one two${right}`;
    const to = `${left}one ${text(random, 6)}1two${right}`;
    const at = left.length;
    const moved = carry(
      [0, left.length, at, at + 3, from.length - right.length, from.length],
      from,
      to,
    );
    assert.equal(to.slice(moved[4], moved[5]), right);
    assert.equal(to.slice(moved[0], moved[1]), left);
    assert.equal(to.slice(moved[2], moved[3]).slice(0, 3), "one");
  }
});

test("a deleted word has an empty span, and a word that is typed on grows", () => {
  assert.deepEqual(carry([0, 3, 4, 7], "one two", "one "), [0, 3, 4, 4]);
  assert.deepEqual(carry([0, 3, 4, 7], "one two", "ones two"), [0, 4, 5, 8]);
  assert.deepEqual(carry([0, 3, 4, 7], "one two", "one, two"), [0, 3, 5, 8]);
  assert.deepEqual(carry([0, 3, 4, 7], "one two", "bone two"), [1, 4, 5, 8]);
  assert.deepEqual(carry([0, 3], "one", "one"), [0, 3]);
});

test("a place lies in the word that it is inside of, before the one that it touches", () => {
  const spans = [0, 3, 3, 5, 7, 7, 8, 10];
  assert.deepEqual(
    [0, 2, 3, 5, 6, 7, 8, 10, 11].map((offset) => spanAt(spans, offset)),
    [0, 0, 1, 1, -1, -1, 3, 3, -1],
  );
  assert.equal(spanAt([], 0), -1);
});
