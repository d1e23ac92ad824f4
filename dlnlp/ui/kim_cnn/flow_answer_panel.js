import { el } from "../shell/element.js";
import { bothNumbers, gram, sumOf } from "./flow_model.js";
import { many, total } from "./flow_numbers.js";
import { hue } from "../shell/number_format.js";
import { amount, column, number, table, words } from "./flow_tables.js";

// The panel at rest: what adds up to the logit, place by place and word by word.

export function answerPanel(model, pick) {
  const { data } = model;
  const name = data.class_names[data.target];
  const listed = [...model.places].sort((a, b) => Math.abs(b.adds) - Math.abs(a.adds)).slice(0, 8);
  const rest = model.places.filter((place) => !listed.includes(place));
  const rows = model.places
    .filter((place) => listed.includes(place))
    .map((place) => ({
      cells: [
        words(gram(model, place.start, place.stop)),
        number(String(place.named.length + place.others.length)),
        amount(place.adds),
        place.lost === null ? number("") : amount(place.lost),
      ],
      pick: () =>
        pick(place.others.length ? `p${model.places.indexOf(place)}` : `f${place.named[0].number}`),
    }));
  const line = (text, filters) =>
    rows.push({
      cells: [words(text), number(String(filters.length)), amount(sumOf(filters)), number("")],
    });
  if (rest.length)
    line(
      many(rest.length, "other place"),
      rest.flatMap((place) => [...place.named, ...place.others]),
    );
  if (model.elsewhere.length) line("elsewhere", model.elsewhere);
  rows.push({ cells: [words("output bias"), number(""), amount(data.bias), number("")] });
  const last = [
    words(`= logit of ${name}`),
    number(String(model.filters.length)),
    amount(data.logit),
    number(""),
  ];
  rows.push({ cells: last, sum: true });
  return [
    column(
      `For and against ${name}`,
      "filters, place by place",
      table(["fire on", "filters", "add", "lost without"], rows),
    ),
    column("Each word’s share, and what is lost without it", "", wordBars(model, pick)),
    column("How to read it", "", ...reading(model)),
  ];
}

function wordBars(model, pick) {
  const top = [...model.words].sort((a, b) => Math.abs(b.share) - Math.abs(a.share)).slice(0, 9);
  const most = Math.max(
    1e-6,
    ...top.flatMap((word) => [Math.abs(word.share), Math.abs(word.lost)]),
  );
  const rows = top.map((word) => {
    const bars = el("td", "bars");
    for (const [name, value] of [
      ["filled", word.share],
      ["outlined", word.lost],
    ]) {
      const bar = el("i", `${name} ${hue(value)}`);
      const width = (50 * Math.abs(value)) / most;
      bar.style.left = `${value < 0 ? 50 - width : 50}%`;
      bar.style.width = `${width}%`;
      bars.append(bar);
    }
    return {
      cells: [words(word.text), bars, amount(word.share), amount(word.lost)],
      pick: () => pick(`w${word.token}`),
    };
  });
  const others = model.data.logit - model.data.word_bias - total(top.map((word) => word.share));
  const rest = model.data.many_words - top.length;
  if (rest > 0)
    rows.push({ cells: [words(many(rest, "other word")), number(""), amount(others), number("")] });
  rows.push({ cells: [words("biases"), number(""), amount(model.data.word_bias), number("")] });
  rows.push({
    cells: [words("= logit"), number(""), amount(model.data.logit), number("")],
    sum: true,
  });
  return table(["", "", "share", "lost"], rows);
}

function reading(model) {
  const name = model.data.class_names[model.data.target];
  const key = (kind, text) => {
    const line = el("p");
    line.append(el("i", `swatch ${kind}`), text);
    return line;
  };
  const lines = [
    key("for", `speaks for ${name}`),
    key("against", "speaks against it"),
    el(
      "p",
      "note",
      "Share (filled): what the word adds; shares and biases add up to the logit. Lost (outlined): the fall of the logit when the word is deleted and the text read again.",
    ),
  ];
  const gaps = model.words.filter((word) => Math.abs(word.share - word.lost) >= 0.05);
  const widest = gaps.sort((a, b) => Math.abs(b.share - b.lost) - Math.abs(a.share - a.lost))[0];
  if (widest)
    lines.push(
      el("p", "", `They differ most here: ${bothNumbers(widest, model.words.length === 1)}`),
    );
  return lines;
}
