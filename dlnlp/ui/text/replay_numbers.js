// The numbers of a recorded training: what is drawn of it, and where.

/**
 * What the network said of a text. `words` has a row for each sentence: attention that adds up to 1
 * in it, or signed contributions; `sentences` is sentence attention, where the network has it.
 * @typedef {{probabilities: number[], words: number[][], sentences?: number[], target?: number}} TextPoint
 * @typedef {{step: number, epoch: number, loss: number | null, texts: TextPoint[]}} Point
 */

const sum = (values) => values.reduce((total, value) => total + value, 0);

/** Entropy in bits of shares that add up to about 1. */
export function entropy(shares) {
  const total = sum(shares);
  return -sum(shares.map((share) => (share > 0 ? (share / total) * Math.log2(share / total) : 0)));
}

/**
 * How evenly attention is spread: entropy in bits, and as a share of the most that it can be.
 *
 * Of words it is the mean over sentences, weighted by sentence attention.
 * @param {TextPoint} said
 * @returns {{words: {bits: number, share: number | null}, sentences: {bits: number, share: number | null}}}
 *   share is null where there is nothing to choose from
 */
export function spread({ words, sentences }) {
  const total = sum(sentences);
  const bits = sum(words.map((row, s) => sentences[s] * entropy(row))) / total;
  const most = sum(words.map((row, s) => sentences[s] * Math.log2(row.length))) / total;
  const between = entropy(sentences);
  const mostBetween = Math.log2(sentences.length);
  return {
    words: { bits, share: most > 0 ? bits / most : null },
    sentences: { bits: between, share: mostBetween > 0 ? between / mostBetween : null },
  };
}

/** What all words together say for the target, and against it; both 0 or more. */
export function sides({ words }) {
  const all = words.flat();
  return {
    for: sum(all.filter((value) => value > 0)),
    against: -sum(all.filter((value) => value < 0)),
  };
}

/**
 * The largest number of a word by size, over all points: one scale for all of them. Attention of
 * the only word of a sentence cannot be anything but 1, and counts only where there is no other.
 */
export function largest(points, text) {
  const size = (rows) => Math.max(0, ...rows.flat().map(Math.abs));
  const all = points.map(({ texts }) => texts[text]);
  const free = ({ words, sentences }) => words.filter((row) => !sentences || row.length > 1);
  return (
    Math.max(...all.map((said) => size(free(said)))) ||
    Math.max(...all.map((said) => size(said.words)))
  );
}

/** The largest sentence attention over all points; 0 where there is none. */
export function largestSentence(points, text) {
  return Math.max(0, ...points.flatMap(({ texts }) => texts[text].sentences ?? []));
}

/** The word that changes most between two points, by its place in the text. */
export function mostChanged(before, after) {
  const earlier = before.words.flat();
  const changes = after.words.flat().map((value, place) => Math.abs(value - earlier[place]));
  return changes.reduce((best, change, place) => (change > changes[best] ? place : best), 0);
}

/** Where a step stands on the axis, 0 to 1: early steps get more room. */
export function along(step, last) {
  return last > 0 ? Math.log1p(step) / Math.log1p(last) : 0;
}

/** The point that stands nearest to a place of the axis. */
export function nearest(points, place) {
  const last = points[points.length - 1].step;
  const far = points.map((point) => Math.abs(along(point.step, last) - place));
  return far.reduce((best, distance, index) => (distance < far[best] ? index : best), 0);
}

/** Steps to write under the axis. */
export function ticks(last) {
  const powers = [0, 1, 10, 100, 1000, 10000, 100000, 1000000].filter((step) => step <= last);
  return powers.length > 4 ? powers.filter((step) => step !== 1) : powers;
}

/** The classes by their probability, the likeliest first. */
export function ranked(probabilities) {
  return probabilities
    .map((probability, place) => ({ probability, place }))
    .sort((a, b) => b.probability - a.probability || a.place - b.place);
}

/**
 * Where a point is, in words.
 * @param {number} step
 * @param {number | undefined} last step of the training; while it runs nobody knows it
 */
export function whereInTraining(step, last) {
  const end = last === undefined ? "" : ` of ${last.toLocaleString("en")}`;
  return `Step ${step.toLocaleString("en")}${end}`;
}
