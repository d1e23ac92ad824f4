// Where things stand in the diagram, in pixels, for the width that there is.

const TALL = 700; // narrower than this, layers stand below each other
// Places of the columns in a drawing that is 1240 wide.
const DRAWN = 1240,
  CONVOLUTIONS = [196, 322, 448, 648, 774],
  POOL = 556,
  UNITS = 902,
  LOGITS = 1046;
const HEAD = 54; // pixels above the columns

/**
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 * @typedef {object} Layout
 * @property {number} width
 * @property {number} height
 * @property {boolean} tall layers below each other, lines from top to bottom
 * @property {number} tile side of a map
 * @property {Record<string, Box>} boxes by the id of a node
 * @property {{x: number, y: number, name: string}[]} heads of the columns, by name
 */

/**
 * @param {number} width of the page's column
 * @param {{maps: number[][], units: number[]}} shown
 * @param {number} pooledAfter number of the layer that is pooled; -1 for none
 * @param {number} classes
 * @returns {Layout}
 */
export function layoutOf(width, shown, pooledAfter, classes) {
  return width < TALL
    ? rows(width, shown, pooledAfter, classes)
    : columns(width, shown, pooledAfter, classes);
}

function columns(width, shown, pooledAfter, classes) {
  const scale = width / DRAWN,
    many = Math.max(...shown.maps.map((list) => list.length)),
    wished = 34 + 50 * Math.max(0, scale - 0.55),
    labels = many <= 8,
    pitch = labels ? Math.min(wished, 58) + (many > 6 ? 18 : 22) : 34,
    tile = Math.round(labels ? Math.min(wished, 58, pitch - 18) : 28),
    height = Math.round(HEAD + pitch * many);
  const boxes = {},
    heads = [],
    middle = (row) => HEAD + pitch * row + pitch / 2 - (labels ? 6 : 0);
  const side = Math.round(Math.max(64, 128 * scale));
  boxes.input = { x: 4, y: Math.round((HEAD + height - side) / 2), width: side, height: side };
  heads.push({ x: 4, y: 0, name: "input" });
  shown.maps.forEach((list, n) => {
    const x = Math.round(CONVOLUTIONS[n] * scale);
    heads.push({ x, y: 0, name: `layer${n}` });
    list.forEach((m, row) => {
      boxes[`m${n}-${m}`] = { x, y: middle(row) - tile / 2, width: tile, height: tile };
      const small = Math.round(tile * 0.6);
      if (n === pooledAfter)
        boxes[`pool-${m}`] = {
          x: Math.round(POOL * scale),
          y: middle(row) - small / 2,
          width: small,
          height: small,
        };
    });
  });
  if (pooledAfter >= 0) heads.push({ x: Math.round(POOL * scale), y: 0, name: "pool" });
  const left = Math.round(UNITS * scale),
    unit = Math.round(Math.max(78, 112 * scale));
  heads.push({ x: left, y: 0, name: "units" });
  shown.units.forEach((u, row) => {
    boxes[`u-${u}`] = { x: left, y: middle(row) - 13, width: unit, height: 26 };
  });
  const start = Math.round(LOGITS * scale),
    step = (height - HEAD) / classes;
  heads.push({ x: start, y: 0, name: "logits" });
  for (let c = 0; c < classes; c++)
    boxes[`c-${c}`] = {
      x: start,
      y: HEAD + c * step + 2,
      width: width - start - 4,
      height: step - 4,
    };
  return { width, height, tall: false, tile, labels, boxes, heads };
}

function rows(width, shown, pooledAfter, classes) {
  const boxes = {},
    heads = [],
    many = Math.max(...shown.maps.map((list) => list.length)),
    across = Math.min(many, 6),
    pitch = width / across,
    tile = Math.round(Math.min(56, pitch - 12)),
    centre = (k) => pitch * (k % across) + pitch / 2;
  let y = 0;
  const side = 84;
  heads.push({ x: 0, y, name: "input" });
  boxes.input = { x: (width - side) / 2, y: y + 4, width: side, height: side };
  y += side + 34;
  shown.maps.forEach((list, n) => {
    heads.push({ x: 0, y, name: `layer${n}` });
    y += 22;
    list.forEach((m, k) => {
      const top = y + Math.floor(k / across) * (tile + 22);
      boxes[`m${n}-${m}`] = { x: centre(k) - tile / 2, y: top, width: tile, height: tile };
    });
    y += Math.ceil(list.length / across) * (tile + 22) + 30;
    if (n !== pooledAfter) return;
    heads.push({ x: 0, y, name: "pool" });
    y += 22;
    const small = Math.round(tile * 0.6);
    list.forEach((m, k) => {
      const top = y + Math.floor(k / across) * (small + 6);
      boxes[`pool-${m}`] = { x: centre(k) - small / 2, y: top, width: small, height: small };
    });
    y += Math.ceil(list.length / across) * (small + 6) + 36;
  });
  heads.push({ x: 0, y, name: "units" });
  y += 22;
  shown.units.forEach((u, k) => {
    const top = y + Math.floor(k / across) * 44;
    boxes[`u-${u}`] = { x: centre(k) - pitch / 2 + 3, y: top, width: pitch - 6, height: 40 };
  });
  y += Math.ceil(shown.units.length / across) * 44 + 44;
  heads.push({ x: 0, y, name: "logits" });
  y += 24;
  const half = Math.ceil(classes / 2);
  for (let c = 0; c < classes; c++)
    boxes[`c-${c}`] = {
      x: c < half ? 0 : width / 2 + 2,
      y: y + (c % half) * 32,
      width: width / 2 - 2,
      height: 30,
    };
  return { width, height: y + half * 32, tall: true, tile, labels: true, boxes, heads };
}

/**
 * A line from one box to another, as the path of a drawing.
 * @param {Box} from
 * @param {Box} to
 * @param {boolean} tall
 * @param {number} below pixels that a label takes under a box
 */
export function curve(from, to, tall, below) {
  if (tall) {
    const x0 = from.x + from.width / 2,
      y0 = from.y + from.height + below,
      x1 = to.x + to.width / 2,
      y1 = to.y - 1,
      m = (y0 + y1) / 2;
    return `M${x0},${y0}C${x0},${m} ${x1},${m} ${x1},${y1}`;
  }
  const x0 = from.x + from.width,
    y0 = from.y + from.height / 2,
    x1 = to.x - 1,
    y1 = to.y + to.height / 2,
    m = (x0 + x1) / 2;
  return `M${x0},${y0}C${m},${y0} ${m},${y1} ${x1},${y1}`;
}
