import { svg } from "../shell/element.js";
import { bestWindows, bothNumbers, gram, throughRow, wordsOfSentence } from "./flow_model.js";
import { put } from "./flow_parts.js";
import { labelOf } from "./flow_rows.js";
import { many, total } from "./flow_numbers.js";
import { inPercent, signed } from "../shell/number_format.js";

// Lights the path of what is pointed at, and says it in one sentence.

export function sentenceOf(model, id) {
  const { data } = model;
  const number = Number(id.slice(1));
  if (id[0] === "w" && model.byToken.has(number))
    return bothNumbers(model.byToken.get(number), data.many_words === 1);
  if (id[0] === "s") {
    const words = wordsOfSentence(model, number);
    const share = total(words.map((word) => word.share));
    return `The words of sentence ${number + 1} add ${signed(share)}.`;
  }
  const filter = id[0] === "f" ? model.byNumber.get(number) : undefined;
  const alone = filter && { kind: "filter", filters: [filter], parts: [filter.adds] };
  const row = alone ?? model.rows.find((one) => one.id === id);
  if (row) return `${labelOf(model, row)}.`;
  const name = data.class_names[data.target];
  return `${many(model.words.length ? data.many_words : 0, "word")} add up to a logit of ${signed(data.logit)} for ${name}: ${inPercent(data.probabilities[data.target])}. Point at a word or a filter to follow its path; click for the numbers.`;
}

export function light(state, id) {
  const { drawing, model, marks } = state;
  for (const node of drawing.querySelectorAll(".on")) node.classList.remove("on");
  for (const node of drawing.querySelectorAll(".target"))
    node.classList.toggle("picked", node.dataset.id === state.picked);
  const resting = id === "answer" || id === null;
  drawing.classList.toggle("lit", !resting);
  marks.replaceChildren();
  if (resting) return;
  const on = (name) =>
    drawing.querySelectorAll(`.${name}`).forEach((node) => node.classList.add("on"));
  on("answer");
  on(id);
  const wordsOf = (start, stop) => {
    for (let token = start; token < stop; token++) on(`w${token}`);
  };
  const number = Number(id.slice(1));
  if (id[0] === "w") lightWord(state, model.byToken.get(number), on);
  else if (id[0] === "s")
    for (const { token } of wordsOfSentence(model, number)) {
      on(`w${token}`);
      for (const row of model.rows) if (Math.abs(throughRow(row, token)) >= 0.01) on(row.id);
    }
  else if (id[0] === "f" && model.byNumber.has(number)) {
    const filter = model.byNumber.get(number);
    wordsOf(filter.start, filter.stop);
    ring(state, filter.start, filter.stop, "ring");
    for (const row of model.rows) if (row.filters.includes(filter)) on(row.id);
    const detail = model.details.get(number);
    for (const { start, value } of bestWindows(detail?.map ?? [], detail?.width ?? 1, 4).slice(1)) {
      wordsOf(start, start + detail.width);
      ring(state, start, start + detail.width, "ring next", `${value.toFixed(2)}`);
    }
  } else if (id[0] === "p" && model.places[number]) {
    const place = model.places[number];
    wordsOf(place.start, place.stop);
    ring(state, place.start, place.stop, "ring");
    if (place.lost !== null)
      ghost(
        state,
        place.lost,
        place.probability,
        `without “${gram(model, place.start, place.stop)}”`,
      );
  } else if (id === "elsewhere")
    for (const filter of model.elsewhere) wordsOf(filter.start, filter.stop);
}

function lightWord(state, word, on) {
  if (!word) return;
  const { model, plan, at } = state;
  ring(state, word.token, word.token + 1, "ring");
  for (const { start, stop, adds } of strongestNext(word)) {
    for (let token = start; token < stop; token++) on(`w${token}`);
    ring(state, start, stop, "ring next", signed(adds));
  }
  for (const row of plan.rows) {
    const part = throughRow(row, word.token);
    if (Math.abs(part) < 0.001) continue;
    on(row.id);
    if (Math.abs(part) >= 0.005 && at.out)
      put(
        state.marks,
        "text",
        { class: `tag ${part < 0 ? "against" : "for"}`, x: at.out + 6, y: row.y },
        signed(part),
      );
  }
  const only = model.data.many_words === 1;
  ghost(state, word.lost, word.probability, only ? "as an unknown word" : `without “${word.text}”`);
}

/** The windows to outline: of those that overlap the strongest, and not the word's own place. */
function strongestNext(word) {
  const chosen = [];
  for (const window of word.next) {
    const apart = (other) => window.stop <= other.start || window.start >= other.stop;
    if (apart({ start: word.token, stop: word.token + 1 }) && chosen.every(apart))
      chosen.push(window);
  }
  return chosen;
}

/** An outline round adjacent words, over line ends too. */
function ring(state, start, stop, name, note) {
  let run = [];
  const close = () => {
    if (!run.length) return;
    const [first, last] = [run[0], run.at(-1)];
    put(state.marks, "rect", {
      class: name,
      x: first.x - 3,
      y: first.y - 11.5,
      width: last.x + last.width - first.x + 6,
      height: 22,
      rx: 5,
    });
    run = [];
  };
  const boxes = [];
  for (let token = start; token < stop; token++)
    if (state.plan.boxes.has(token)) boxes.push(state.plan.boxes.get(token));
  for (const box of boxes) {
    if (run.length && run.at(-1).y !== box.y) close();
    run.push(box);
  }
  close();
  if (note && boxes.length)
    put(state.marks, "text", { class: "tag", x: boxes[0].x, y: boxes[0].y - 15 }, note);
}

/** Where the logit and the probability would be without some words. */
function ghost(state, lost, probability, words) {
  const { sum, at, model } = state;
  if (!sum.across) return;
  const logit = model.data.logit - lost;
  const [y, x] = [sum.y(logit), sum.across(probability)];
  put(state.marks, "path", { class: "ghost", d: `M${at.against + at.bar},${y}H${x}V${sum.base}` });
  put(state.marks, "circle", { class: "ghost", cx: x, cy: y, r: 4.5 });
  const [left, width] = at.bands[2];
  const text = svg("text", {
    class: "tag ghost-tag",
    x: left + width - 14,
    y: 70,
    "text-anchor": "end",
  });
  const short = words.length > 30 ? `${words.slice(0, 29)}…` : words;
  const name = at.kind === "wide" ? short : "without"; // there is no room for more
  text.textContent = `${name}: ${signed(logit)}, ${inPercent(probability)}`;
  state.marks.append(text);
}
