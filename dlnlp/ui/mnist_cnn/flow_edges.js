import { partsOf, strongest, unitAdds, unitPartsOf } from "./flow_data.js";

// The lines of the diagram: which there are, how thick, and which belong to what is pointed at.

/**
 * @typedef {object} Edge
 * @property {string} from id of a node: "input", "m2-13", "pool-7", "u-5", "c-3"
 * @property {string} to
 * @property {number | null} value the part it carries; null for a line without one
 * @property {number} width in pixels
 * @property {boolean} weak only drawn when what it leads to is pointed at
 */

const WIDEST = 12;
const width = (share) => Math.min(WIDEST, Math.max(0.8, share));
const size = (values) => values.reduce((total, value) => total + Math.abs(value), 0) || 1;

/**
 * All lines between the nodes that are drawn.
 * @param {object} net
 * @param {{maps: number[][], units: number[]}} shown
 * @param {import("./flow_data.js").View} view
 * @returns {Edge[]}
 */
export function edgesOf(net, shown, view) {
  const edges = [],
    rest = view.many > 8 ? 2 : 3;
  const add = (to, sources, parts, total, thickness, many) => {
    const heavy = strongest(
      sources.map(([, i]) => parts[i]),
      many,
    );
    sources.forEach(([from, i], k) => {
      const share = (thickness * Math.abs(parts[i])) / total;
      // Nothing stands there without what it comes from, however little of it is drawn.
      const weak = !heavy.includes(k) || (share < 1 && k !== heavy[0]);
      edges.push({ from, to, value: parts[i], width: width(share), weak });
    });
  };
  net.layers.forEach((layer, n) => {
    for (const m of shown.maps[n]) {
      const to = `m${n}-${m}`;
      if (n === 0) {
        edges.push({ from: "input", to, value: null, width: 1.2, weak: false });
        continue;
      }
      const source = layer.inputs.pooled ? "pool-" : `m${n - 1}-`,
        parts = partsOf(layer, m);
      add(
        to,
        shown.maps[n - 1].map((i) => [source + i, i]),
        parts,
        size(parts),
        34,
        rest,
      );
    }
    if (net.layers[n + 1]?.inputs.pooled)
      for (const m of shown.maps[n])
        edges.push({ from: `m${n}-${m}`, to: `pool-${m}`, value: null, width: 1.2, weak: false });
  });
  const last = net.layers.length - 1,
    adds = unitAdds(net, view),
    most = Math.max(...adds.map(Math.abs)) || 1;
  for (const u of shown.units) {
    const parts = unitPartsOf(net, u);
    add(
      `u-${u}`,
      shown.maps[last].map((i) => [`m${last}-${i}`, i]),
      parts,
      size(parts),
      90,
      2,
    );
    const share = (9 * Math.abs(adds[u])) / most;
    edges.push({
      from: `u-${u}`,
      to: `c-${view.digit}`,
      value: adds[u],
      width: width(share),
      weak: false,
    });
  }
  return edges;
}

/**
 * What lights up with a node: back along its strongest inputs and theirs, and one step forward.
 * @param {Edge[]} edges
 * @param {string} node
 * @returns {{nodes: Set<string>, edges: Set<Edge>}}
 */
export function pathOf(edges, node) {
  const nodes = new Set([node]),
    lit = new Set();
  const back = (to, many) => {
    const incoming = edges
      .filter((edge) => edge.to === to)
      .sort((a, b) => Math.abs(b.value ?? 0) - Math.abs(a.value ?? 0));
    for (const edge of incoming.slice(0, many)) {
      lit.add(edge);
      nodes.add(edge.from);
      back(edge.from, edge.value === null ? many : Math.max(1, many - 1));
    }
  };
  if (node.startsWith("c-")) {
    for (const edge of edges.filter((one) => one.to === node)) {
      lit.add(edge);
      nodes.add(edge.from);
    }
    return { nodes, edges: lit };
  }
  back(node, 3);
  const forward = (from) => {
    for (const edge of edges.filter((one) => one.from === from && !one.weak)) {
      lit.add(edge);
      nodes.add(edge.to);
      if (edge.value === null) forward(edge.to);
    }
  };
  forward(node);
  return { nodes, edges: lit };
}
