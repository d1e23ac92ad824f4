import { strongestWord } from "./flow_model.js";
import { logistic, total } from "./flow_numbers.js";

// Where everything stands, in pixels. Pure functions: the width of a text is measured by the caller.

export const SIZES = { text: 15, row: 13, small: 12, line: 20, top: 74 };
const FEW_LINES = 20; // a longer text folds the lines that no river leaves
const LEAST = 0.8; // of a river

/** Positions across, for a column of so many pixels. */
export function columns(width) {
  const all = Math.round(Math.max(280, Math.min(width, 1400)));
  if (all < 600) return { kind: "narrow", width: all, text: [10, all - 92], sink: all - 8 };
  const wide = all >= 960;
  const first = Math.round(all * (wide ? 0.325 : 0.33));
  const second = Math.round(all * (wide ? 0.458 : 0.44));
  const [middle, last] = [first + 4, first + second + 8];
  const at = (share) => Math.round(middle + second * share);
  const of = (share) => Math.round(last + (all - last) * share);
  const sum = {
    for: of(0.1),
    against: of(0.27),
    bar: wide ? 22 : 16,
    low: of(wide ? 0.5 : 0.47),
    high: of(0.9),
  };
  return {
    kind: wide ? "wide" : "middle",
    width: all,
    bands: [
      [0, first],
      [middle, second],
      [last, all - last],
    ],
    text: [wide ? 16 : 12, first - 18],
    in: middle + 14,
    gram: middle + 24,
    room: Math.round(second * (wide ? 0.26 : 0.4)),
    number: wide ? at(0.36) : 0,
    map: at(wide ? 0.375 : 0.5),
    mapWidth: Math.round(second * (wide ? 0.28 : 0.28)),
    value: wide ? at(0.72) : 0,
    weight: wide ? at(0.815) : 0,
    adds: at(wide ? 0.91 : 0.93),
    out: at(wide ? 0.925 : 0.95),
    ...sum,
  };
}

/**
 * Break words into lines.
 * @param {import("./flow_model.js").Word[]} words
 * @param {(text: string) => number} measure
 * @returns {{words: {token: number, x: number, width: number, text: string, tail: string}[]}[]}
 */
export function wrap(words, measure, [left, right]) {
  const lines = [];
  const space = measure(" ");
  let x = left;
  let last = null;
  for (const word of words) {
    const tail = word.after.trimEnd();
    let text = word.text;
    while (text.length > 2 && measure(text) > right - left) text = `${text.slice(0, -2)}…`;
    const [width, tailWidth] = [measure(text), measure(tail)];
    const gap = last !== null && word.token !== last + 1; // words are left out between them
    if (!lines.length || gap || (x > left && x + width + tailWidth > right)) {
      lines.push({ words: [], gap: gap ? word.token - last - 1 : 0 });
      x = left;
    }
    lines.at(-1).words.push({ token: word.token, x, width, text, tail });
    x += width + tailWidth + (/\s$/.test(word.after) ? space : 0);
    last = word.token;
  }
  return lines;
}

/**
 * Texts beside each other in so many pixels: set smaller first, then the longest is cut.
 * @param {string[]} texts
 * @param {number} room
 * @param {(text: string) => number} measure
 */
export function fitTexts(texts, room, measure) {
  const fitted = [...texts];
  const gaps = 5 * (texts.length - 1);
  const whole = () => total(fitted.map(measure));
  while (whole() * 0.85 + gaps > room) {
    const longest = fitted.reduce((a, text, n) => (measure(text) > measure(fitted[a]) ? n : a), 0);
    if (fitted[longest].length < 3) break;
    fitted[longest] = `${fitted[longest].replace(/…$/, "").slice(0, -1)}…`;
  }
  return { texts: fitted, shrunk: Math.min(1, (room - gaps) / Math.max(whole(), 1)) };
}

/** Pixels of one unit of the logit: so that the rivers, and the axis of the sum, fit. */
export function scaleOf(model, kind) {
  const all = Math.max(model.up - model.down, 1e-6);
  if (kind === "narrow") return Math.min(7.2, 76 / all);
  return Math.min(22, 310 / all, 270 / Math.max(6, model.up + 1));
}

export const thickness = (scale, value) => Math.max(LEAST, scale * Math.abs(value));
export const heightOf = (scale, parts) => total(parts.map((part) => thickness(scale, part)));

