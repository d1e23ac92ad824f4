import { el } from "../shell/element.js";
import { answerPanel } from "./flow_answer_panel.js";
import { filterPanel, othersPanel } from "./flow_filter_panel.js";
import { gram, partOf } from "./flow_model.js";
import { many, total } from "./flow_numbers.js";
import { inPercent, signed } from "../shell/number_format.js";
import { amount, column, number, table, words } from "./flow_tables.js";

// Under the drawing: the computation behind what was chosen, in numbers.

/**
 * @param {object} model
 * @param {string} id what was chosen: "answer", "w5", "f12", "p3", "elsewhere", "bias"
 * @param {(id: string) => void} pick
 */
export function panelOf(model, id, pick) {
  const chosen = Number(id.slice(1));
  if (id[0] === "w" && model.byToken.has(chosen))
    return wordPanel(model, model.byToken.get(chosen), pick);
  if (id[0] === "f" && (model.byNumber.has(chosen) || model.details.has(chosen)))
    return filterPanel(model, chosen);
  if (id === "elsewhere") return othersPanel(model, model.elsewhere, null, pick);
  if (id[0] === "p" && model.places[chosen])
    return othersPanel(model, model.places[chosen].others, model.places[chosen], pick);
  return answerPanel(model, pick);
}

function wordPanel(model, word, pick) {
  const only = model.data.many_words === 1;
  const filters = model.filters.filter((filter) => partOf(filter, word.token));
  filters.sort((a, b) => Math.abs(partOf(b, word.token)) - Math.abs(partOf(a, word.token)));
  const rows = filters.slice(0, 7).map((filter) => ({
    cells: [
      words(`no. ${filter.number + 1}`),
      words(gram(model, filter.start, filter.stop)),
      number(signed(filter.products[word.token - filter.start])),
      number(signed(filter.weight, 3)),
      amount(partOf(filter, word.token), 3),
    ],
    pick: () => pick(`f${filter.number}`),
  }));
  const rest = filters.slice(7);
  const through = total(rest.map((filter) => partOf(filter, word.token)));
  const empty = () => number("");
  if (rest.length)
    rows.push({
      cells: [words(many(rest.length, "other")), empty(), empty(), empty(), amount(through, 3)],
    });
  rows.push({
    cells: [words("= share"), empty(), empty(), empty(), amount(word.share, 3)],
    sum: true,
  });
  const way = [
    ["its share goes", -word.share],
    ["so do its neighbours’ parts", -word.neighbours],
    ["and the biases of its filters", -word.biases],
    ["its filters take their next best windows", word.fallback],
    ["its neighbours meet in new windows", word.met],
  ].map(([text, value]) => ({ cells: [words(text), amount(value, 3)] }));
  way.push({ cells: [words("= the logit moves by"), amount(-word.lost, 3)], sum: true });
  const { logit, probabilities, target, class_names } = model.data;
  const after = `Logit ${signed(logit)} → ${signed(logit - word.lost)}; ${class_names[target]} ${inPercent(probabilities[target])} → ${inPercent(word.probability)}.`;
  return [
    column(
      `“${word.text}” adds ${signed(word.share)}`,
      word.known ? `through ${many(filters.length, "filter")}` : "read as the unknown word",
      table(["filter", "at", "x · W", "weight", "adds"], rows),
    ),
    column(
      only ? "As an unknown word" : "Without it",
      "deleted and read again",
      table(["", ""], way),
      el("p", "", after),
    ),
    ...(word.next.length ? [nextColumn(model, word)] : []),
  ];
}

function nextColumn(model, word) {
  const rows = word.next.map(({ start, stop, filters: count, adds }) => ({
    cells: [words(without(model, word, start, stop)), number(String(count)), amount(adds, 3)],
  }));
  const title = "Where its filters go instead";
  return column(title, "", table(["next best window", "filters", "add"], rows));
}

/** A window as it reads when a word is gone. */
function without(model, word, start, stop) {
  if (word.token < start || word.token >= stop) return gram(model, start, stop);
  return `${gram(model, start, word.token)} … ${gram(model, word.token + 1, stop)}`;
}
