// The connected network of a HAN: what is drawn follows the width, the pointer and the keyboard.
import { el, svg } from "../shell/element.js";
import { announce, listen } from "../shell/linked.js";
import { drawFlow, drawShares } from "./flow_drawing.js";
import { modeOf } from "./flow_layout.js";
import { isPartOf } from "./flow_numbers.js";
import { drawPanel } from "./flow_panel.js";
import { drawAdds } from "./flow_sentences.js";
import { connected, placeOf } from "./flow_shapes.js";

const SCOPE = "text";
const KINDS = ["word", "sentence", "class"];
const views = new WeakMap(); // root -> the state of its diagram

const same = (one, other) => one.kind === other.kind && one.index === other.index;

/** What is kept when nothing was clicked: the class that is explained. */
const home = (view) => ({ kind: "class", index: view.target });

function draw(view) {
  const focused = view.marks.find(({ node }) => node === view.root.getRootNode().activeElement);
  view.drawn = null; // until it is drawn again, the focus that comes and goes means nothing
  view.drawing.replaceChildren();
  view.root.dataset.mode = modeOf(view.width);
  view.root.dataset.kept = view.kept.kind;
  const drawn = drawFlow(view.drawing, view.data, view.width);
  view.marks = drawn.marks;
  view.adds = "";
  view.marks.forEach((mark) => wire(view, mark));
  rove(view);
  if (focused) markOf(view, focused)?.node.focus({ preventScroll: true });
  view.drawn = drawn;
  light(view, view.kept, true);
  panel(view, view.kept);
}

const markOf = (view, what) => view.marks.find((mark) => same(mark, what));

/** One stop of the Tab key for words, one for sentences, one for classes. */
function rove(view) {
  const opened = view.data.opened.sentence;
  const words = view.data.opened.words.map((word) => word.attention);
  const first = { word: words.indexOf(Math.max(...words)), sentence: opened, class: view.target };
  if (view.kept.kind in first) first[view.kept.kind] = view.kept.index;
  for (const { kind, index, node } of view.marks)
    node.setAttribute("tabindex", index === first[kind] ? 0 : -1);
}

/** Numbers of targets and of the classes that have a part in them, as the drawing holds them. */
const withParts = (targets, classes) =>
  targets
    .flatMap((target) => [
      target,
      ...[...Array(classes).keys()].filter((place) => isPartOf(place, target, classes)),
    ])
    .map(String);

/** Light the path of something, and dim the rest. */
function light(view, what, atRest) {
  const opened = view.data.opened.sentence;
  const path = connected(what, opened);
  const on = {
    word: path.words && new Set(path.words.map(String)),
    sentence: path.sentences && new Set(path.sentences.map(String)),
    class: path.classes && new Set(withParts(path.classes, view.data.class_names.length)),
  };
  const quiet = atRest && what.kind === "class";
  const target = what.kind === "class" ? what.index : view.target;
  view.drawing.classList.toggle("pointed", !quiet);
  view.drawing.querySelectorAll(".dim").forEach((node) => {
    const kind = KINDS.find((each) => each in node.dataset);
    const named = on[kind]?.has(node.dataset[kind]);
    node.classList.toggle("on", !on[kind] || named);
    node.classList.toggle("only", Boolean(named) && !quiet);
  });
  view.drawing.querySelectorAll(".wire.class").forEach((node) => {
    const place = Number(node.dataset.class);
    node.classList.toggle("on", isPartOf(place, target, view.data.class_names.length));
  });
  for (const mark of view.marks) {
    mark.node.classList.toggle("alone", same(mark, what));
    mark.node.classList.toggle("kept", same(mark, view.kept));
    mark.node.setAttribute("aria-pressed", String(same(mark, view.kept)));
  }
  if (view.adds !== `${target} ${view.by}`)
    drawAdds(view.drawing, view.data, view.drawn, target, view.by);
  view.adds = `${target} ${view.by}`;
  drawShares(view.drawing, view.data, view.drawn.at, quiet ? { kind: "none", index: 0 } : what);
}

function panel(view, what) {
  const shown = [what.kind, what.index, view.by, view.target].join();
  if (view.shown === shown && view.shownData === view.data) return;
  Object.assign(view, { shown, shownData: view.data });
  drawPanel(view.panel, view.data, what, view, (by) => {
    view.by = by;
    draw(view);
    view.panel.querySelector(`[data-by="${by}"]`)?.focus();
  });
}

/** Show something while it is pointed at or has the focus; the others light, too. */
function preview(view, what) {
  if (!view.drawn) return;
  light(view, what, false);
  panel(view, what);
  const { words } = view.data.opened;
  if (what.kind === "word") announce(SCOPE, { token: words[what.index].token }, view.root);
  if (what.kind === "sentence") announce(SCOPE, { sentence: what.index }, view.root);
}

