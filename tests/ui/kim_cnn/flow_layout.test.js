import assert from "node:assert/strict";
import { test } from "node:test";

import {
  arrange,
  columns,
  curve,
  fitTexts,
  heightOf,
  stacks,
  wrap,
} from "../../../dlnlp/ui/kim_cnn/flow_layout.js";
import { buildModel } from "../../../dlnlp/ui/kim_cnn/flow_model.js";
import { DATA } from "./flow_example.js";

const measure = (text) => 8 * text.length;
const near = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-6, `${found}`);

/** Many words in a row, of which every filter sees the first. */
function longText(many, gap = null) {
  const fill = (value) => Array(many).fill(value);
  const words = Object.fromEntries(Object.keys(DATA.words).map((name) => [name, fill(0)]));
  words.number = fill(0).map((_, n) => (gap !== null && n >= gap ? n + 100 : n));
  words.text = fill("word");
  words.after = fill(" ");
  words.next = fill([]);
  return buildModel({ ...DATA, words, many_words: words.number.at(-1) + 1 });
}

test("bands lie side by side within the width, at every width", () => {
  for (const width of [320, 390, 600, 790, 959, 960, 1240, 1400, 3000]) {
    const at = columns(width);
    assert.ok(at.width <= Math.max(280, width) && at.width <= 1400);
    assert.ok(at.text[1] - at.text[0] > 150, `${width}: room for the text`);
    if (at.kind === "narrow") {
      assert.ok(width < 600 && at.sink <= at.width);
      continue;
    }
    let end = 0;
    for (const [start, wide] of at.bands) {
      assert.ok(start >= end);
      end = start + wide;
    }
    assert.equal(end, at.width);
    const across = [at.in, at.gram, at.map, at.adds, at.out, at.for, at.against, at.low, at.high];
    assert.deepEqual(
      [...across].sort((a, b) => a - b),
      across,
    );
    assert.ok(at.map + at.mapWidth <= (at.value || at.adds) - 20);
    assert.ok(at.high < at.width);
  }
});

test("lines hold all words in order and stay in their column", () => {
  const model = buildModel(DATA);
  const lines = wrap(model.words, measure, [10, 100]);
  const flat = lines.flatMap((line) => line.words);
  assert.deepEqual(
    flat.map((word) => word.token),
    [0, 1, 2, 3, 4, 5],
  );
  assert.ok(lines.length > 1);
  for (const word of flat) assert.ok(word.x >= 10 && word.x + word.width <= 100);
  assert.equal(lines[0].words[1].tail, ".");
});

test("a word longer than the column is cut", () => {
  const [word] = buildModel(DATA).words;
  const [line] = wrap([{ ...word, text: "x".repeat(500) }], measure, [0, 80]);
  assert.ok(line.words[0].text.endsWith("…") && measure(line.words[0].text) <= 80);
});

test("left-out words are counted where they are missing", () => {
  const model = longText(10, 5);
  const lines = wrap(model.words, measure, [0, 400]);
  assert.equal(lines.length, 2);
  assert.equal(lines[1].gap, 100);
  const plan = arrange(model, lines, columns(1240));
  assert.deepEqual(
    plan.lines.map((line) => line.folded),
    [0, 100, 0],
  );
});

test("words that are left out at the end are counted, too", () => {
  const model = buildModel({ ...DATA, many_words: 50 });
  const plan = arrange(model, wrap(model.words, measure, [0, 400]), columns(1240));
  assert.equal(plan.lines.at(-1).folded, 44);
});

test("in a long text lines without rivers fold, and no word is lost", () => {
  const model = longText(400);
  const lines = wrap(model.words, measure, [0, 300]);
  const plan = arrange(model, lines, columns(1240));
  const seen = plan.lines.map((line) => line.folded + line.words.length);
  assert.equal(
    seen.reduce((a, b) => a + b, 0),
    400,
  );
  assert.ok(plan.lines.length < 5 && plan.height < 700);
});

test("rows and lines do not overlap, and rivers have room", () => {
  const model = buildModel(DATA);
  for (const width of [390, 790, 1240]) {
    const at = columns(width);
    const plan = arrange(model, wrap(model.words, measure, at.text), at);
    let end = 0;
    for (const row of plan.rows) {
      assert.ok(row.y - row.height / 2 >= end - 1e-9);
      assert.ok(heightOf(plan.scale, row.parts) <= row.height);
      end = row.y + row.height / 2;
    }
    assert.ok(end <= plan.height);
    assert.equal(plan.boxes.size, 6);
    for (const { rivers } of plan.lines) for (const row of rivers) assert.ok(row.place !== null);
    assert.equal(plan.lines.flatMap((line) => line.rivers).length, 4);
  }
});

test("the stacks rise from 0, hang down from there, and end at the logit", () => {
  const model = buildModel(DATA);
  const at = columns(1240);
  const plan = arrange(model, wrap(model.words, measure, at.text), at);
  const sum = stacks(model, plan);
  near(sum.zero, sum.y(0));
  near(sum.end, sum.y(model.up + model.down));
  assert.ok(sum.y(sum.high) > 60 && sum.y(sum.low) < plan.height);
  const shifted = stacks(buildModel({ ...DATA, offset: 7 }), plan);
  assert.ok(shifted.high >= 11);
});

test("the curve is the probability of the class, one half at the offset", () => {
  const path = curve(
    -4,
    4,
    0,
    (share) => 100 * share,
    (logit) => logit,
  );
  const points = [...path.matchAll(/[ML]([\d.]+),(-?[\d.]+)/g)].map((each) =>
    each.slice(1).map(Number),
  );
  near(points[45][0], 50);
  assert.ok(points[0][0] < 2 && points.at(-1)[0] > 98);
});

test("texts beside each other are set smaller, then cut", () => {
  assert.deepEqual(fitTexts(["a", "b"], 100, measure), { texts: ["a", "b"], shrunk: 1 });
  const smaller = fitTexts(["abcdef", "ab"], 64, measure);
  assert.deepEqual(smaller.texts, ["abcdef", "ab"]);
  assert.ok(smaller.shrunk < 1 && smaller.shrunk >= 0.85);
  const cut = fitTexts(["abcdefghijklmnopqrstuvwxyz", "ab"], 64, measure);
  assert.equal(cut.texts[1], "ab");
  assert.ok(cut.texts[0].endsWith("…") && cut.shrunk >= 0.8);
});
