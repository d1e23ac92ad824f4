// A digit's way through the network as numbers, and which of them are shown. No page here.

/**
 * @typedef {object} Layer a convolution; all arrays go map by map
 * @property {string} name
 * @property {number} side of its maps
 * @property {number} count of its maps
 * @property {number} kernel side of its kernels
 * @property {number} stride
 * @property {number} before zeros before the first row and column of its input
 * @property {Float32Array} maps [count][side * side]
 * @property {number[]} places index of each map's strongest pixel
 * @property {Float32Array} parts of that pixel's sum, [count][inputs]
 * @property {Float32Array} effects logits lost without each map, [count][classes]
 * @property {Float32Array} biases [count]
 * @property {{values: Float32Array, side: number, count: number, pooled: boolean}} inputs
 */

/**
 * @typedef {object} View what is explained, and how much is shown
 * @property {number} digit
 * @property {number | null} against null: the logit of `digit` alone
 * @property {number} many maps of a layer
 * @property {"effect" | "activity"} rank
 */

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** Base64 of float32. */
export const floats = (text) => new Float32Array(bytes(text).buffer);

/** Base64 of int16, times a scale. */
export function scaled({ scale, values }) {
  return Float32Array.from(new Int16Array(bytes(values).buffer), (whole) => whole * scale);
}

/** Maps of half the side: the largest of each square of four. */
export function pooled(values, count, side) {
  const half = side / 2,
    found = new Float32Array(count * half * half);
  for (let k = 0; k < found.length; k++) {
    const x = k % half,
      y = Math.floor(k / half) % half,
      at = Math.floor(k / half / half) * side * side + 2 * y * side + 2 * x;
    found[k] = Math.max(values[at], values[at + 1], values[at + side], values[at + side + 1]);
  }
  return found;
}

/** What Python sends, with every array ready to be read. */
export function unpack(data) {
  let inputs = { values: floats(data.image), side: data.side, count: 1, pooled: false };
  const layers = data.layers.map((sent) => {
    const layer = {
      ...sent,
      maps: scaled(sent.maps),
      parts: scaled(sent.parts),
      effects: floats(sent.effects),
      biases: floats(sent.biases),
      inputs,
    };
    const { maps, side, count } = layer;
    inputs = sent.pooled
      ? { values: pooled(maps, count, side), side: side / 2, count, pooled: true }
      : { values: maps, side, count, pooled: false };
    return layer;
  });
  return {
    ...data,
    image: layers[0].inputs.values,
    layers,
    unitParts: scaled(data.unit_parts),
    unitBiases: floats(data.unit_biases),
    units: floats(data.units),
    weights: floats(data.weights),
    biases: floats(data.biases),
    logits: floats(data.logits),
  };
}

export const mapOf = ({ values, side }, m) =>
  values.subarray(m * side * side, (m + 1) * side * side);
export const ownMap = (layer, m) => mapOf({ values: layer.maps, side: layer.side }, m);
export const partsOf = (layer, m) =>
  layer.parts.subarray(m * layer.inputs.count, (m + 1) * layer.inputs.count);
export function unitPartsOf(net, u) {
  const { count } = net.layers.at(-1);
  return net.unitParts.subarray(u * count, (u + 1) * count);
}

/** Indices of the values that are largest in size, the largest first. */
export function strongest(values, many) {
  return [...values.keys()]
    .sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]))
    .slice(0, many);
}

const sum = (values) => values.reduce((total, value) => total + value, 0);

/** What the digit (against the other) loses without map m of layer n. */
export function effect(net, n, m, { digit, against }) {
  const { effects } = net.layers[n],
    at = m * net.logits.length;
  return effects[at + digit] - (against === null ? 0 : effects[at + against]);
}

/** Weight of a unit for the digit (against the other). */
export function weightOf(net, u, { digit, against }) {
  const many = net.units.length;
  return net.weights[digit * many + u] - (against === null ? 0 : net.weights[against * many + u]);
}

