// Where the parts of the diagram stand: columns and rows for three widths.
import { spread } from "./flow_shapes.js";

/** @typedef {"wide" | "middle" | "narrow"} Mode */

/** @returns {Mode} */
export const modeOf = (width) => (width >= 1000 ? "wide" : width >= 600 ? "middle" : "narrow");

const between = (width, low, high) => Math.max(0, Math.min(1.5, (width - low) / (high - low)));

/**
 * Columns and rows of the three parts: words of the opened sentence, sentences, classes.
 * @param {number} width
 * @param {number[]} words attention of the opened sentence's words
 * @param {number[]} sentences attention of the sentences
 * @param {number} opened
 * @param {number} classes
 */
export function geometry(width, words, sentences, opened, classes) {
  const mode = modeOf(width);
  const ranked = sentences.map((share, place) => share + (place === opened ? 1 : 0));
  if (mode === "narrow") return narrow(width, words, sentences, opened, classes);
  const grown = words.length > 20 || sentences.length > 9;
  const top = mode === "wide" ? 62 : 44;
  const bottom = top + (grown ? 520 : mode === "wide" ? 372 : 420);
  const made = mode === "wide" ? wide(width, top, bottom) : middle(width, bottom);
  return {
    mode,
    width,
    top,
    bottom,
    wordRows: spread(words, top, bottom, 32, 15),
    sentenceRows: spread(ranked, top, bottom, mode === "wide" ? 60 : 56, mode === "wide" ? 25 : 29),
    ...made,
  };
}

function wide(width, top, bottom) {
  const grow = between(width, 1000, 1240);
  const size = (least, most) => least + (most - least) * grow;
  let at = 0;
  const next = (room) => (at += room) - room;
  const band1 = at;
  next(8);
  const label = { x: next(size(86, 106)), width: size(82, 102) };
  next(8);
  const embedding = { x: next(size(56, 62)), width: size(56, 62) };
  next(14);
  const forward = { x: next(size(46, 62)), width: size(46, 62) };
  next(8);
  const backward = { x: next(size(46, 62)), width: size(46, 62) };
  next(10);
  const attention = { x: next(size(30, 46)), width: size(30, 46) };
  next(46);
  const links = { x: at, to: at + size(40, 64) };
  const band1End = at + size(30, 50);
  at = links.to + 8;
  const band2 = band1End + 4;
  const vector = { x: next(size(120, 164)), width: size(120, 164) };
  next(size(14, 22));
  const rowForward = { x: next(size(44, 58)), width: size(44, 58) };
  next(8);
  const rowBackward = { x: next(size(44, 58)), width: size(44, 58) };
  next(10);
  const rowAttention = { x: next(size(30, 46)), width: size(30, 46) };
  next(46);
  const adds = { x: next(size(50, 58)), width: size(50, 58) };
  const rowLinks = { x: at + 2, to: at + size(26, 40) };
  const band2End = at + size(14, 24);
  at = rowLinks.to;
  const document = { x: at, width: 14 };
  at += 14 + size(34, 44);
  const answer = { x: at, width: width - at - 2, top, bottom };
  return {
    height: bottom + 8,
    bands: [
      { x: band1, y: 0, width: band1End - band1, height: bottom + 8 },
      { x: band2, y: 0, width: band2End - band2, height: bottom + 8 },
      { x: band2End + 4, y: 0, width: width - band2End - 4, height: bottom + 8 },
    ],
    words: { label, embedding, forward, backward, attention, links },
    sentences: {
      vector,
      forward: rowForward,
      backward: rowBackward,
      attention: rowAttention,
      adds,
      links: rowLinks,
    },
    document,
    answer,
  };
}

function middle(width, bottom) {
  const half = Math.round(width * 0.47);
  const stream = Math.round(width * 0.075);
  const label = { x: 8, width: Math.round(width * 0.13) };
  const forward = { x: label.x + label.width + 8, width: stream };
  const backward = { x: forward.x + stream + 8, width: stream };
  const attention = { x: backward.x + stream + 10, width: Math.round(width * 0.05) };
  const rowForward = { x: half + 10, width: Math.round(stream * 0.6) };
  const rowBackward = { x: rowForward.x + rowForward.width + 5, width: rowForward.width };
  const text = rowBackward.x + rowBackward.width + 12;
  const top = bottom + 12;
  return {
    height: top + 92,
    bands: [
      { x: 0, y: 0, width: half - 2, height: bottom + 8 },
      { x: half + 2, y: 0, width: width - half - 2, height: bottom + 8 },
      { x: 0, y: top, width, height: 92 },
    ],
    words: {
      label,
      forward,
      backward,
      attention,
      links: { x: attention.x + attention.width + 46, to: rowForward.x - 2 },
    },
    sentences: {
      vector: { x: text, width: width - text - 64 },
      forward: rowForward,
      backward: rowBackward,
      adds: { x: width - 62, width: 54 },
    },
    answer: { x: 0, width, top, bottom: top + 92 },
  };
}

function narrow(width, words, sentences, opened, classes) {
  const answer = { x: 0, width, top: 26, bottom: 26 + 27 * classes };
  const top = answer.bottom + 44;
  const [plain, head, line] = [50, 50, 29];
  const inside = head + 22 + line * words.length + 10;
  let y = top;
  const sentenceRows = sentences.map((_, place) => {
    const height = place === opened ? inside : plain;
    y += height;
    return { middle: y - height / 2, height };
  });
  const first = sentenceRows[opened].middle - inside / 2 + head + 22;
  const forward = { x: 8, width: 22 };
  const backward = { x: 34, width: 22 };
  const text = 66;
  const label = { x: text + 8, width: Math.round(width * 0.24) };
  const stream = Math.round((width - label.x - label.width) * 0.24);
  const wordForward = { x: label.x + label.width + 8, width: stream };
  const wordBackward = { x: wordForward.x + stream + 6, width: stream };
  const attention = {
    x: wordBackward.x + stream + 8,
    width: width - wordBackward.x - stream - 8 - 56,
  };
  return {
    mode: "narrow",
    width,
    top,
    bottom: y,
    height: y + 8,
    bands: [
      { x: 0, y: 0, width, height: answer.bottom + 6 },
      { x: 0, y: answer.bottom + 12, width, height: y - answer.bottom - 4 },
    ],
    inner: { x: text, y: first - 24, width: width - text - 6, height: inside - head + 2 },
    wordRows: words.map((_, place) => ({ middle: first + line * (place + 0.5), height: line })),
    sentenceRows,
    words: { label, forward: wordForward, backward: wordBackward, attention },
    sentences: {
      vector: { x: text, width: width - text - 62 },
      forward,
      backward,
      adds: { x: width - 60, width: 54 },
    },
    answer,
  };
}
