import { el } from "../shell/element.js";
import { chosen, receptiveField, unpack } from "./flow_data.js";
import { drawStage, idOf } from "./flow_drawing.js";
import { edgesOf, pathOf } from "./flow_edges.js";
import { subject } from "./flow_format.js";
import { layoutOf } from "./flow_layout.js";
import { classPanel, mapPanel, unitPanel } from "./flow_panel.js";
import { keptKernels, onKernels } from "./kernel_store.js";

// The connected network: what is pointed at lights its path, a click keeps it, Escape returns.

const diagrams = new WeakMap(); // root -> diagram

function select(label, options, now, set) {
  const node = el("select");
  node.setAttribute("aria-label", label);
  for (const [value, text] of options) {
    const option = el("option", "", text);
    option.value = value;
    option.selected = value === String(now);
    node.append(option);
  }
  node.onchange = () => set(node.value);
  return node;
}

function newDiagram(root) {
  const find = (name) => root.querySelector(name);
  const stage = find(".stage"),
    panel = find(".panel"),
    controls = find(".controls");
  const view = { digit: 0, against: null, many: 6, rank: "effect" };
  let net = null,
    picked = false, // whether the visitor has chosen the digits
    open = { kind: "class", index: 0 },
    masks = new Map(),
    edges = [],
    lines = new Map(),
    layout = null,
    pointed = null; // what the panel shows

  const home = () => ({ kind: "class", index: view.digit });
  const nodeOf = (thing) => stage.querySelector(`[data-id="${idOf(thing)}"]`);

  function draw() {
    if (!net || !stage.clientWidth) return;
    const focused = root.querySelector(".node:focus")?.thing;
    const shown = chosen(net, view, open),
      pooledAfter = net.layers.findIndex((_, n) => net.layers[n + 1]?.inputs.pooled);
    edges = edgesOf(net, shown, view);
    layout = layoutOf(stage.clientWidth, shown, pooledAfter, net.names.length);
    lines = drawStage(stage, { net, shown, view, layout, edges, masks });
    rove();
    show(open);
    if (focused) nodeOf(focused)?.focus();
  }

  function drawControls() {
    const digits = net.names.map((name, c) => [String(c), name]);
    controls.replaceChildren(
      el("span", "", "Why"),
      select("Explained digit", digits, view.digit, (value) => explain(+value, view.against)),
      el("span", "", "and not"),
      select(
        "Against",
        [["none", "(its logit alone)"], ...digits.filter(([c]) => +c !== view.digit)],
        view.against ?? "none",
        (value) => explain(view.digit, value === "none" ? null : +value),
      ),
      el("span", "gap"),
      select(
        "Maps per layer",
        [4, 6, 8, 12].map((many) => [String(many), `${many} maps per layer`]),
        view.many,
        (value) => {
          view.many = +value;
          draw();
        },
      ),
      select(
        "Which maps",
        [
          ["effect", "largest effect"],
          ["activity", "most active"],
        ],
        view.rank,
        (value) => {
          view.rank = value;
          draw();
        },
      ),
    );
    find(".legend-effect").textContent =
      `Under a map: what ${subject(view)} loses when the map is swapped for an empty picture's.`;
  }

  function explain(digit, against) {
    picked = true;
    view.digit = digit;
    view.against = against === digit ? null : against;
    open = home();
    drawControls();
    draw();
  }

  // One stop of the Tab key a column; arrows go on from there.
  function rove() {
    const columns = new Map();
    for (const node of stage.querySelectorAll("button.node")) {
      const first = columns.get(node.dataset.column);
      const here = idOf(open) === node.dataset.id || node.classList.contains("explained");
      if (!first || here) columns.set(node.dataset.column, node);
    }
    for (const node of columns.values()) node.tabIndex = 0;
  }

  function light(thing) {
    const path = pathOf(edges, idOf(thing));
    stage.classList.toggle("lit", thing !== open || thing.kind !== "class");
    for (const node of stage.querySelectorAll(".node")) {
      node.classList.toggle("on", path.nodes.has(node.dataset.id));
      if (node.thing) node.setAttribute("aria-pressed", String(node.dataset.id === idOf(open)));
    }
    for (const [edge, line] of lines) line.classList.toggle("on", path.edges.has(edge));
    showField(thing);
  }

  const actions = {
    go: keep,
    light: (thing) => light(thing && nodeOf(thing) ? thing : open),
  };

  function show(thing) {
    pointed = idOf(thing);
    light(thing);
    const shownView = thing.kind === "class" ? { ...view, digit: thing.index } : view;
    if (shownView.against === shownView.digit) shownView.against = null;
    const parts =
      thing.kind === "map"
        ? mapPanel(net, view, thing, { kernels: keptKernels(net.version), masks, ...actions })
        : thing.kind === "unit"
          ? unitPanel(net, view, thing.index, actions)
          : classPanel(net, shownView, actions);
    panel.replaceChildren(...parts);
    // As tall as it ever was: what stands below must not move while the mouse passes.
    const tallest = Math.max(parseFloat(panel.style.minHeight) || 0, panel.scrollHeight);
    panel.style.minHeight = `${tallest}px`;
  }

  function showField(thing) {
    const field = stage.querySelector(".field");
    if (!field) return;
    field.hidden = thing.kind !== "map";
    if (field.hidden) return;
    const { side, places } = net.layers[thing.layer],
      place = places[thing.index],
      { rows, columns } = receptiveField(net, thing.layer, Math.floor(place / side), place % side),
      share = 100 / net.side;
    field.style.top = `${rows[0] * share}%`;
    field.style.left = `${columns[0] * share}%`;
    field.style.height = `${(rows[1] - rows[0] + 1) * share}%`;
    field.style.width = `${(columns[1] - columns[0] + 1) * share}%`;
  }

  function keep(thing) {
    if (thing.kind === "class") return explain(thing.index, view.against);
    open = thing;
    draw();
    nodeOf(thing)?.focus({ preventScroll: true });
  }

  function back() {
    open = home();
    draw();
  }

  const thingOf = (event) => event.target.closest?.("button.node")?.thing;
  stage.onpointerover = (event) => {
    const thing = thingOf(event) ?? open;
    if (idOf(thing) !== pointed) show(thing);
  };
  stage.onpointerleave = () => show(open);
  stage.onfocusin = (event) => {
    const thing = thingOf(event);
    if (thing && event.target.matches(":focus-visible")) show(thing);
  };
  stage.onfocusout = () => show(open);
  stage.onclick = (event) => {
    const thing = thingOf(event);
    if (thing) keep(thing);
  };
  root.onkeydown = (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      return back();
    }
    const node = event.target.closest?.("button.node"),
      step = { ArrowDown: 1, ArrowUp: -1 }[event.key],
      side = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!node || !(step || side)) return;
    event.preventDefault();
    const along = layout.tall ? side : step,
      across = layout.tall ? step : side;
    const column = [...stage.querySelectorAll(`[data-column="${node.dataset.column}"]`)];
    const next = along
      ? column[column.indexOf(node) + along]
      : stage.querySelector(`[data-column="${+node.dataset.column + across}"][tabindex="0"]`);
    if (!next) return;
    if (along) node.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  };
  new ResizeObserver(() => layout?.width !== stage.clientWidth && draw()).observe(stage);
  onKernels(() => net && show(open));

  return {
    take(data) {
      root.classList.toggle("empty", !data.layers.length);
      if (!data.layers.length) {
        net = null;
        return;
      }
      net = unpack(data);
      for (const layer of net.layers) layer.most = Math.max(...layer.maps);
      for (const layer of net.layers) layer.inputs.most = Math.max(...layer.inputs.values);
      masks = new Map();
      if (!picked) [view.digit, view.against] = net.guesses;
      if (open.kind === "class") open = home();
      drawControls();
      draw();
    },
    sent: "",
  };
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".flow");
  let diagram = diagrams.get(root);
  if (!diagram) diagrams.set(root, (diagram = newDiagram(root)));
  const sent = data.layers.length ? data.image + data.version : "";
  if (diagram.sent === sent && diagram.taken) return;
  Object.assign(diagram, { sent, taken: true });
  diagram.take(data);
}