/** The line that holds most of what is added at a place: its rivers leave there. */
function lineOf(place, lineOfToken) {
  const held = new Map();
  for (const filter of [...place.named, ...place.others]) {
    const token = Math.min(Math.max(strongestWord(filter), place.start), place.stop - 1);
    const line = lineOfToken.get(token) ?? 0;
    held.set(line, (held.get(line) ?? 0) + Math.abs(filter.adds));
  }
  return [...held].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

/**
 * Rows and lines down the page.
 * @returns {{scale: number, lines: object[], rows: object[], boxes: Map, places: object[],
 *   height: number}}
 *   lines: with y (the middle), rivers (rows that leave there) and folded (words that are not
 *   drawn); rows: with y, height and line; boxes: of each word; places: with their top and bottom.
 */
export function arrange(model, lines, at) {
  const scale = scaleOf(model, at.kind);
  const lineOfToken = new Map();
  lines.forEach((line, n) => line.words.forEach((word) => lineOfToken.set(word.token, n)));
  const places = model.places.map((place) => ({ line: lineOf(place, lineOfToken) }));
  const order = places.map((_, p) => p);
  order.sort((a, b) => places[a].line - places[b].line || a - b);

  let y = SIZES.top;
  const rows = [];
  const stack = (list, gap) => {
    for (const row of list) {
      const height = Math.max(17, heightOf(scale, row.parts) + 3);
      rows.push({
        ...row,
        y: y + height / 2,
        height,
        line: row.place === null ? null : places[row.place].line,
      });
      y += height;
    }
    y += gap;
  };
  for (const p of order) {
    places[p].top = y;
    stack(
      model.rows.filter((row) => row.place === p),
      0,
    );
    places[p].bottom = y;
    y += 7;
  }
  stack(
    model.rows.filter((row) => row.place === null),
    8,
  );

  const drawn = [];
  let fold = null; // a row of dots in place of lines
  lines.forEach((line, n) => {
    const rivers = rows.filter((row) => row.line === n);
    const folds = lines.length > FEW_LINES && n > 0 && !rivers.length;
    if (folds || line.gap) {
      if (!fold) drawn.push((fold = { words: [], rivers: [], folded: 0, height: 17 }));
      fold.folded += line.gap + (folds ? line.words.length : 0);
    }
    if (folds) return;
    fold = null;
    const water = rivers.length ? 5 + total(rivers.map((row) => heightOf(scale, row.parts))) : 3;
    drawn.push({ ...line, rivers, folded: 0, height: SIZES.line + water });
  });
  const missing = model.data.many_words - 1 - (model.words.at(-1)?.token ?? -1); // at the end
  if (missing > 0) {
    if (!fold) drawn.push((fold = { words: [], rivers: [], folded: 0, height: 17 }));
    fold.folded += missing;
  }
  const textHeight = total(drawn.map((line) => line.height));
  const height = Math.max(at.kind === "narrow" ? 0 : 440, y, SIZES.top + textHeight + 10);
  const room = height - 14 - SIZES.top - textHeight;
  const slack = at.kind === "narrow" ? 0 : Math.min(10, Math.max(0, room / drawn.length));
  const boxes = new Map();
  let top = SIZES.top + slack / 2;
  for (const line of drawn) {
    line.y = top + (line.folded ? 6 : SIZES.line / 2);
    for (const word of line.words) boxes.set(word.token, { ...word, y: line.y });
    top += line.height + slack;
  }
  return { scale, lines: drawn, rows, boxes, places, height, textBottom: top };
}

/**
 * The two stacks on the axis of the logit: what speaks for the class rises from 0, what speaks
 * against it hangs down from there, and ends at the logit.
 * @returns {{layers: {id: string, kind: string, part: number, top: number, height: number}[],
 *   y: (logit: number) => number, low: number, high: number}}
 */
export function stacks(model, { scale, rows, height }) {
  const { logit, offset } = model.data;
  const low = Math.min(-5, offset - 4, logit - 1);
  const high = Math.max(5, offset + 4, model.up + 0.6, logit + 1);
  const room = height - 150 - (high - low) * scale;
  const zero = 104 + high * scale + Math.max(0, room / 2);
  const y = (value) => zero - value * scale;
  let [rising, hanging] = [y(model.up), y(model.up)];
  const layers = rows.flatMap((row) =>
    row.parts.map((part) => {
      const layer = { id: row.id, kind: row.kind, part, height: scale * Math.abs(part) };
      layer.top = part > 0 ? rising : hanging;
      if (part > 0) rising += layer.height;
      else hanging += layer.height;
      return layer;
    }),
  );
  return { layers, y, low, high, zero: rising, end: hanging };
}

/** The curve of the probability over the logit, as a path. */
export function curve(low, high, offset, x, y) {
  const steps = 90;
  return Array.from({ length: steps + 1 }, (_, n) => low + ((high - low) * n) / steps)
    .map(
      (logit, n) =>
        `${n ? "L" : "M"}${x(logistic(logit - offset)).toFixed(1)},${y(logit).toFixed(1)}`,
    )
    .join("");
}

/** A ribbon from one height to another. */
export function ribbon(x0, y0, x1, y1, thick) {
  const middle = (x0 + x1) / 2;
  return `M${x0},${y0}C${middle},${y0} ${middle},${y1} ${x1},${y1}V${y1 + thick}C${middle},${y1 + thick} ${middle},${y0 + thick} ${x0},${y0 + thick}Z`;
}
