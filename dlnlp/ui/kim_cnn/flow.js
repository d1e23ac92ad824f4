import { el, svg } from "../shell/element.js";
import { announce, listen } from "../shell/linked.js";
import { buildControls, refreshControls } from "./flow_controls.js";
import { drawBands } from "./flow_drawing.js";
import { foundPanel } from "./flow_filter_panel.js";
import { moveTo, next, setStops } from "./flow_keys.js";
import { SIZES, arrange, columns, wrap } from "./flow_layout.js";
import { buildModel } from "./flow_model.js";
import { drawNarrow } from "./flow_narrow.js";
import { panelOf } from "./flow_panel.js";
import { put } from "./flow_parts.js";
import { light, sentenceOf } from "./flow_paths.js";

// The network for one text: draws it, and follows mouse and keyboard.

const states = new WeakMap(); // root -> state
const SCOPE = "text";

function rulers(root) {
  const pen = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(root).fontFamily;
  let set = 0;
  const measure = (text, size) => {
    if (size !== set) pen.font = `${(set = size)}px ${family}`; // slow: it is parsed every time
    return pen.measureText(text).width;
  };
  const cut = (text, room, size) => {
    if (measure(text, size) <= room) return text;
    let short = text;
    while (short && measure(`${short}…`, size) > room) short = short.slice(0, -1);
    return short && `${short.trimEnd()}…`;
  };
  return { measure, cut };
}

function draw(state) {
  const { root, model } = state;
  if (!model || !state.width) return;
  const at = columns(state.width);
  const { measure, cut } = rulers(root);
  const lines = wrap(model.words, (text) => measure(text, SIZES.text), at.text);
  const plan = arrange(model, lines, at);
  const label = "The network, for this text";
  const drawing = svg("svg", { class: "drawing", role: "group", "aria-label": label });
  const active = root.getRootNode().activeElement;
  const focused = active && state.drawing.contains(active) ? active.dataset.id : null;
  state.drawing.replaceWith(drawing);
  Object.assign(state, { drawing, at, plan });
  const look = { measure, cut, shade: state.shade, left: at.text[0] };
  const draws = at.kind === "narrow" ? drawNarrow : drawBands;
  state.sum = draws(drawing, model, at, plan, look);
  const height = state.sum.height ?? plan.height;
  drawing.setAttribute("viewBox", `0 0 ${at.width} ${height}`);
  drawing.setAttribute("width", at.width);
  drawing.setAttribute("height", height);
  state.marks = put(drawing, "g", { class: "marks", "aria-hidden": "true" });
  wire(state);
  show(state, state.picked);
  if (focused) nodeOf(state, focused)?.focus({ preventScroll: true });
}

const nodeOf = (state, id) => state.drawing.querySelector(`.target[data-id="${id}"]`);
const idOf = (event) => event.target.closest?.(".target")?.dataset.id ?? null;

function wire(state) {
  const { drawing } = state;
  setStops(drawing, state.picked);
  drawing.onpointerover = (event) => point(state, idOf(event));
  drawing.onpointerleave = () => point(state, null);
  drawing.onclick = (event) => pick(state, idOf(event) ?? "answer");
  drawing.addEventListener("focusin", (event) => {
    if (event.target.matches(":focus-visible")) point(state, idOf(event));
  });
  drawing.addEventListener("focusout", () => point(state, null));
}

function steer(state, event) {
  if (event.key === "Escape") pick(state, "answer");
  const node = event.target.closest(".target");
  if (!node) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    pick(state, node.dataset.id);
    state.status.textContent = "The numbers are below the drawing.";
    return;
  }
  const other = next(state.drawing, node, event.key);
  if (!other) return;
  event.preventDefault();
  moveTo(other, node);
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
  // In sight while there is something to follow; at rest it would cover what is at the window's end.
  state.said.classList.toggle("follows", (state.pointed ?? state.picked) !== "answer");
  state.said.textContent = sentenceOf(state.model, id);
}

function pick(state, id) {
  state.picked = id;
  state.found = null;
  state.status.textContent = "";
  show(state, id);
  fillPanel(state);
}

function fillPanel(state) {
  const choose = (id) => {
    pick(state, id);
    (nodeOf(state, id) ?? state.panel).focus();
  };
  const { found, model, picked } = state;
  state.panel.replaceChildren(
    ...(found ? foundPanel(found, choose) : panelOf(model, picked, choose)),
  );
  const number = picked[0] === "f" ? Number(picked.slice(1)) : null;
  if (number !== null && state.asked !== number) state.ask("opened", (state.asked = number));
}

/** Show the filters that a search finds; Python is asked only for what it was not asked last. */
function search(state, query) {
  if (query && state.model.data.found?.query === query) {
    state.found = state.model.data.found;
    fillPanel(state);
  } else if (query) state.ask("query", query);
  else pick(state, "answer");
}

function begin(root) {
  const state = { root, picked: "answer", pointed: null, shade: "share", width: 0, self: {} };
  state.said = el("p", "said");
  state.status = el("p", "status");
  state.status.setAttribute("role", "status");
  state.drawing = svg("svg");
  state.panel = el("div", "panel");
  state.panel.setAttribute("role", "group");
  state.panel.setAttribute("aria-label", "The numbers");
  state.panel.tabIndex = -1;
  state.controls = buildControls(state, {
    shade: () => draw(state),
    search: (query) => search(state, query),
  });
  root.replaceChildren(state.controls.bar, state.drawing, state.said, state.status, state.panel);
  root.onkeydown = (event) => steer(state, event);
  const heard = (pointed) => {
    if (!state.plan) return;
    const { token, sentence } = pointed ?? {};
    if (state.model.byToken.has(token)) show(state, `w${token}`);
    else show(state, sentence === undefined ? state.picked : `s${sentence}`);
  };
  state.stop = listen(SCOPE, heard, state.self);
  state.observer = new ResizeObserver(() => {
    const width = Math.floor(root.clientWidth);
    if (width < 1 || width === state.width) return;
    state.width = width;
    draw(state);
  });
  state.observer.observe(root);
  document.fonts?.ready.then(() => draw(state)); // its letters have other widths
  states.set(root, state);
  return state;
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".flow");
  const state = states.get(root) ?? begin(root);
  state.ask = setStateValue;
  const { found, details, ...content } = data; // the drawing itself needs no more of a filter
  const signature = JSON.stringify(content);
  const changed = signature !== state.signature;
  state.signature = signature;
  state.model = buildModel(data);
  state.asked = details.find((detail) => detail.terms)?.number ?? state.asked;
  const before = state.text;
  state.text = data.words.text.join(" ");
  // Words and places have other numbers in another text; filters keep theirs.
  if (before !== state.text && state.picked[0] !== "f") state.picked = "answer";
  if (found && found.query !== state.query) state.found = found;
  else if (before !== state.text) state.found = null;
  state.query = found?.query;
  refreshControls(state);
  if (changed) draw(state);
  fillPanel(state);
  return () => {
    state.stop();
    state.observer.disconnect();
    states.delete(root);
  };
}
