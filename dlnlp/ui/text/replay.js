import { el, setText } from "../shell/element.js";
import { inPercent, signed } from "../shell/number_format.js";
import { predictionChart, sidesChart, spreadChart, wordChart } from "./replay_curves.js";
import {
  largest,
  largestSentence,
  mostChanged,
  ranked,
  whereInTraining,
} from "./replay_numbers.js";

// A recorded training: the text shaded as at one step, and curves over all steps. Everything is
// drawn here; moving along the steps asks nothing of the server.

/**
 * @typedef {{label: string, rows: (string | {word: string})[][]}} TextData
 * @typedef {{class_names: string[], texts: TextData[], points: import("./replay_numbers.js").Point[],
 *   kept_step?: number, about: string, live: boolean}} ReplayData
 */

const PACE = 280; // milliseconds for a point while it plays
const drawn = new WeakMap(); // root -> state

function build(root, state) {
  const { data, text } = state;
  const part = (name) => root.querySelector(name);
  const focused = root.getRootNode().activeElement?.classList.contains("word");
  const choices = data.texts.map(({ label }, index) => {
    const node = el("button", "text", label);
    node.type = "button";
    node.setAttribute("aria-pressed", String(index === text));
    node.onclick = () => {
      state.text = index;
      state.chosen = false;
      build(root, state);
      root.querySelectorAll(".text")[index].focus();
    };
    return node;
  });
  part(".texts").replaceChildren(...(choices.length > 1 ? choices : []));
  const said = data.points.map((point) => point.texts[text]);
  const attends = said[0].sentences !== undefined;
  // Until a word is chosen, the one that has changed most so far.
  if (!state.chosen) state.word = mostChanged(said[0], said[said.length - 1]);
  buildRows(root, state, attends);
  const range = part(".seek");
  range.max = data.points.length - 1;
  // The first point alone: there is nothing to move along yet.
  part(".play").hidden = range.hidden = data.points.length < 2;
  setText(part(".about"), data.about);
  const most = largest(data.points, text);
  state.most = most;
  state.mostRow = largestSentence(data.points, text);
  legend(part(".legend"), state, attends);
  const seek = (index) => {
    pause(root, state);
    show(root, state, index);
  };
  range.oninput = () => seek(Number(range.value));
  part(".play").onclick = () => (state.timer ? pause(root, state) : play(root, state));
  state.charts = [
    predictionChart(state, said, seek),
    attends ? spreadChart(state, said, seek) : sidesChart(state, said, seek),
    wordChart(state, said, seek, attends),
  ];
  part(".charts").replaceChildren(...state.charts.map(({ node }) => node));
  show(root, state, Math.min(state.at, data.points.length - 1));
  if (focused) state.words[state.word]?.focus({ preventScroll: true });
}

function buildRows(root, state, attends) {
  state.words = [];
  state.chips = [];
  const rows = state.data.texts[state.text].rows.map((pieces, number) => {
    const row = el("div", "row");
    if (attends) {
      const chip = el("span", "chip");
      state.chips.push(chip);
      row.append(chip);
      chip.title = `Sentence ${number + 1}: sentence attention`;
    }
    const words = el("div", "words");
    words.dir = "auto";
    for (const piece of pieces) {
      if (typeof piece === "string") {
        words.append(piece);
        continue;
      }
      const node = el("span", "word", piece.word);
      node.setAttribute("role", "button");
      state.words.push(node);
      words.append(node);
    }
    row.append(words);
    return row;
  });
  const box = root.querySelector(".rows");
  box.classList.toggle("plain", !attends);
  box.replaceChildren(...rows);
  const choose = (place, focus) => {
    if (!state.words[place]) return;
    state.word = place;
    state.chosen = true;
    build(root, state);
    if (focus) state.words[place].focus();
  };
  box.onclick = (event) => choose(state.words.indexOf(event.target));
  box.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const here = state.words.indexOf(event.target);
    if (!step || here < 0) return;
    event.preventDefault();
    choose(here + step, true);
  };
}

