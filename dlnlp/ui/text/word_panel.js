import { el, setText } from "../shell/element.js";

// The numbers of what is pointed at, and what can be done to the word or sentence at the caret.
// The panel has one height, whatever it shows: nothing moves while one points at words.

const SAY_AFTER_MS = 500;
const LONGEST = 40;

/** A word or sentence on one line, in quotes. */
function quoted(text) {
  const flat = text.trim().replace(/\s+/g, " ");
  const characters = Array.from(flat.slice(0, 4 * LONGEST));
  return characters.length > LONGEST ? `“${characters.slice(0, LONGEST).join("")}…”` : `“${flat}”`;
}

/** The words or the sentences of a shading, where they stand now, and the number of one of them. */
function stretchesOf(s, pointed) {
  if (!pointed || !s.shading) return null;
  const token = pointed.token !== undefined;
  const index = token ? pointed.token : pointed.sentence;
  const spans = token ? s.spans : s.sentenceSpans;
  const stretches = token ? s.shading.words : s.shading.sentences;
  const [begin, end] = [spans[2 * index], spans[2 * index + 1]];
  if (!(begin < end)) return null; // not there, or deleted since
  return { token, index, stretches, begin, end, text: s.area.value.slice(begin, end) };
}

/** What a pointed word or sentence is called, and its facts: label and value of each. */
function factsOf(s, found) {
  const { token, index, stretches, text } = found;
  const size = Math.abs(stretches.shades[index]);
  const rank = 1 + stretches.shades.filter((shade) => Math.abs(shade) > size).length;
  const facts = stretches.columns.map((label, k) => [label, stretches.numbers[k][index]]);
  facts.push(["Rank", `${rank} of ${stretches.shades.length}`]);
  if (token) {
    const sentence = s.shading.sentence_of[index];
    facts.push([`Sentence ${sentence + 1}`, s.shading.labels[sentence]]);
  }
  const title = token ? quoted(text) : `Sentence ${index + 1}`;
  return { title, facts: facts.filter(([, value]) => value !== "") };
}

/** What to do while nothing is pointed at, or why a part of the text is not shaded. */
function hintsOf(s) {
  if (s.root.classList.contains("long"))
    return ["Too long to be shaded in place. Ctrl + Enter reads it."];
  if (!s.shading) return [];
  if (s.shading.rest.length) return s.shading.rest.map((rest) => rest.note);
  return [
    "Point at a word or at the number of a sentence for all of its numbers; a click keeps them.",
  ];
}

/** Show the numbers of what is pointed at, or what pointing would do. */
export function describe(s, pointed) {
  const found = stretchesOf(s, pointed);
  const { about, facts, hints, numbers } = s.panel;
  hints.hidden = !!found;
  numbers.hidden = !found;
  if (!found) {
    hints.replaceChildren(...hintsOf(s).map((hint) => el("div", "hint", hint)));
    return;
  }
  const told = factsOf(s, found);
  setText(about, told.title);
  facts.replaceChildren(
    ...told.facts.map(([label, value]) => {
      const fact = el("div", "fact");
      fact.append(el("dt", "", label), el("dd", "", value));
      return fact;
    }),
  );
  if (!s.byKey) return;
  clearTimeout(s.speak); // a screen reader hears it once the caret rests
  const words = `${told.title}: ${told.facts.map((fact) => fact.join(" ")).join(", ")}`;
  s.speak = setTimeout(() => setText(s.spoken, words), SAY_AFTER_MS);
}

/** Offer what can be done to the word or sentence at the caret. */
export function offer(s, kept) {
  const found = stretchesOf(s, kept);
  const { subject, remove, mask, replacement, replace } = s.panel;
  setText(
    subject,
    !found
      ? "Click a word to change it:"
      : found.token
        ? quoted(found.text)
        : `Sentence ${found.index + 1}`,
  );
  remove.disabled = !found;
  mask.disabled = !found?.token || found.text === s.mask;
  replacement.disabled = replace.disabled = !found?.token;
}

/**
 * Find the parts of the panel and wire what they do.
 * @param {object} s the editor's state
 * @param {(kind: string, begin: number, end: number, replacement: string) => void} change
 */
export function startPanel(s, change) {
  const part = (name) => s.root.querySelector(`.${name}`);
  const names = [
    "hints",
    "numbers",
    "about",
    "facts",
    "subject",
    "remove",
    "mask",
    "replacement",
    "replace",
  ];
  s.panel = Object.fromEntries(names.map((name) => [name, part(name)]));
  const act = (kind) => {
    const found = stretchesOf(s, s.kept);
    const { replacement } = s.panel;
    if (!found || (kind === "replace" && !replacement.value.trim())) return;
    change(kind, found.begin, found.end, replacement.value);
    replacement.value = "";
  };
  s.panel.remove.addEventListener("click", () => act("delete"));
  s.panel.mask.addEventListener("click", () => act("mask"));
  part("form").addEventListener("submit", (event) => {
    event.preventDefault();
    act("replace");
  });
}
