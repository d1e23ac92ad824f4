// The computations of one step in numbers: gates, attention logit, softmax.
import { el, svg } from "../shell/element.js";
import { percent, rowOf, unpacked } from "./flow_numbers.js";
import { fixed, signed } from "../shell/number_format.js";
import { bars, largestSize } from "./flow_shapes.js";

/** A column of the panel; returns its body. */
export function column(panel, title, below = "", kind = "") {
  const part = el("section", `column ${kind}`);
  const heading = el("p", "title", title);
  if (below) heading.append(" ", el("span", "quiet", below));
  part.append(heading);
  panel.append(part);
  return part;
}

/** A line of text; parts that are arrays are [text, class]. */
export function line(part, className, ...pieces) {
  const made = el("p", className);
  for (const piece of pieces)
    made.append(typeof piece === "string" ? piece : el("span", piece[1], piece[0]));
  part.append(made);
  return made;
}

/** The numbers of a GRU at one step, a line of bars for each; pointing at a unit spells it out. */
export function gates(panel, title, found, units) {
  const part = column(panel, title, `${units} units ↓, ${units} ↑`, "gates");
  const width = 300;
  const told = el("p", "formula");
  const rest = () => {
    told.replaceChildren("h = z ⊙ h before + (1 − z) ⊙ c");
    told.append(el("br"), el("span", "quiet", "Point at a unit."));
  };
  const names = {
    before: "h before",
    update: "z update",
    reset: "r reset",
    candidate: "c candidate",
    after: "h after",
  };
  const grid = el("div", "strips");
  for (const [key, name] of Object.entries(names)) {
    grid.append(el("span", "quiet", name));
    const drawing = svg("svg", { width, height: 18, "aria-hidden": "true" });
    const d = bars(found[key], 0, 9, width, 17, largestSize(found[key]) > 1 ? 1.001 : 1);
    drawing.append(svg("rect", { class: "ground", width, height: 18 }));
    drawing.append(svg("path", { class: "strip", d }));
    grid.append(drawing);
  }
  grid.onpointermove = (event) => {
    const drawing = event.target.closest("svg");
    if (!drawing) return;
    const box = drawing.getBoundingClientRect();
    const place = Math.floor((2 * units * (event.clientX - box.left)) / box.width);
    const unit = Math.max(0, Math.min(2 * units - 1, place));
    const [z, before, c, h] = ["update", "before", "candidate", "after"].map((k) => found[k][unit]);
    told.replaceChildren(
      el("span", "quiet", `unit ${(unit % units) + 1} ${unit < units ? "↓" : "↑"}: `),
      el("br"),
      `${fixed(z, 3)} · ${fixed(before, 3)} + ${fixed(1 - z, 3)} · ${fixed(c, 3)} = ${fixed(h, 3)}`,
    );
  };
  grid.onpointerleave = rest;
  part.append(grid, told);
  rest();
}

/** Gates of one word: both directions end to end. */
export function gatesOfWord(data, index) {
  const { opened, units } = data;
  const steps = opened.words.length;
  const found = {};
  const both = (flat, places) =>
    places.flatMap((place, direction) =>
      place < 0 || place >= steps
        ? Array(units).fill(0)
        : Array.from(rowOf(flat, direction * steps + place, units)),
    );
  for (const key of ["update", "reset", "candidate"])
    found[key] = both(unpacked(opened.gates[key]), [index, index]);
  const memory = unpacked(opened.gates.memory);
  found.before = both(memory, [index - 1, index + 1]);
  found.after = both(memory, [index, index]);
  return found;
}

/** Gates of the opened sentence, of which alone they were sent. */
export function gatesOfRow(data) {
  const { row_gates: sent } = data.opened;
  const { units } = data;
  const memory = unpacked(sent.memory);
  const half = (at) => [0, 1].flatMap((way) => Array.from(rowOf(memory, 2 * way + at, units)));
  return {
    before: half(0),
    update: Array.from(unpacked(sent.update)),
    reset: Array.from(unpacked(sent.reset)),
    candidate: Array.from(unpacked(sent.candidate)),
    after: half(1),
  };
}

/** An attention logit as the sum of its terms, the largest first. */
export function attentionLogit(panel, terms, logit, symbol, kind) {
  const part = column(panel, "Attention logit", `${terms.length} terms, sorted`, kind);
  const sorted = Float64Array.from(terms).sort().reverse();
  const width = 200;
  const drawing = svg("svg", { width, height: 64, "aria-hidden": "true" });
  const scale = largestSize(sorted);
  const d = bars(sorted, 0, 32, width, 62, scale);
  drawing.append(
    svg("path", { class: "axis", d: `M0,32H${width}` }),
    svg("path", { class: "terms", d }),
  );
  const sum = (test) => sorted.filter(test).reduce((total, value) => total + value, 0);
  part.append(drawing);
  line(part, "formula", "u · tanh(W h + b)");
  line(part, "formula", `= ${signed(sum((v) => v > 0))} ${signed(sum((v) => v < 0))} = `, [
    fixed(logit),
    "result",
  ]);
}

/** A share as its part of a softmax. */
export function softmax(panel, names, logits, shares, index, kind) {
  const part = column(panel, "Softmax", "exp(logit)", kind);
  const grid = el("div", "exponentials");
  const order = [...shares.keys()].sort((a, b) => shares[b] - shares[a]).slice(0, 4);
  if (!order.includes(index)) order[order.length - 1] = index;
  const values = logits.map(Math.exp);
  const total = values.reduce((sum, value) => sum + value, 0);
  const top = Math.max(...values);
  for (const place of order) {
    const own = place === index ? "own" : "quiet";
    grid.append(el("span", `name ${own}`, names[place]));
    const bar = el("span", `bar ${own}`);
    bar.style.width = `${(96 * values[place]) / top}px`;
    grid.append(bar, el("span", own, fixed(values[place])));
  }
  if (shares.length > order.length)
    grid.append(
      el("span", "quiet", `all ${shares.length}`),
      el("span"),
      el("span", "quiet", fixed(total)),
    );
  part.append(grid);
  line(part, "formula", `exp(${fixed(logits[index])}) / Σ exp`);
  line(part, "formula", `= ${fixed(values[index])} / ${fixed(total)} = `, [
    percent(shares[index]),
    "result",
  ]);
}