function legend(node, state, attends) {
  const scale = (title, kind, low, high) => {
    const item = el("span", "scale");
    item.append(el("strong", "", title), el("span", "", low), el("span", `bar ${kind}`));
    item.append(el("span", "", high));
    return item;
  };
  const { most, mostRow } = state;
  // The only word of a sentence has all of its attention, whatever the scale.
  const alone = state.data.points[0].texts[state.text].words.some((row) => row.length === 1);
  node.replaceChildren(
    ...(attends
      ? [
          scale("Sentence attention", "sentence", "0", inPercent(mostRow)),
          scale("Word attention", "word", "0", `${inPercent(most)}${alone ? " or more" : ""}`),
        ]
      : [scale("Exact contribution", "sides", `${signed(-most)} against`, `${signed(most)} for`)]),
  );
}

/** Show one point: nothing is built anew. */
function show(root, state, index) {
  const { data } = state;
  const point = data.points[index];
  const said = point.texts[state.text];
  const last = data.points[data.points.length - 1];
  state.at = index;
  state.follows = index === data.points.length - 1;
  said.words.flat().forEach((value, place) => {
    const node = state.words[place];
    if (!node) return;
    node.style.setProperty("--v", Math.min(1, Math.abs(value) / (state.most || 1)).toFixed(3));
    node.classList.toggle("for", !said.sentences && value > 0);
    node.classList.toggle("against", !said.sentences && value < 0);
    node.setAttribute("aria-pressed", String(place === state.word));
    node.tabIndex = place === state.word ? 0 : -1;
    const number = said.sentences ? inPercent(value) : signed(value);
    node.setAttribute("aria-label", `${node.textContent}: ${number}`);
  });
  state.chips.forEach((chip, place) => {
    chip.style.setProperty("--v", (said.sentences[place] / (state.mostRow || 1)).toFixed(3));
    setText(chip, inPercent(said.sentences[place]));
  });
  const [{ place, probability }] = ranked(said.probabilities);
  const answer = `${data.class_names[place]} ${inPercent(probability)}`;
  const where = whereInTraining(point.step, data.live ? undefined : last.step);
  const epoch = point.step ? `epoch ${point.epoch.toFixed(1)}` : "random start";
  setText(root.querySelector(".where"), `${where}: ${epoch}`);
  const range = root.querySelector(".seek");
  range.value = index;
  range.setAttribute("aria-valuetext", `${where}: ${answer}`);
  for (const chart of state.charts) chart.show(index, chart.read(index));
}

function play(root, state) {
  const end = () => state.data.points.length - 1;
  if (state.at >= end()) show(root, state, 0);
  state.timer = setInterval(() => {
    if (!root.isConnected || state.at >= end()) pause(root, state);
    else show(root, state, state.at + 1);
  }, PACE);
  button(root, true);
}

function pause(root, state) {
  clearInterval(state.timer);
  state.timer = undefined;
  button(root, false);
}

function button(root, playing) {
  const node = root.querySelector(".play");
  setText(node, playing ? "❚❚ Pause" : "▶ Play");
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".replay");
  const before = drawn.get(root);
  const texts = JSON.stringify([data.texts, data.class_names]);
  const { points } = data;
  if (before && before.texts === texts) {
    // More points of the same training: whoever looks at the newest goes on looking at the newest.
    const follows = before.follows && !before.timer;
    const grown = points.length !== before.data.points.length;
    before.data = data;
    if (follows && data.live) before.at = points.length - 1;
    if (grown || data.live) build(root, before);
    return () => pause(root, before);
  }
  if (before) pause(root, before);
  const state = { data, texts, text: 0, at: data.live ? points.length - 1 : 0, follows: data.live };
  drawn.set(root, state);
  button(root, false);
  build(root, state);
  return () => pause(root, state);
}
