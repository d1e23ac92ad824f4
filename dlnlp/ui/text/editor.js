import { el, setText } from "../shell/element.js";
import { announce, listen } from "../shell/linked.js";
import { carry, difference, spanAt } from "./carrying.js";
import { keepBoxes, light, placeBoxes } from "./boxes.js";
import { describe, offer, startPanel } from "./word_panel.js";

// One text in two layers: a text area that is read and written, and boxes behind its words.
// The text area is the truth. Python is told (owner, revision, sequence, text) and answers with
// numbers for that sequence; what was typed since is carried into the answer, and the text area is
// written only when the revision has risen: when Python has chosen another text. A new owner under an
// editor that stands is a server that has taken over: the text here is at least as new as its own.

/**
 * @typedef {object} Data
 * @property {string} name of the editor, among those of all pages
 * @property {string} owner the session that the numbers below count in
 * @property {number} revision rises with every text that Python has chosen
 * @property {number} sequence rises with every text that was typed since
 * @property {string} text
 * @property {object | null} shading see editor_shading.py
 * @property {string} pending why the shading is not there yet; empty where there is none
 * @property {string} mask what a masked word becomes
 */

const PAUSE_MS = 180;
const AGAIN_MS = 3000; // a busy server answers within this, mostly
const ATTEMPTS = 4;
const LIVE_LIMIT = 60000; // characters; longer texts are an ordinary field
const UNDO_LIMIT = 20000; // a longer text is not typed in, but set
const REMEMBERED = 20;
const states = new WeakMap();
const unread = new Map(); // name of the editor -> message that was not answered when it was left

/** The copy and the places go with the text at once; the numbers come later. */
function follow(s) {
  const now = s.area.value;
  if (s.text === now) return;
  const long = now.length > LIVE_LIMIT;
  s.root.classList.toggle("long", long);
  if (long) {
    [s.text, s.spans, s.sentenceSpans, s.rest] = ["", [], [], []];
    s.copy.firstChild.data = "\u200b";
    placeBoxes(s);
    return;
  }
  const { start: begin, end, newEnd } = difference(s.text, now);
  s.copy.firstChild.replaceData(begin, end - begin, now.slice(begin, newEnd));
  s.spans = carry(s.spans, s.text, now);
  s.sentenceSpans = carry(s.sentenceSpans, s.text, now);
  s.rest = carry(s.rest, s.text, now);
  s.text = now;
  s.later();
}

/** Number the text, unless it has its number; returns whether it is new. */
function count(s) {
  clearTimeout(s.timer);
  if (s.composing || s.area.value === s.base.get(s.sequence)) return false;
  s.base = new Map([...s.base].slice(-REMEMBERED)).set(++s.sequence, s.area.value);
  return true;
}

/** Tell Python the text, unless it knows it. */
function send(s) {
  if (count(s)) tell(s, 0);
}

/**
 * Streamlit lets what it is told fall where a page is just being drawn: what brings no answer is
 * told again, later each time.
 */
function tell(s, attempt) {
  clearTimeout(s.again);
  s.tell("edit", { ...message(s), text: s.base.get(s.sequence), attempt });
  if (attempt === ATTEMPTS) return;
  s.again = setTimeout(() => s.sequence > s.answered && tell(s, attempt + 1), AGAIN_MS << attempt);
}

function sendSoon(s) {
  clearTimeout(s.timer);
  if (s.area.value.length <= LIVE_LIMIT) s.timer = setTimeout(() => send(s), PAUSE_MS);
}

/**
 * The focus goes, and perhaps the page. Streamlit lets what it was told fall when another page is
 * asked for before it was read: the next editor of this text tells it again.
 */
function leave(s) {
  send(s);
  if (s.sequence !== s.answered) unread.set(s.name, message(s));
}

/** A text that was left in this session and that Python has not read, if any. */
function left(s) {
  const { owner, revision, sequence, text } = unread.get(s.name) ?? {};
  return owner === s.owner && revision === s.revision && sequence > s.sequence ? text : undefined;
}

const message = (s) => ({
  owner: s.owner,
  revision: s.revision,
  sequence: s.sequence,
  text: s.area.value,
});

const stale = (s) =>
  s.root.classList.toggle("stale", !!s.pending || s.area.value !== s.base.get(s.answered));

const focused = (s) => s.root.getRootNode().activeElement === s.area;