/** What each unit adds to the logit, or to the difference of two. */
export const unitAdds = (net, view) =>
  Array.from(net.units, (value, u) => value * weightOf(net, u, view));

/** The logit of the digit, or its difference to the other's. */
export const explained = (net, { digit, against }) =>
  net.logits[digit] - (against === null ? 0 : net.logits[against]);

/** The bias that the units' parts do not hold. */
export const biasOf = (net, { digit, against }) =>
  net.biases[digit] - (against === null ? 0 : net.biases[against]);

/**
 * Which maps and units are drawn: the ones with the largest effect (or the most active), and the
 * strongest inputs of what is kept open.
 * @param {object} net
 * @param {View} view
 * @param {{kind: string, layer?: number, index: number}} open
 * @returns {{maps: number[][], units: number[]}}
 */
export function chosen(net, view, open) {
  const rankings = net.layers.map((layer, n) =>
    Array.from({ length: layer.count }, (_, m) =>
      view.rank === "effect" ? effect(net, n, m, view) : sum(ownMap(layer, m)),
    ),
  );
  const adds = unitAdds(net, view);
  const maps = rankings.map((ranking) => strongest(ranking, view.many));
  const units = strongest(adds, view.many);
  const put = (list, ranking, needed) => {
    const missing = needed.filter((one) => !list.includes(one)),
      spare = list
        .filter((one) => !needed.includes(one))
        .sort((a, b) => Math.abs(ranking[a]) - Math.abs(ranking[b]));
    for (const one of missing) list[list.indexOf(spare.shift())] = one;
  };
  if (open.kind === "unit") put(units, adds, [open.index]);
  let needed = open.kind === "unit" ? strongest(unitPartsOf(net, open.index), 3) : [open.index];
  let n = open.kind === "unit" ? net.layers.length - 1 : open.kind === "map" ? open.layer : -1;
  for (let many = 3; n >= 0; n--, many = 2) {
    put(maps[n], rankings[n], needed.slice(0, view.many));
    if (n) needed = strongest(partsOf(net.layers[n], needed[0]), many);
  }
  maps.forEach((list, k) => list.sort((a, b) => rankings[k][b] - rankings[k][a]));
  units.sort((a, b) => adds[b] - adds[a]);
  return { maps, units };
}

/** The window of input i that a kernel meets at a pixel, [kernel * kernel]; zeros outside. */
export function windowOf(layer, i, row, column) {
  const { kernel, stride, before, inputs } = layer,
    input = mapOf(inputs, i);
  return Float32Array.from({ length: kernel * kernel }, (_, k) => {
    const y = row * stride - before + Math.floor(k / kernel),
      x = column * stride - before + (k % kernel);
    return y < 0 || x < 0 || y >= inputs.side || x >= inputs.side ? 0 : input[y * inputs.side + x];
  });
}

/** The kernel of map m for input i, [kernel * kernel], from the layer's kernels [m][i][k * k]. */
export function kernelOf(layer, kernels, m, i) {
  const size = layer.kernel * layer.kernel,
    at = (m * layer.inputs.count + i) * size;
  return kernels.subarray(at, at + size);
}

/** Parts of the sum of any pixel of map m, one for each input. */
export function partsAt(layer, kernels, m, row, column) {
  return Float32Array.from({ length: layer.inputs.count }, (_, i) => {
    const weights = kernelOf(layer, kernels, m, i);
    return windowOf(layer, i, row, column).reduce((total, v, k) => total + v * weights[k], 0);
  });
}

/** The pixels of the picture that a pixel of layer n depends on: [first, last] row and column. */
export function receptiveField(net, n, row, column) {
  const reach = (at) => {
    let [first, last] = [at, at];
    for (let k = n; k >= 0; k--) {
      const { stride, before, kernel, inputs } = net.layers[k];
      [first, last] = [first * stride - before, last * stride - before + kernel - 1];
      if (inputs.pooled) [first, last] = [2 * first, 2 * last + 1];
    }
    return [Math.max(0, first), Math.min(net.side - 1, last)];
  };
  return { rows: reach(row), columns: reach(column) };
}
