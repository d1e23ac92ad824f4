import assert from "node:assert/strict";
import { test } from "node:test";

import { JSDOM } from "jsdom";

import {
  axisStart,
  drawSlices,
  shortLength,
  sliceLine,
} from "../../../dlnlp/ui/batch/slice_list.js";

const slice = (value, worse = false) => ({
  kind: "domain",
  value,
  rows: "50 rows",
  accuracy: 0.7,
  low: 0.62,
  high: 0.8,
  written: "70.0 %",
  worse,
  spoken: `domain ${value}`,
});

const page = () => {
  const { document } = new JSDOM(
    '<div class="slices"><div class="head"></div><div class="lines"></div><button class="more"></button></div>',
  ).window;
  globalThis.document = document;
  return document.querySelector(".slices");
};

const data = (slices, more = {}) => ({
  overall: 0.8,
  overall_written: "80.0 %",
  chosen: -1,
  subject: "columns",
  more: "Show all 20",
  slices,
  ...more,
});

test("the axis begins at a round tenth below all intervals", () => {
  assert.equal(axisStart([slice("a"), { ...slice("b"), low: 0.34 }]), 0.3);
  assert.equal(axisStart([{ ...slice("a"), low: 0 }]), 0);
  assert.equal(axisStart([{ ...slice("a"), low: 0.3 }]), 0.3);
});

test("all that are worse are shown, and the chosen one", () => {
  const many = Array.from({ length: 30 }, (_, n) => slice(String(n), n < 15));
  assert.equal(shortLength(many, -1), 15);
  assert.equal(shortLength(many, 20), 21);
  assert.equal(shortLength(many.slice(0, 5), -1), 5);
});

test("text of a visitor stays text, and a line is a button that is read out", () => {
  page();
  const line = sliceLine(slice("<img src=x onerror=alert(1)>", true), 0.8, 0.6);
  assert.equal(line.querySelector("img"), null);
  assert.equal(line.querySelector(".value").textContent, "<img src=x onerror=alert(1)>");
  assert.equal(line.tagName, "BUTTON");
  assert.ok(line.getAttribute("aria-label").startsWith("domain <img"));
  assert.equal(line.querySelector(".dot").getAttribute("cx"), "25.00%");
});

test("a click picks, and the rest is shown when asked for", () => {
  const root = page();
  const picked = [];
  const many = Array.from({ length: 20 }, (_, n) => slice(String(n)));
  drawSlices(root, data(many), (place) => picked.push(place));
  const lines = () => root.querySelectorAll(".lines .line");
  assert.equal(lines().length, 12);
  lines()[3].click();
  assert.deepEqual(picked, [3]);
  root.querySelector(".more").click();
  assert.equal(lines().length, 20);
  assert.equal(root.querySelector(".more").hidden, true);
  drawSlices(root, data(many, { chosen: 3 }), () => {});
  assert.equal(lines().length, 20, "stays open");
  assert.equal(lines()[3].getAttribute("aria-pressed"), "true");
  drawSlices(root, data(many, { subject: "words" }), () => {});
  assert.equal(lines().length, 12, "another list begins short");
});
