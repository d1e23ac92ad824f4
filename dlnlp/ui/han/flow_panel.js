// The computation of what is pointed at, in the visitor's numbers, below the diagram.
import { el } from "../shell/element.js";
import {
  attentionLogit,
  column,
  gates,
  gatesOfRow,
  gatesOfWord,
  line,
  softmax,
} from "./flow_computations.js";
import { nameOf, ofTarget, percent, rowOf, unpacked } from "./flow_numbers.js";
import { fixed, hue, signed } from "../shell/number_format.js";

const MOST_ROWS = 7;

function ofWord(panel, data, index) {
  const { words, terms, shares } = data.opened;
  const word = words[index];
  const steps = words.length;
  const all = unpacked(terms);
  const share = column(panel, `“${word.text}” in its sentence vector`, "", "of-word summary");
  line(
    share,
    "",
    "Attention α: ",
    [percent(word.attention), "result"],
    " of its state h is added.",
  );
  line(share, "", "Wrote ", [percent(word.wrote), "result"], " of the sentence vector s.");
  const flat = unpacked(shares);
  const from = (direction) =>
    Array.from(rowOf(flat, direction * steps + index, steps))
      .map((value, place) => ({ value, place }))
      .filter(({ value, place }) => place !== index && value > 0.06)
      .sort((a, b) => b.value - a.value)
      .slice(0, 3)
      .map(({ value, place }) => `${words[place].text} ${fixed(100 * value, 0)} %`)
      .join(", ") || "nothing";
  line(share, "quiet", `Its state also holds ↓ ${from(0)}; ↑ ${from(1)}.`);
  if (!word.known)
    line(share, "quiet", "It is not in the vocabulary: the network read the unknown word.");
  else line(share, "quiet", apart(word));
  line(share, "formula", "s = Σ α · h");
  gates(panel, `GRU at “${word.text}”`, gatesOfWord(data, index), data.units);
  attentionLogit(panel, rowOf(all, index, all.length / steps), word.logit, "α", "of-word");
  softmax(
    panel,
    words.map((each) => each.text),
    words.map((each) => each.logit),
    words.map((each) => each.attention),
    index,
    "of-word",
  );
}

/** In words: how attention and what was written differ. */
function apart({ attention, wrote }) {
  if (Math.max(attention, wrote) < 0.05) return "Hardly attended, hardly remembered.";
  if (wrote > 1.5 * attention && wrote > 0.08)
    return "It counts for more than its attention: the states of other words hold it.";
  if (wrote < 0.67 * attention && attention > 0.08)
    return "Much of what is attended here was written by its neighbours.";
  return "Attention and what was written agree here.";
}

/** What has a row or a column: the classes, the best first, and before them another target. */
function targets({ class_names: names }, target) {
  const classes = [...names.keys()].reverse();
  return target < names.length ? classes : [target, ...classes];
}

function ofSentence(panel, data, index, view) {
  const { sentences, opened } = data;
  const sentence = sentences[index];
  const part = column(panel, `Sentence ${index + 1} in every logit`, "", "of-sentence summary");
  const table = el("table");
  const row = (cells, own, tag = "td") => {
    const made = el("tr", own ? "own" : "");
    cells.forEach(([text, className]) => made.append(el(tag, className, text)));
    table.append(made);
  };
  row(
    [
      ["", ""],
      ["wrote", "number"],
      ["attended", "number"],
      ["= β ·", "number quiet"],
      ["W h", "number quiet"],
    ],
    false,
    "th",
  );
  for (const place of targets(data, view.target)) {
    const wrote = ofTarget(sentence.written, place);
    const attended = ofTarget(sentence.attended, place);
    row(
      [
        [nameOf(data, place), ""],
        [signed(wrote, 3), `number ${hue(wrote)}`],
        [signed(attended, 3), `number ${hue(attended)}`],
        [fixed(sentence.attention, 3), "number quiet"],
        [fixed(attended / sentence.attention), "number quiet"],
      ],
      place === view.target,
    );
  }
  part.append(table);
  line(
    part,
    "quiet",
    "Wrote: into the memory, attended at any sentence. Attended: its own state, with what others wrote.",
  );
  if (index === opened.sentence) {
    gates(panel, `GRU at sentence ${index + 1}`, gatesOfRow(data), data.units);
    attentionLogit(panel, unpacked(opened.row_terms), sentence.logit, "β", "of-sentence");
  } else {
    const more = column(panel, "Its words and gates");
    line(more, "quiet", "Click the sentence, or press Enter, to open it.");
  }
  softmax(
    panel,
    sentences.map((_, place) => `sentence ${place + 1}`),
    sentences.map((each) => each.logit),
    sentences.map((each) => each.attention),
    index,
    "of-sentence",
  );
}

