import { el } from "../shell/element.js";

// Boxes behind the words of a text area, and a chip for each sentence beside the line it begins on.
// Where a word stands is read off a hidden copy of the text: ONE text node with the text area's own
// style, so that its lines break in the same places. Spans around words would break otherwise.

// Words that far above and below what is seen have boxes, too: scrolling finds them there.
const AROUND = 150;
const GAP = 4;
const [CHIP, LINE, LOWEST] = [1.36, 1.9, 0.85]; // rem: a chip's usual height, a line's, what is read

/** The rectangles of a stretch of the copy, in the window. */
function rectangles(s, begin, end) {
  const text = s.copy.firstChild;
  s.range.setStart(text, begin);
  s.range.setEnd(text, end);
  return [...s.range.getClientRects()];
}

/** The first word that ends in view, or a little above; a very long one begins far above. */
function firstInView(s, top) {
  let low = 0;
  let high = s.spans.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    const last = Math.max(s.spans[2 * middle], s.spans[2 * middle + 1] - 1);
    if ((rectangles(s, last, last + 1)[0]?.bottom ?? 0) < top) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Put boxes where the words in view stand. */
export function placeBoxes(s) {
  const { shading, spans } = s;
  const old = s.boxes;
  s.boxes = new Map();
  const beginnings = []; // of sentences: the middle of the line that they begin on
  const found = [];
  const origin = s.copy.getBoundingClientRect();
  const view = s.scroller.getBoundingClientRect();
  const count = shading ? spans.length / 2 : 0;
  let word = count ? firstInView(s, view.top - AROUND) : 0;
  for (let below = false; word < count && !below; word++) {
    const [begin, end] = [spans[2 * word], spans[2 * word + 1]];
    if (end <= begin) continue; // deleted since
    rectangles(s, begin, end).forEach((box, part) => {
      if (box.width) found.push({ word, part, box });
      below ||= box.top > view.bottom + AROUND;
    });
  }
  const unread = count ? restRectangles(s, origin) : [];
  // All reading is done: from here on everything writes.
  const unknown = new Set(shading?.unknown);
  for (const { word: index, part, box } of found) {
    const key = `${index}.${part}`;
    const shade = shading.words.shades[index];
    const top = box.top - origin.top;
    const node = old.get(key) ?? s.shades.appendChild(el("i"));
    old.delete(key);
    s.boxes.set(key, node);
    node.style.cssText =
      `left:${box.left - origin.left - 1.5}px;top:${top}px;` +
      `width:${box.width + 3}px;height:${box.height}px;--v:${Math.abs(shade)}`;
    node.className = `word ${sideOf(shading.words, shade)}${unknown.has(index) ? " unknown" : ""}`;
    node.word = index;
    const sentence = shading.sentence_of[index];
    if (!part && sentence !== shading.sentence_of[index - 1])
      beginnings[sentence] = top + box.height / 2;
  }
  old.forEach((node) => node.remove());
  s.unread.replaceChildren(
    ...unread.map((place) => {
      const node = el("i", "unread-part");
      Object.assign(node.style, place);
      return node;
    }),
  );
  placeChips(s, beginnings);
  light(s, s.lit);
}

/** New numbers count words anew: a box stays with its word, so that its shade glides. */
export function keepBoxes(s, spans) {
  const places = new Map();
  for (let i = 0; i < spans.length; i += 2) places.set(spans[i], i / 2);
  const boxes = new Map();
  for (const [key, node] of s.boxes) {
    const now = places.get(s.spans[2 * node.word]);
    const name = `${now}.${key.split(".")[1]}`;
    if (now === undefined || boxes.has(name)) node.remove();
    else boxes.set(name, node);
  }
  s.boxes = boxes;
  s.spans = spans;
}

/** The text that is not shaded any more: the rest of a line, and all lines below. */
function restRectangles(s, origin) {
  const start = s.rest[0];
  const length = s.copy.firstChild.length - 1;
  if (start === undefined || start >= length) return [];
  const first = rectangles(s, start, start + 1)[0];
  if (!first) return [];
  const [left, top] = [first.left - origin.left, first.top - origin.top];
  return [
    { left: `${left}px`, top: `${top}px`, right: "0", height: `${first.height}px` },
    { left: "0", top: `${top + first.height}px`, right: "0", bottom: "0" },
  ];
}

function sideOf(stretches, shade) {
  if (stretches.scale.kind !== "diverging") return "";
  return shade < 0 ? "against" : "for";
}

/**
 * Where the chips of one line stand: all of one width, so that bars of all lines compare. Those that
 * do not fit beside one another stand below, on lower ones.
 * @param {number} count how many sentences begin on the line
 * @param {number} wide pixels of the gutter
 * @returns {{left: number, top: number, width: number, height: number}[]} in pixels from the left,
 *   and in rem from the middle of the line
 */
export function chipPlaces(count, wide) {
  const columns = wide > 60 ? 2 : 1;
  const rows = Math.ceil(count / columns);
  const width = (wide - GAP * (columns - 1)) / columns;
  const step = rows === 1 ? CHIP : LINE / rows;
  const height = rows === 1 ? CHIP : 0.93 * step;
  return Array.from({ length: count }, (_, number) => ({
    left: (number % columns) * (width + GAP),
    top: (Math.floor(number / columns) - rows / 2) * step,
    width,
    height,
  }));
}

function placeChips(s, beginnings) {
  const { gutter, shading } = s;
  const lines = new Map();
  beginnings.forEach((middle, sentence) => {
    const line = Math.round(middle);
    lines.set(line, [...(lines.get(line) ?? []), sentence]);
  });
  const old = new Map([...gutter.children].map((chip) => [chip.sentence, chip]));
  for (const [middle, sentences] of lines) {
    const places = chipPlaces(sentences.length, gutter.clientWidth - 10);
    sentences.forEach((sentence, number) => {
      const { left, top, width, height } = places[number];
      const chip = old.get(sentence) ?? gutter.appendChild(el("button"));
      old.delete(sentence);
      const { shades, columns, numbers } = shading.sentences;
      const shade = shades[sentence];
      chip.sentence = sentence;
      chip.type = "button";
      chip.tabIndex = -1;
      chip.className = `chip ${sideOf(shading.sentences, shade)}`;
      chip.classList.toggle("low", height < CHIP);
      chip.textContent = height < LOWEST ? "" : shading.labels[sentence].replace(/ %$/, "");
      chip.style.cssText =
        `top:calc(${middle}px + ${top}rem);left:${5 + left}px;` +
        `width:${width}px;height:${height}rem;line-height:${height}rem;--v:${Math.abs(shade)}`;
      chip.setAttribute(
        "aria-label",
        `Sentence ${sentence + 1}: ${columns[0]} ${numbers[0][sentence]}`,
      );
    });
  }
  old.forEach((chip) => chip.remove());
  const chips = [...gutter.children].sort((a, b) => a.sentence - b.sentence);
  const reachable = chips.find((chip) => chip.sentence === s.reachable) ?? chips[0];
  if (reachable) reachable.tabIndex = 0;
}

/** Mark a word or a sentence; null marks nothing. */
export function light(s, pointed) {
  s.lit = pointed;
  const of = s.shading?.sentence_of ?? [];
  for (const node of s.boxes.values()) {
    node.classList.toggle("hot", node.word === pointed?.token);
    node.classList.toggle("lit", of[node.word] === pointed?.sentence && !!pointed);
  }
  const sentence = pointed?.sentence ?? of[pointed?.token];
  for (const chip of s.gutter.children) chip.classList.toggle("on", chip.sentence === sentence);
}
