import { el, svg } from "../shell/element.js";
import { effect, explained, mapOf, ownMap, unitAdds } from "./flow_data.js";
import { subject } from "./flow_format.js";
import { fixed, hue, signed } from "../shell/number_format.js";
import { curve } from "./flow_layout.js";

// Draws the diagram: lines in one SVG, every node a button over it.

const SHARP = 112; // pixels of a map's picture at least: enlarged here, so that it stays crisp

/** A map as the address of a mask: as opaque as it is active, whatever the page's colours are. */
export function maskOf(values, most) {
  const side = Math.sqrt(values.length),
    factor = Math.ceil(SHARP / side),
    small = document.createElement("canvas"),
    large = document.createElement("canvas");
  small.width = small.height = side;
  large.width = large.height = side * factor;
  const pixels = new ImageData(side, side);
  values.forEach((value, k) => {
    pixels.data[4 * k + 3] = 255 * Math.min(1, Math.max(0, value / most)) ** 0.8;
  });
  small.getContext("2d").putImageData(pixels, 0, 0);
  const context = large.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, large.width, large.height);
  return large.toDataURL();
}

/** A picture of a map; `most` is what counts as full ink. */
export function pictureOf(values, most, masks, key) {
  if (!masks.has(key)) masks.set(key, maskOf(values, most || 1));
  const frame = el("span", "picture"),
    ink = el("span", "ink");
  ink.style.setProperty("mask-image", `url("${masks.get(key)}")`);
  frame.append(ink);
  return frame;
}

/** The frame around a pixel of a map's picture. */
export function pixelFrame(place, side) {
  const frame = el("span", "pixel"),
    share = 100 / side;
  frame.style.left = `${(place % side) * share}%`;
  frame.style.top = `${Math.floor(place / side) * share}%`;
  frame.style.width = frame.style.height = `${share}%`;
  return frame;
}

export const idOf = ({ kind, layer, index }) =>
  kind === "map" ? `m${layer}-${index}` : kind === "unit" ? `u-${index}` : `c-${index}`;

function placed(node, box, id) {
  node.dataset.id = id;
  Object.assign(node.style, {
    left: `${box.x}px`,
    top: `${box.y}px`,
    width: `${box.width}px`,
    height: `${box.height}px`,
  });
  return node;
}

function button(thing, className, label, column) {
  const node = el("button", `node ${className}`);
  node.type = "button";
  node.tabIndex = -1;
  node.thing = thing;
  node.dataset.column = column;
  node.setAttribute("aria-label", label);
  return node;
}

function tiles(net, shown, view, layout, masks) {
  const nodes = [];
  const input = el("div", "node input");
  input.append(pictureOf(net.image, 1, masks, "input"), el("span", "field"));
  nodes.push(placed(input, layout.boxes.input, "input"));
  net.layers.forEach((layer, n) => {
    const most = layer.most;
    for (const m of shown.maps[n]) {
      const lost = effect(net, n, m, view),
        id = `m${n}-${m}`,
        verb = lost < 0 ? "gains" : "loses",
        words = `${layer.name}, map ${m + 1}: without it ${subject(view)} ${verb} ${fixed(Math.abs(lost))}`;
      const node = button({ kind: "map", layer: n, index: m }, "tile", words, n);
      node.append(pictureOf(ownMap(layer, m), most, masks, id));
      node.firstChild.append(pixelFrame(layer.places[m], layer.side));
      if (layout.labels) {
        const label = el("span", "label");
        label.append(el("span", "mute", `${m + 1}`), el("b", hue(lost), signed(lost)));
        node.append(label);
      }
      nodes.push(placed(node, layout.boxes[id], id));
      const half = layout.boxes[`pool-${m}`];
      if (half && net.layers[n + 1]?.inputs.pooled) {
        const small = el("div", "node pool");
        small.append(pictureOf(mapOf(net.layers[n + 1].inputs, m), most, masks, `pool-${m}`));
        nodes.push(placed(small, half, `pool-${m}`));
      }
    }
  });
  return nodes;
}

