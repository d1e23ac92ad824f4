// What several parts of the diagram are drawn with.
import { svg } from "../shell/element.js";
import { percentShort } from "./flow_numbers.js";
import { layers } from "./flow_shapes.js";

/** A new node in another one. */
export const add = (parent, tag, attributes, text) => {
  const node = svg(tag, attributes, text);
  parent.append(node);
  return node;
};

/** Cut the end of a text until it fits; it must be in the page to be measured. */
export function fit(node, room) {
  const text = node.textContent;
  if (node.getComputedTextLength() <= room) return;
  let [low, high] = [0, text.length];
  while (low < high) {
    const half = Math.ceil((low + high) / 2);
    node.textContent = `${text.slice(0, half).trimEnd()}…`;
    if (node.getComputedTextLength() <= room) low = half;
    else high = half - 1;
  }
  node.textContent = `${text.slice(0, low).trimEnd()}…`;
}

/** The layers of both directions of a GRU. */
export function drawStreams(root, shares, rows, places, weights, kind) {
  const n = rows.length;
  const top = Math.max(...weights);
  [places.forward, places.backward].forEach((place, direction) => {
    const part = shares.subarray(direction * n * n, (direction + 1) * n * n);
    const first = rows[0].middle - rows[0].height / 2;
    const last = rows[n - 1].middle + rows[n - 1].height / 2;
    const lane = { x: place.x, y: first, width: place.width, height: last - first };
    add(root, "rect", { class: "lane", rx: 3, ...lane });
    layers(part, rows, place.x, place.width, direction === 1).forEach((d, index) => {
      const strength = (0.12 + (0.8 * weights[index]) / top).toFixed(3);
      const layer = add(root, "path", { class: `layer ${kind} dim`, d, "fill-opacity": strength });
      layer.dataset[kind] = index;
      add(root, "path", { class: "edge", d, "stroke-width": n > 20 ? 0.4 : 1 });
    });
  });
}

/** A share as a bar and a number. */
export function drawBar(node, x, middle, room, height, share, top) {
  const high = Math.max(1, Math.min(13, height - 3));
  const width = Math.max(1, (room * share) / top);
  add(node, "rect", { class: "bar", x, y: middle - high / 2, width, height: high, rx: 2 });
  add(node, "text", { class: "number", x: x + width + 5, y: middle }, percentShort(share));
}