/** What is shown: what is pointed at here, else in another view, else what the caret keeps. */
function show(s) {
  const pointed = s.hover ?? s.linked ?? s.kept;
  describe(s, pointed);
  offer(s, s.kept);
  light(s, pointed);
  const own = s.hover ?? s.kept;
  const told = JSON.stringify(own);
  if (told !== s.told) announce("text", own, s);
  s.told = told;
}

/** The word at the caret, or the sentence that is selected. */
function caret(s) {
  const { selectionStart: begin, selectionEnd: end } = s.area;
  let sentence = -1;
  if (begin < end)
    for (let i = 0; i < s.sentenceSpans.length; i += 2)
      if (s.sentenceSpans[i] === begin && s.sentenceSpans[i + 1] === end) sentence = i / 2;
  const token = spanAt(s.spans, end);
  s.kept = sentence >= 0 ? { sentence } : token >= 0 ? { token } : null;
  show(s);
}

function wireText(s) {
  const { area, root } = s;
  const soon = () => sendSoon(s);
  area.addEventListener("input", () => {
    follow(s);
    stale(s);
    soon();
  });
  area.addEventListener("compositionstart", () => {
    s.composing = true;
    clearTimeout(s.timer);
  });
  area.addEventListener("compositionend", () => {
    s.composing = false;
    soon();
  });
  area.addEventListener("blur", () => leave(s));
  area.addEventListener("scroll", () => {
    if (s.text) area.scrollTop = area.scrollLeft = 0; // only the frame around it scrolls
  });
  area.addEventListener("keydown", (event) => {
    s.byKey = true;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(s);
  });
  s.onCaret = () => focused(s) && caret(s);
  document.addEventListener("selectionchange", s.onCaret);
  area.addEventListener("selectionchange", s.onCaret);
  area.addEventListener("pointermove", (event) => {
    s.byKey = false;
    const under = root
      .getRootNode()
      .elementsFromPoint(event.clientX, event.clientY)
      .find((node) => node.word !== undefined);
    hover(s, under ? { token: under.word } : null);
  });
  area.addEventListener("pointerleave", () => hover(s, null));
}

function hover(s, pointed) {
  if (JSON.stringify(pointed) === JSON.stringify(s.hover)) return;
  s.hover = pointed;
  show(s);
}

function wireGutter(s) {
  const { gutter, area } = s;
  const pointed = ({ target }) =>
    target.sentence === undefined ? null : { sentence: target.sentence };
  gutter.addEventListener("pointerover", (event) => hover(s, pointed(event)));
  gutter.addEventListener("pointerleave", () => hover(s, null));
  gutter.addEventListener("focusin", (event) => hover(s, pointed(event)));
  gutter.addEventListener("focusout", () => hover(s, null));
  gutter.addEventListener("click", ({ target: { sentence } }) => {
    if (sentence === undefined) return;
    area.focus({ preventScroll: true });
    area.setSelectionRange(s.sentenceSpans[2 * sentence], s.sentenceSpans[2 * sentence + 1]);
    caret(s);
  });
  gutter.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const wanted = event.target.sentence + step;
    const next = step && [...gutter.children].find((chip) => chip.sentence === wanted);
    if (!next) return;
    event.preventDefault();
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    s.reachable = wanted;
    next.focus();
  });
}

function start(root) {
  const part = (name) => root.querySelector(name);
  const s = {
    root,
    area: part("textarea"),
    copy: part(".copy"),
    scroller: part(".scroller"),
    shades: part(".shades"),
    unread: part(".unread"),
    gutter: part(".gutter"),
    legend: part(".legend"),
    status: part(".status"),
    spoken: part(".spoken"),
    range: new Range(),
    owner: "",
    revision: -1,
    sequence: 0,
    answered: 0,
    base: new Map(), // sequence -> the text that was sent then
    boxes: new Map(),
    spans: [],
    sentenceSpans: [],
    rest: [],
    shading: null,
    pending: "",
    hover: null,
    linked: null,
    kept: null,
    lit: null,
    text: "",
  };
  s.copy.append("\u200b"); // else a last empty line has no height
  s.later = () => {
    cancelAnimationFrame(s.frame);
    s.frame = requestAnimationFrame(() => placeBoxes(s));
  };
  startPanel(s, (kind, begin, end, replacement) => {
    count(s);
    s.change("change", { ...message(s), kind, begin, end, replacement });
  });
  wireText(s);
  wireGutter(s);
  s.scroller.addEventListener("scroll", s.later);
  const resized = new ResizeObserver(s.later);
  resized.observe(s.copy);
  document.fonts.addEventListener("loadingdone", s.later);
  const deaf = listen(
    "text",
    (pointed) => {
      s.linked = pointed;
      show(s);
    },
    s,
  );
  s.stop = () => {
    clearTimeout(s.timer);
    clearTimeout(s.again);
    clearTimeout(s.speak);
    document.removeEventListener("selectionchange", s.onCaret);
    document.fonts.removeEventListener("loadingdone", s.later);
    resized.disconnect();
    deaf();
  };
  return s;
}

