import { total } from "./flow_numbers.js";
import { hue, signed } from "../shell/number_format.js";

// One text taken apart, as objects that know each other. Nothing here knows the screen.

/**
 * @typedef {{token: number, text: string, after: string, known: boolean, share: number,
 *   lost: number, neighbours: number, biases: number, fallback: number, met: number,
 *   probability: number, next: {start: number, stop: number, filters: number, adds: number}[]}} Word
 * @typedef {{number: number, start: number, stop: number, products: number[], bias: number,
 *   weight: number, value: number, adds: number}} Filter
 * @typedef {{id: string, kind: "filter" | "others" | "elsewhere" | "bias", place: number | null,
 *   filters: Filter[], parts: number[]}} Row
 *   A line of the second band; parts: what its filters add for and against, without zeros.
 * @typedef {{start: number, stop: number, named: Filter[], others: Filter[], adds: number,
 *   lost: number | null, probability: number | null}} Place
 */

/**
 * @param {object} data FlowData of flow_data.py
 */
export function buildModel(data) {
  const words = data.words.number.map((token, n) => ({
    token,
    text: data.words.text[n],
    after: data.words.after[n],
    known: data.words.known[n] === 1,
    share: data.words.share[n],
    lost: data.words.lost[n],
    neighbours: data.words.neighbours[n],
    biases: data.words.biases[n],
    fallback: data.words.fallback[n],
    met: data.words.met[n],
    probability: data.words.probability[n],
    next: data.words.next[n].map(([start, stop, filters, adds]) => ({
      start,
      stop,
      filters,
      adds,
    })),
  }));
  const filters = data.filters.number.map((number, n) => {
    const products = data.filters.products[n];
    const [bias, weight, start] = [
      data.filters.bias[n],
      data.filters.weight[n],
      data.filters.start[n],
    ];
    const value = total(products) + bias;
    const stop = start + products.length;
    return { number, start, stop, products, bias, weight, value, adds: value * weight };
  });
  const byNumber = new Map(filters.map((filter) => [filter.number, filter]));
  const of = (numbers) => numbers.map((number) => byNumber.get(number));
  const places = data.places.map((place) => {
    const [named, others] = [of(place.named), of(place.others)];
    return { ...place, named, others, adds: sumOf([...named, ...others]) };
  });
  const model = {
    data,
    words,
    byToken: new Map(words.map((word) => [word.token, word])),
    filters,
    byNumber,
    places,
    elsewhere: of(data.elsewhere),
    details: new Map(data.details.map((detail) => [detail.number, detail])),
    gross: total(filters.map((filter) => Math.abs(filter.adds))),
  };
  model.rows = rowsOf(model);
  model.up = total(model.rows.flatMap((row) => row.parts.filter((part) => part > 0)));
  model.down = total(model.rows.flatMap((row) => row.parts.filter((part) => part < 0)));
  return model;
}

export const sumOf = (filters) => total(filters.map((filter) => filter.adds));

/** What filters add for, and what they add against; what is nothing is left out. */
export function partsOf(filters) {
  const adds = filters.map((filter) => filter.adds);
  const parts = [total(adds.filter((a) => a > 0)), total(adds.filter((a) => a < 0))];
  return parts.filter((part) => Math.abs(part) > 1e-9);
}

/** @returns {Row[]} */
function rowsOf(model) {
  const rows = [];
  model.places.forEach((place, p) => {
    for (const filter of place.named)
      rows.push({
        id: `f${filter.number}`,
        kind: "filter",
        place: p,
        filters: [filter],
        parts: [filter.adds],
      });
    if (place.others.length)
      rows.push({
        id: `p${p}`,
        kind: "others",
        place: p,
        filters: place.others,
        parts: partsOf(place.others),
      });
  });
  if (model.elsewhere.length)
    rows.push({
      id: "elsewhere",
      kind: "elsewhere",
      place: null,
      filters: model.elsewhere,
      parts: partsOf(model.elsewhere),
    });
  rows.push({ id: "bias", kind: "bias", place: null, filters: [], parts: [model.data.bias] });
  return rows;
}

/** The words of a sentence that are drawn. */
export function wordsOfSentence(model, number) {
  const { sentences, many_words } = model.data;
  const [start, stop] = [sentences[number] ?? many_words, sentences[number + 1] ?? many_words];
  return model.words.filter(({ token }) => token >= start && token < stop);
}

/** Filters by the sentence of the word that moves each most, the largest sum first. */
export function bySentence(model, filters) {
  const sums = new Map();
  for (const filter of filters) {
    const token = strongestWord(filter);
    const number = model.data.sentences.findLastIndex((first) => first <= token);
    const sum = sums.get(number) ?? { sentence: number, filters: 0, adds: 0 };
    sums.set(number, { ...sum, filters: sum.filters + 1, adds: sum.adds + filter.adds });
  }
  return [...sums.values()].sort((a, b) => Math.abs(b.adds) - Math.abs(a.adds));
}

/** What a word adds through a filter. */
export function partOf(filter, token) {
  const place = token - filter.start;
  return place >= 0 && place < filter.products.length ? filter.products[place] * filter.weight : 0;
}

/** What a word adds through the filters of a row. */
export const throughRow = (row, token) => total(row.filters.map((filter) => partOf(filter, token)));

/** The word that moves a filter most. */
export function strongestWord(filter) {
  const sizes = filter.products.map(Math.abs);
  return filter.start + sizes.indexOf(Math.max(...sizes));
}

/** The words from one to another as they stand in the text, on one line. */
export function gram(model, start, stop) {
  let text = "";
  for (let token = start; token < stop; token++) {
    const word = model.byToken.get(token);
    if (!word) continue;
    text += word.text + (token + 1 < stop ? word.after : "");
  }
  return text;
}

/**
 * The best windows of a filter that share no word, the best first.
 * @param {number[][]} map first word and value of the windows above 0
 * @param {number} width
 * @param {number} most
 */
export function bestWindows(map, width, most) {
  const found = [];
  for (const [start, value] of [...map].sort((a, b) => b[1] - a[1] || a[0] - b[0])) {
    if (found.length === most) break;
    if (found.every((other) => Math.abs(other.start - start) >= width))
      found.push({ start, value });
  }
  return found;
}

/** The sentence that says both numbers of a word, and why they differ. */
export function bothNumbers(word, onlyWord) {
  const { share, lost } = word;
  const gone = onlyWord ? "as an unknown word" : "without it";
  const start = `“${word.text}” adds ${signed(share)}; ${gone}, ${signed(lost)} is lost`;
  if (Math.abs(share - lost) < 0.05) return `${start}: both agree.`;
  const reasons = [];
  const held = word.neighbours + word.biases;
  if (Math.abs(held) >= 0.05) reasons.push(`the rest of its windows goes too (${signed(held)})`);
  if (Math.abs(word.fallback) >= 0.05)
    reasons.push(
      `their filters take ${onlyWord ? "what is there instead" : "their next best windows"} (${signed(word.fallback)})`,
    );
  if (Math.abs(word.met) >= 0.05)
    reasons.push(
      `${onlyWord ? "other filters fire" : "its neighbours meet in new windows"} (${signed(word.met)})`,
    );
  if (!reasons.length) return `${start}.`;
  const last = reasons.pop();
  return `${start}: ${reasons.length ? `${reasons.join(", ")}, and ` : ""}${last}.`;
}

export const sideOfRow = (row) => (row.kind === "bias" ? "bias" : hue(total(row.parts)));