function rest(view) {
  if (!view.drawn) return;
  light(view, view.kept, true);
  panel(view, view.kept);
  announce(SCOPE, null, view.root);
}

/** Keep what is clicked; a second click lets go. */
function toggle(view, what) {
  if (what.kind !== "class" && same(what, view.kept)) letGo(view);
  else keep(view, what);
  if (what.kind === "class") view.choose(what.index); // the page explains it from now on
}

function keep(view, what) {
  // A lower page would scroll, and something else would be under the finger.
  view.root.style.minHeight = `${view.root.offsetHeight}px`;
  view.kept = what;
  if (what.kind === "class") view.target = what.index;
  draw(view);
  if (what.kind === "sentence" && what.index !== view.data.opened.sentence) view.open(what.index);
}

function wire(view, mark) {
  const { kind, index, node } = mark;
  node.onpointerenter = () => preview(view, mark);
  node.onpointerleave = () => rest(view);
  node.onfocus = () => {
    if (node.matches(":focus-visible")) preview(view, mark);
  };
  node.onblur = () => rest(view);
  node.onclick = () => {
    node.focus({ preventScroll: true });
    toggle(view, { kind, index });
  };
  node.onkeydown = (event) => {
    if (event.key === "Enter" || event.key === " ") toggle(view, { kind, index });
    else if (event.key === "Escape") letGo(view);
    else if (!moved(view, mark, event.key)) return;
    event.preventDefault();
  };
}

function letGo(view) {
  view.target = view.data.target;
  keep(view, home(view));
}

/** Move the focus along a column or to another one; returns whether the key does that. */
function moved(view, { kind, index }, key) {
  const column = view.marks.filter((mark) => mark.kind === kind);
  const place = column.findIndex((mark) => mark.index === index);
  const along = {
    ArrowDown: place + 1,
    ArrowUp: place - 1,
    Home: 0,
    End: column.length - 1,
  }[key];
  let next;
  if (along !== undefined) next = column[along];
  else if (key === "ArrowRight" || key === "ArrowLeft") {
    const other = KINDS[KINDS.indexOf(kind) + (key === "ArrowRight" ? 1 : -1)];
    next = view.marks.find((m) => m.kind === other && m.node.getAttribute("tabindex") === "0");
  } else return false;
  if (!next) return true;
  if (next.kind === kind)
    column.forEach(({ node }) => node.setAttribute("tabindex", node === next.node ? 0 : -1));
  next.node.focus();
  return true;
}

function mount(root) {
  const drawing = svg("svg", { role: "group" });
  const below = el("div", "panel");
  below.setAttribute("role", "region");
  below.setAttribute("aria-label", "The computation in numbers");
  below.tabIndex = 0;
  root.replaceChildren(drawing, below);
  const view = { root, drawing, panel: below, marks: [], by: "written" };
  view.observer = new ResizeObserver(() => {
    const width = Math.min(1400, Math.floor(root.clientWidth));
    if (width < 200 || width === view.width) return;
    view.width = width;
    root.style.minHeight = "";
    if (view.data) draw(view);
  });
  view.observer.observe(root);
  root.onkeydown = (event) => {
    if (event.key === "Escape") letGo(view);
  };
  view.stop = listen(
    SCOPE,
    (pointed) => {
      if (!view.drawn) return;
      const what = placeOf(pointed, view.data.sentences, view.data.opened.sentence);
      light(view, what ?? view.kept, !what);
    },
    root,
  );
  return view;
}

/** Whether two answers are about the same text as read by the same network. */
const ofOneText = (one, other) =>
  one.logits.join() === other.logits.join() && one.sentences.length === other.sentences.length;

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".flow");
  const view = views.get(root) ?? mount(root);
  views.set(root, view);
  view.open = (sentence) => setTriggerValue("open", sentence);
  view.choose = (index) => setTriggerValue("target", index);
  const sent = JSON.stringify(data);
  if (view.sent !== sent) {
    view.sent = sent; // Streamlit also calls when nothing has changed
    take(view, data);
  }
  return () => {
    view.observer.disconnect();
    view.stop();
    views.delete(root);
  };
}

/** Draw new data; what was kept stays where it still is. */
function take(view, data) {
  const before = view.data;
  view.data = data;
  const name = data.class_names[data.predicted];
  const label = `The network for this review: words, sentences, and ${name} as the prediction`;
  view.drawing.setAttribute("aria-label", label);
  const stays = before && ofOneText(before, data) && before.target === data.target;
  const moves = before && before.opened.sentence !== data.opened.sentence;
  if (!stays) {
    view.target = data.target;
    view.root.style.minHeight = "";
  }
  if (!stays || (moves && view.kept.kind === "word")) view.kept = home(view);
  if (view.width) draw(view);
}
