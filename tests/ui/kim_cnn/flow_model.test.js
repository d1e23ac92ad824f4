import assert from "node:assert/strict";
import { test } from "node:test";

import {
  bestWindows,
  bothNumbers,
  bySentence,
  buildModel,
  gram,
  partOf,
  partsOf,
  strongestWord,
  throughRow,
  wordsOfSentence,
} from "../../../dlnlp/ui/kim_cnn/flow_model.js";
import { bars, term } from "../../../dlnlp/ui/kim_cnn/flow_terms.js";
import { DATA } from "./flow_example.js";

const near = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-9, `${found}`);

test("what filters add and the bias make up the logit, whatever the rows", () => {
  const model = buildModel({ ...DATA, bias: 0.1 });
  near(model.up + model.down, -0.4 + 0.1);
  near(model.up, 0.2 + 0.2 + 0.05 + 0.1);
  assert.deepEqual(
    model.rows.map((row) => row.id),
    ["f3", "p0", "f6", "p1", "bias"],
  );
  near(model.places[1].adds, -0.25 + 0.2 + 0.05);
});

test("a word's parts go through the filters whose window holds it", () => {
  const model = buildModel(DATA);
  near(partOf(model.byNumber.get(3), 1), 1.5 * -0.3);
  assert.equal(partOf(model.byNumber.get(3), 2), 0);
  near(throughRow(model.rows[3], 4), 0.5 * 0.2 + 0.2 * 0.1);
  assert.equal(strongestWord(model.byNumber.get(3)), 1);
});

test("a sentence has its words, and one that was not read has none", () => {
  const tokens = (number) => wordsOfSentence(buildModel(DATA), number).map((word) => word.token);
  assert.deepEqual([0, 1, 2].map(tokens), [[0, 1], [2, 3, 4, 5], []]);
});

test("filters are summed by the sentence of their strongest word", () => {
  const model = buildModel(DATA);
  const sums = bySentence(model, model.filters);
  assert.deepEqual(
    sums.map((sum) => [sum.sentence, sum.filters]),
    [
      [0, 2],
      [1, 3],
    ],
  );
  near(sums[0].adds, -0.4);
  near(sums[1].adds, 0);
});

test("for and against stay apart, and nothing is left out", () => {
  assert.deepEqual(partsOf([{ adds: 0.5 }, { adds: -0.25 }, { adds: 0.25 }]), [0.75, -0.25]);
  assert.deepEqual(partsOf([{ adds: 0 }]), []);
});

test("an n-gram is written as in the text", () => {
  const model = buildModel(DATA);
  assert.equal(gram(model, 0, 3), "not bad. Not");
  assert.equal(gram(model, 4, 9), "dull minute");
  assert.equal(gram(model, 90, 92), "");
});

test("the next best windows share no word with better ones", () => {
  const map = [
    [0, 1],
    [1, 3],
    [2, 2.5],
    [3, 2],
    [9, 0.5],
  ];
  assert.deepEqual(bestWindows(map, 2, 9), [
    { start: 1, value: 3 },
    { start: 3, value: 2 },
    { start: 9, value: 0.5 },
  ]);
  assert.equal(bestWindows(map, 1, 2).length, 2);
  assert.deepEqual(bestWindows([], 3, 4), []);
});

test("one sentence says both numbers and why they differ", () => {
  const [not, bad, , a] = buildModel(DATA).words;
  assert.equal(
    bothNumbers(bad, false),
    "“bad” adds −0.70; without it, −0.50 is lost: the rest of its windows goes too (+0.30), and " +
      "their filters take their next best windows (+0.10).",
  );
  assert.match(bothNumbers(not, false), /adds \+0\.40; without it, \+1\.20 is lost: the rest/);
  assert.match(bothNumbers(a, false), /both agree\.$/);
  assert.match(bothNumbers(bad, true), /as an unknown word, −0\.50/);
});

test("a strip has a bar for each number, up or down", () => {
  assert.equal(bars([1, -0.5]), "M0,11v-11.00h.8V11zM1,11v5.50h.8V11z");
  assert.equal(bars([0]).match(/M/g).length, 1);
});

test("a term says its two numbers and their product", () => {
  const terms = { vectors: [[0.5, -2]], weights: [[0.25, 0.1]] };
  assert.equal(term(terms, 0, 1), "Number 2: −2.000 × 0.100 = −0.2000");
});