/** What has the focus, inside of components too. */
function focusedNow() {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  return node;
}

/** A text that Python chose: typed in, so that Ctrl+Z brings back the visitor's own. */
function take(s, text, first) {
  const { area } = s;
  const inside = s.root.getRootNode().activeElement; // a click on an action of the panel
  const outside = focusedNow(); // a button of another part, or an example
  const touch = matchMedia("(pointer: coarse)").matches; // focus would open a keyboard
  const { start: begin, end, newEnd } = difference(area.value, text);
  if (!first && area.value && text.length < UNDO_LIMIT && (inside || !touch)) {
    area.focus({ preventScroll: true });
    area.setSelectionRange(begin, end);
    const inserted = text.slice(begin, newEnd);
    document.execCommand(inserted ? "insertText" : "delete", false, inserted);
  }
  if (area.value !== text) area.value = text;
  clearTimeout(s.timer);
  if (inside) {
    area.focus({ preventScroll: true });
    area.setSelectionRange(newEnd, newEnd);
  } else {
    area.setSelectionRange(0, 0);
    area.blur();
    outside?.focus({ preventScroll: true });
    s.kept = null;
    s.scroller.scrollTop = 0;
  }
  follow(s);
}

function drawLegend(s) {
  const item = (...parts) => {
    const node = el("span", "scale");
    node.append(...parts);
    return node;
  };
  const bar = (scale, of) => el("span", `bar ${of} ${scale.kind}`);
  const end = (text) => el("span", "", text);
  const items = [];
  if (s.shading) {
    const { sentences, words, unknown } = s.shading;
    const [low, high] = sentences.scale.numbers;
    // One line: what the ends mean is said once, for the words.
    const ends =
      words.scale.kind === "diverging" ? [words.scale.low, words.scale.high] : words.scale.numbers;
    items.push(
      item(
        el("span", "scale-title", sentences.scale.title),
        end(low),
        bar(sentences.scale, "of-sentences"),
        end(high),
      ),
      item(
        el("span", "scale-title", words.scale.title),
        end(ends[0]),
        bar(words.scale, "of-words"),
        end(ends[1]),
      ),
    );
    if (unknown.length) items.push(item(el("span", "unknown-sample", "word"), end("unknown")));
  }
  s.legend.replaceChildren(...items);
}

/** @param {{data: Data, parentElement: ParentNode}} component */
export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".ed");
  const s = states.get(root) ?? start(root);
  states.set(root, s);
  [s.tell, s.change, s.mask] = [setStateValue, setTriggerValue, data.mask];
  if (data.owner !== s.owner || data.revision > s.revision) {
    const first = s.revision < 0;
    const takenOver = !first && data.owner !== s.owner;
    [s.owner, s.revision, s.sequence] = [data.owner, data.revision, data.sequence];
    s.base = new Map([[data.sequence, data.text]]);
    s.name = data.name;
    const again = first ? left(s) : undefined;
    if (again !== undefined) {
      take(s, again, first);
      sendSoon(s);
    } else if (takenOver) sendSoon(s);
    else if (data.text !== s.area.value) take(s, data.text, first);
  }
  const base = data.revision === s.revision ? s.base.get(data.sequence) : undefined;
  if (base === undefined) return s.stop; // numbers of a text that nobody remembers
  follow(s);
  s.pending = data.pending;
  s.answered = data.sequence;
  if (data.shading || !data.pending) {
    s.shading = data.shading;
    const { words, sentences, rest } = data.shading ?? {
      words: { spans: [] },
      sentences: { spans: [] },
      rest: [],
    };
    const long = root.classList.contains("long");
    const now = (spans) => (long ? [] : carry(spans, base, s.area.value));
    keepBoxes(s, now(words.spans));
    s.sentenceSpans = now(sentences.spans);
    s.rest = now(rest.flatMap(({ start: place }) => [place, place]));
    drawLegend(s);
  }
  setText(s.status, s.pending || (s.rest.length ? "Hatched: not shaded" : ""));
  placeBoxes(s);
  stale(s);
  if (s.kept) caret(s);
  else show(s);
  return s.stop;
}
