import { el, svg } from "../shell/element.js";
import { announce, listen } from "../shell/linked.js";
import { buildControls, refreshControls } from "./flow_controls.js";
import { drawBands } from "./flow_drawing.js";
import { put } from "./flow_parts.js";
import { SIZES, arrange, columns, wrap } from "./flow_layout.js";
import { buildModel } from "./flow_model.js";
import { drawNarrow } from "./flow_narrow.js";
import { foundPanel } from "./flow_filter_panel.js";
import { panelOf } from "./flow_panel.js";
import { light, sentenceOf } from "./flow_paths.js";

// The network for one text: draws it, and follows mouse and keyboard.

const states = new WeakMap(); // root -> state
const SCOPE = "text";

function rulers(root) {
  const pen = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(root).fontFamily;
  const measure = (text, size) => {
    pen.font = `${size}px ${family}`;
    return pen.measureText(text).width;
  };
  const cut = (text, room, size) => {
    let short = text;
    while (short && measure(short === text ? text : `${short}…`, size) > room)
      short = short.slice(0, -1);
    return short === text ? text : short ? `${short.trimEnd()}…` : "";
  };
  return { measure, cut };
}

function draw(state) {
  const { root, model } = state;
  const at = columns(state.width);
  const { measure, cut } = rulers(root);
  const lines = wrap(model.words, (text) => measure(text, SIZES.text), at.text);
  const plan = arrange(model, lines, at);
  const drawing = svg("svg", {
    class: "drawing",
    role: "group",
    "aria-label": "The network, for this text",
  });
  const focused = drawingFocus(state);
  state.drawing.replaceWith(drawing);
  Object.assign(state, { drawing, at, plan });
  const look = { measure, cut, shade: state.shade, left: at.text[0] };
  state.sum =
    at.kind === "narrow"
      ? drawNarrow(drawing, model, at, plan, look)
      : drawBands(drawing, model, at, plan, look);
  const height = state.sum.height ?? plan.height;
  for (const [name, value] of [
    ["viewBox", `0 0 ${at.width} ${height}`],
    ["width", at.width],
    ["height", height],
  ])
    drawing.setAttribute(name, value);
  state.marks = put(drawing, "g", { class: "marks", "aria-hidden": "true" });
  wire(state);
  show(state, state.picked);
  if (focused) drawing.querySelector(`[data-id="${focused}"]`)?.focus({ preventScroll: true });
}

function drawingFocus(state) {
  const active = state.root.getRootNode().activeElement;
  return active && state.drawing.contains(active) ? active.dataset.id : null;
}

/** One stop of the Tab key for words, one for filters, one for the answer. */
function wire(state) {
  for (const column of state.drawing.querySelectorAll(".words, .rows, .sum")) {
    const stops = [...column.querySelectorAll(".target")];
    const current = stops.find((node) => node.dataset.id === state.picked) ?? stops[0];
    current?.setAttribute("tabindex", 0);
  }
  state.drawing.onpointerover = (event) =>
    point(state, event.target.closest(".target")?.dataset.id ?? null);
  state.drawing.onpointerleave = () => point(state, null);
  state.drawing.onclick = (event) =>
    pick(state, event.target.closest(".target")?.dataset.id ?? "answer");
  state.drawing.onfocusin = (event) => {
    if (event.target.matches(":focus-visible")) point(state, event.target.dataset.id);
  };
  state.drawing.onfocusout = () => point(state, null);
  state.drawing.onkeydown = (event) => steer(state, event);
}

function steer(state, event) {
  const node = event.target.closest(".target");
  if (event.key === "Escape") pick(state, "answer");
  if (!node) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    pick(state, node.dataset.id);
    return;
  }
  const column = node.parentNode;
  const stops = [...column.querySelectorAll(".target")];
  const inWords = column.classList.contains("words");
  const along = { ArrowDown: 1, ArrowUp: -1, ...(inWords ? { ArrowRight: 1, ArrowLeft: -1 } : {}) }[
    event.key
  ];
  let next = along && stops[stops.indexOf(node) + along];
  const last = inWords && event.key === "ArrowRight" && !next;
  if (!along || last) {
    const across = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const all = [...state.drawing.querySelectorAll(".words, .rows, .sum")];
    const other = across && all[all.indexOf(column) + across];
    next = other?.querySelector('[tabindex="0"]');
  }
  if (!next) return;
  event.preventDefault();
  if (next.parentNode === column) node.setAttribute("tabindex", -1);
  next.setAttribute("tabindex", 0);
  next.focus();
}

/** Light the path of what is pointed at; with nothing, of what was picked. */
function point(state, id) {
  if (id === state.pointed) return;
  state.pointed = id;
  show(state, id ?? state.picked);
  announce(SCOPE, id?.[0] === "w" ? { token: Number(id.slice(1)) } : null, state.self);
}

function show(state, id) {
  light(state, id);
  state.said.textContent = sentenceOf(state.model, id);
}

function pick(state, id) {
  state.picked = id;
  state.found = null;
  show(state, id);
  fillPanel(state);
  const number = id[0] === "f" ? Number(id.slice(1)) : null;
  if (number !== null && !state.model.details.has(number)) state.ask("opened", number);
}

function fillPanel(state) {
  const choose = (id) => pick(state, id);
  const nodes = state.found
    ? foundPanel(state.found, choose)
    : panelOf(state.model, state.picked, choose);
  state.panel.replaceChildren(...nodes);
}

function begin(root) {
  const state = { root, picked: "answer", pointed: null, shade: "share", width: 0, self: {} };
  state.said = el("p", "said");
  state.drawing = svg("svg");
  state.panel = el("div", "panel");
  state.panel.setAttribute("aria-live", "polite");
  state.panel.onkeydown = (event) => {
    if (event.key === "Escape") pick(state, "answer");
  };
  state.controls = buildControls(state, {
    shade: () => draw(state),
    answer: () => pick(state, "answer"),
  });
  root.replaceChildren(state.controls.bar, state.drawing, state.said, state.panel);
  state.stop = listen(
    SCOPE,
    (pointed) => {
      const id = pointed?.token === undefined ? null : `w${pointed.token}`;
      if (state.model) show(state, id ?? state.picked);
    },
    state.self,
  );
  state.observer = new ResizeObserver(() => {
    const width = Math.floor(root.clientWidth);
    if (width < 1 || width === state.width) return;
    state.width = width;
    draw(state);
  });
  state.observer.observe(root);
  states.set(root, state);
  return state;
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".flow");
  const state = states.get(root) ?? begin(root);
  state.ask = (name, value) => setStateValue(name, value);
  const { opened, found, ...content } = data;
  const signature = JSON.stringify(content);
  const changed = signature !== state.signature;
  state.signature = signature;
  if (changed || opened !== null) state.model = buildModel(data);
  if (changed && !state.model.byToken.has(Number(state.picked.slice(1))) && state.picked[0] !== "f")
    state.picked = "answer";
  state.found = found && found.query !== state.seen ? found : null;
  state.seen = found?.query;
  refreshControls(state);
  if (state.width && changed) draw(state);
  fillPanel(state);
  return () => {
    state.stop();
    state.observer.disconnect();
    states.delete(root);
  };
}
