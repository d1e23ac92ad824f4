// Shapes of the diagram: pure functions of sizes and shares.

/**
 * @typedef {{middle: number, height: number}} Row
 */

/**
 * Rows for things of some weight between two heights. Where not all can be legible, the heaviest
 * are, and the others become slivers.
 * @param {number[]} weights
 * @param {number} top
 * @param {number} bottom
 * @param {number} most height of a row at most
 * @param {number} legible height of a row that can be read
 * @returns {Row[]}
 */
export function spread(weights, top, bottom, most, legible) {
  const room = bottom - top;
  const even = Math.min(most, room / weights.length);
  let heights = weights.map(() => even);
  if (even < legible) {
    const thin = Math.min(0.45 * even, legible * 0.38);
    const many = Math.max(1, Math.floor((room - thin * weights.length) / (legible - thin)));
    const heaviest = new Set(
      [...weights.keys()].sort((a, b) => weights[b] - weights[a]).slice(0, many),
    );
    heights = weights.map((_, place) => (heaviest.has(place) ? legible : thin));
  }
  const total = heights.reduce((sum, height) => sum + height, 0);
  const shrink = Math.min(1, room / total);
  let y = top + Math.max(0, (room - total * shrink) / 2);
  return heights.map((height) => {
    y += height * shrink;
    return { middle: y - (height * shrink) / 2, height: height * shrink };
  });
}

/**
 * The shape of each step's writing in the memory of a GRU. A layer enters from the left at its own
 * row; what enters later squeezes it. At a row the layers fill the width, each its share.
 * @param {Float64Array} shares rows of n: at each step, the share of each step
 * @param {Row[]} rows n
 * @param {number} x
 * @param {number} width
 * @param {boolean} backward whether the last row comes first
 * @returns {string[]} a path for each step
 */
export function layers(shares, rows, x, width, backward) {
  const n = rows.length;
  const order = [...rows.keys()];
  if (backward) order.reverse();
  const way = backward ? -1 : 1;
  // Left and right side of each layer at each step; the newest lies left.
  const sides = order.map(() => new Map());
  order.forEach((step, time) => {
    let at = 0;
    for (let earlier = time; earlier >= 0; earlier--) {
      const share = shares[step * n + order[earlier]];
      sides[time].set(order[earlier], [x + width * at, x + width * (at + share)]);
      at += share;
    }
  });
  const paths = Array(n);
  order.forEach((layer, time) => {
    const times = order.slice(time).map((step, later) => [step, sides[time + later].get(layer)]);
    const left = times.map(([step, [side]]) => [side, rows[step].middle]);
    const right = times.map(([step, [, side]]) => [side, rows[step].middle]);
    const enters = left[0][1] - (way * rows[layer].height) / 2;
    const ends = left[left.length - 1][1] + (way * rows[times[times.length - 1][0]].height) / 2;
    const back = [...right].reverse();
    const opens = time
      ? `C${right[0][0]},${right[0][1] - way * rows[layer].height * 0.3} ` +
        `${x},${enters + way * rows[layer].height * 0.2} ${x},${enters}Z`
      : `L${right[0][0]},${enters}Z`;
    paths[layer] =
      `M${x},${enters}L${left[0]}${curve(left)}L${left[left.length - 1][0]},${ends}` +
      `L${back[0][0]},${ends}L${back[0]}${curve(back)}${opens}`;
  });
  return paths;
}

function curve(points) {
  return points
    .slice(1)
    .map((point, place) => {
      const before = points[place];
      const half = (before[1] + point[1]) / 2;
      return `C${before[0]},${half} ${point[0]},${half} ${point[0]},${point[1]}`;
    })
    .join("");
}

/** A link of some thickness from one point to another. */
export function ribbon(x0, y0, x1, y1, thickness) {
  const middle = (x0 + x1) / 2;
  const half = Math.max(thickness, 0.7) / 2;
  return (
    `M${x0},${y0 - half}C${middle},${y0 - half} ${middle},${y1 - half} ${x1},${y1 - half}` +
    `L${x1},${y1 + half}C${middle},${y1 + half} ${middle},${y0 + half} ${x0},${y0 + half}Z`
  );
}

/**
 * Middles of links that stack up to a whole.
 * @param {number[]} shares of 1
 * @param {number} start
 * @param {number} size of the whole
 */
export function stacked(shares, start, size) {
  let at = start;
  return shares.map((share) => {
    at += share * size;
    return at - (share * size) / 2;
  });
}

/**
 * A vector as bars up and down from a line; of numbers that fall on one bar the largest counts.
 * @param {ArrayLike<number>} values
 * @param {number} x
 * @param {number} middle height of the line
 * @param {number} width
 * @param {number} height of both sides
 * @param {number} scale the number that fills half the height
 */
export function bars(values, x, middle, width, height, scale) {
  const count = Math.min(values.length, Math.max(1, Math.floor(width / 2)));
  let path = "";
  for (let bar = 0; bar < count; bar++) {
    const from = Math.floor((bar * values.length) / count);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * values.length) / count));
    let value = values[from];
    for (let place = from; place < to; place++)
      if (Math.abs(values[place]) > Math.abs(value)) value = values[place];
    const size = (Math.max(-1, Math.min(1, value / scale)) * height) / 2;
    path += `M${round(x + ((bar + 0.5) * width) / count)},${round(middle)}v${round(-size || -0.3)}`;
  }
  return path;
}

export const round = (value) => Math.round(value * 10) / 10;

/** The largest size of some numbers; 1 where all are 0. */
export function largestSize(values) {
  let top = 0;
  for (const value of values) top = Math.max(top, Math.abs(value));
  return top || 1;
}

/**
 * What a pointed thing is connected with: numbers of words and sentences; null: all of them.
 * @param {{kind: "word" | "sentence" | "class", index: number}} what
 * @param {number} opened
 */
export function connected(what, opened) {
  if (what.kind === "word") return { words: [what.index], sentences: [opened], classes: null };
  if (what.kind === "sentence")
    return {
      words: what.index === opened ? null : [],
      sentences: [what.index],
      classes: null,
    };
  return { words: null, sentences: null, classes: [what.index] };
}

/**
 * The word or sentence of the diagram that a pointed word or sentence of the text is.
 * @param {{token?: number, sentence?: number} | null} pointed
 * @param {{first_token: number, words: number}[]} sentences
 * @param {number} opened
 */
export function placeOf(pointed, sentences, opened) {
  if (!pointed) return null;
  if (pointed.token === undefined) {
    const known = pointed.sentence >= 0 && pointed.sentence < sentences.length;
    return known ? { kind: "sentence", index: pointed.sentence } : null;
  }
  const index = sentences.findIndex(
    (each) => pointed.token >= each.first_token && pointed.token < each.first_token + each.words,
  );
  if (index < 0) return null;
  if (index !== opened) return { kind: "sentence", index };
  return { kind: "word", index: pointed.token - sentences[index].first_token };
}