/** The mean logit of the upper classes less that of the lower ones, in numbers. */
function contrast(panel, logits, name) {
  const part = column(panel, "Difference of mean logits", name);
  const half = Math.floor(logits.length / 2);
  const mean = (values) => `(${values.map((value) => signed(value)).join(" ")}) / ${half}`;
  line(part, "formula", mean(logits.slice(-half)));
  line(part, "formula", `− ${mean(logits.slice(0, half))}`);
  line(part, "formula", "= ", [signed(ofTarget(logits, logits.length)), "result"]);
  line(part, "quiet", "The middle one of an odd number of classes has no part in it.");
}

function ofClass(panel, data, index, view, choose) {
  const { sentences, class_names: names, bias, logits } = data;
  const single = index < names.length;
  const below = single ? "each sentence adds to each logit" : "each sentence adds to it";
  const part = column(panel, `Why ${nameOf(data, index)}?`, below, "why");
  const choice = el("span", "choice");
  for (const [by, text] of [
    ["written", "by what it wrote"],
    ["attended", "by where the attention was"],
  ]) {
    const button = el("button", "", text);
    button.type = "button";
    button.dataset.by = by;
    button.setAttribute("aria-pressed", String(by === view.by));
    button.onclick = () => choose(by);
    choice.append(button);
  }
  part.append(choice);
  const table = el("table");
  const row = (name, values, className, tag = "td") => {
    const made = el("tr", className);
    made.append(el(tag === "th" ? "td" : "th", "name", name));
    targets(data, index).forEach((place) => {
      const plain = tag === "th";
      const value = plain ? nameOf(data, place) : ofTarget(values, place);
      const signClass = plain || className === "sum" ? "" : hue(value);
      const own = place === index ? "own" : "";
      made.append(el(tag, `number ${signClass} ${own}`, plain ? value : signed(value, 3)));
    });
    table.append(made);
  };
  row("", [], "", "th");
  const parts = sentences.map((sentence) => sentence[view.by]);
  const order = [...sentences.keys()].sort(
    (a, b) => Math.abs(ofTarget(parts[b], index)) - Math.abs(ofTarget(parts[a], index)),
  );
  const shown = new Set(order.slice(0, sentences.length > MOST_ROWS ? MOST_ROWS - 1 : MOST_ROWS));
  sentences.forEach((sentence, place) => {
    if (shown.has(place)) row(`${place + 1}  ${sentence.text}`, parts[place], "");
  });
  const others = sentences.length - shown.size;
  if (others > 0) {
    const rest = names.map((_, c) =>
      parts.reduce((sum, values, place) => sum + (shown.has(place) ? 0 : values[c]), 0),
    );
    row(`${others} others`, rest, "quiet");
  }
  row("bias b", bias, "");
  row("= logit", logits, "sum");
  const scroller = el("div", "scroller");
  scroller.append(table);
  part.append(scroller);
  if (single) softmax(panel, names, logits, data.probabilities, index, "of-class");
  else contrast(panel, logits, nameOf(data, index));
  const read = column(panel, "How to read it", "", "legend");
  for (const [kind, text] of [
    ["word", "words: attention α, shares of the sentence"],
    ["sentence", "sentences: attention β, shares of the review"],
    ["for", "adds to the logit"],
    ["against", "takes from it"],
  ]) {
    const made = el("p");
    made.append(el("span", `sample ${kind}`), text);
    read.append(made);
  }
  line(
    read,
    "quiet",
    "A layer of a GRU is what one word or sentence wrote into the memory: later ones squeeze it. " +
      "What they all wrote adds up to the logit.",
  );
  if (data.unread) line(read, "quiet", "The end of the text is not read: it is too long.");
}

/**
 * Fill the panel.
 * @param {HTMLElement} panel
 * @param {import("./flow_numbers.js").FlowData} data
 * @param {{kind: string, index: number}} what
 * @param {{target: number, by: "written" | "attended"}} view
 * @param {(by: "written" | "attended") => void} choose
 */
export function drawPanel(panel, data, what, view, choose) {
  panel.replaceChildren();
  if (what.kind === "word") ofWord(panel, data, what.index);
  else if (what.kind === "sentence") ofSentence(panel, data, what.index, view);
  else ofClass(panel, data, what.index, view, choose);
}