function unitNodes(net, shown, view, layout) {
  const adds = unitAdds(net, view),
    most = Math.max(...net.units) || 1;
  return shown.units.map((u) => {
    const words = `Unit ${u + 1}: activation ${fixed(net.units[u])}, adds ${signed(adds[u])} to ${subject(view)}`;
    const node = button({ kind: "unit", index: u }, "unit", words, net.layers.length);
    const track = el("span", "track"),
      bar = el("span");
    bar.style.width = `${(100 * net.units[u]) / most}%`;
    track.append(bar);
    node.append(track, el("b", hue(adds[u]), signed(adds[u])));
    return placed(node, layout.boxes[`u-${u}`], `u-${u}`);
  });
}

function classNodes(net, view, layout) {
  const most = Math.max(...net.logits.map(Math.abs)) || 1,
    top = net.guesses[0];
  return Array.from(net.logits, (logit, c) => {
    const words = `Digit ${net.names[c]}: logit ${fixed(logit)}, probability ${net.shares[c]}`;
    const node = button({ kind: "class", index: c }, "class", words, net.layers.length + 1);
    const track = el("span", "track"),
      bar = el("span"),
      share = (50 * Math.abs(logit)) / most;
    node.classList.toggle("top", c === top);
    bar.style.width = `${Math.max(1, share)}%`;
    bar.style.left = `${logit < 0 ? 50 - share : 50}%`;
    track.append(bar);
    node.append(
      el("span", "name", net.names[c]),
      track,
      el("span", "value", signed(logit)),
      el("span", "share", net.shares[c]),
    );
    if (c === view.digit) node.classList.add("explained");
    return placed(node, layout.boxes[`c-${c}`], `c-${c}`);
  });
}

function headOf(net, view, name, narrow) {
  const lines = {
    input: ["Input", `${net.side} × ${net.side}`],
    pool: [narrow ? "Pool" : "Max pool", "2 × 2"],
    units: [
      "Dense",
      `${net.units.length} units`,
      `${net.units.filter((v) => v > 0).length} active`,
    ],
    logits: [
      "Logits",
      view.against === null
        ? `of ${view.digit}: ${fixed(explained(net, view))}`
        : `${view.digit} − ${view.against}: ${signed(explained(net, view))}`,
    ],
  };
  if (lines[name]) return lines[name];
  const layer = net.layers[+name.slice(5)];
  if (narrow) return [layer.name, `${layer.count} maps`, `${layer.side} × ${layer.side}`];
  const stride = layer.stride > 1 ? `, stride ${layer.stride}` : "";
  return [
    layer.name,
    `${layer.kernel} × ${layer.kernel}${stride}`,
    `${layer.count} maps, ${layer.side} × ${layer.side}`,
  ];
}

/**
 * Draw everything into the stage.
 * @returns {Map<object, SVGElement>} the line of each edge
 */
export function drawStage(stage, { net, shown, view, layout, edges, masks }) {
  const picture = svg("svg", {
    class: "edges",
    width: layout.width,
    height: layout.height,
    "aria-hidden": "true",
  });
  const lines = new Map(),
    narrow = !layout.tall && layout.width < 1000,
    // Where digits stand in two columns, a line ends above them: it would cross others.
    endOf = (id) =>
      layout.tall && id.startsWith("c-")
        ? { ...layout.boxes[id], y: layout.boxes["c-0"].y }
        : layout.boxes[id];
  for (const edge of edges) {
    const below = layout.tall && edge.from.startsWith("m") ? 18 : 0;
    const path = svg("path", {
      d: curve(layout.boxes[edge.from], endOf(edge.to), layout.tall, below),
      class: `edge ${edge.value === null ? "plain" : hue(edge.value)}${edge.weak ? " weak" : ""}`,
      "stroke-width": edge.width.toFixed(1),
      "stroke-opacity": Math.min(0.75, 0.3 + edge.width / 16).toFixed(2),
    });
    lines.set(edge, path);
    picture.append(path);
  }
  const heads = layout.heads.map(({ x, y, name }) => {
    const head = el("p", "head"),
      [title, ...more] = headOf(net, view, name, narrow);
    head.style.left = `${x}px`;
    head.style.top = `${y}px`;
    head.append(el("b", "", title), ...more.map((line) => el("span", "mute", line)));
    return head;
  });
  stage.style.height = `${layout.height}px`;
  stage.classList.toggle("tall", layout.tall);
  stage.classList.toggle("narrow", narrow);
  stage.replaceChildren(
    picture,
    ...heads,
    ...tiles(net, shown, view, layout, masks),
    ...unitNodes(net, shown, view, layout),
    ...classNodes(net, view, layout),
  );
  return lines;
}
