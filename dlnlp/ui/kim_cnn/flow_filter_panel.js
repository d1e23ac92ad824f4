import { el } from "../shell/element.js";
import { bestWindows, bySentence, gram, sumOf, wordsOfSentence } from "./flow_model.js";
import { many, total } from "./flow_numbers.js";
import { fixed, inPercent, hue, signed } from "../shell/number_format.js";
import { amount, column, number, table, words } from "./flow_tables.js";
import { termsColumn } from "./flow_terms.js";

// The panel of a filter, of several, and of those that a search found.

export function filterPanel(model, index) {
  const filter = model.byNumber.get(index);
  const detail = model.details.get(index);
  const columns = [];
  if (filter) {
    const rows = filter.products.map((product, n) => ({
      cells: [
        words(`“${model.byToken.get(filter.start + n)?.text ?? "…"}” × position ${n + 1}`),
        number(signed(product, 3)), // for or against the filter's pattern, not yet a class
      ],
    }));
    rows.push({ cells: [words("bias of the filter"), number(signed(filter.bias, 3))] });
    rows.push({
      cells: [words("= value of the window"), number(fixed(filter.value, 3))],
      sum: true,
    });
    rows.push({ cells: [words("max(0, value)"), number(fixed(Math.max(filter.value, 0), 3))] });
    rows.push({ cells: [words("× output weight"), number(signed(filter.weight, 4))] });
    rows.push({ cells: [words("= adds to the logit"), amount(filter.adds, 3)], sum: true });
    columns.push(
      column(
        `Filter ${index + 1} at “${gram(model, filter.start, filter.stop)}”`,
        many(filter.products.length, "word"),
        table(["", ""], rows),
      ),
    );
  } else
    columns.push(
      column(
        `Filter ${index + 1}`,
        "does not fire on this text",
        el("p", "", `Its output weight is ${signed(detail.weight, 4)}.`),
      ),
    );
  const texts = filter?.products.map((_, n) => model.byToken.get(filter.start + n)?.text ?? "…");
  if (!detail) return [...columns, column("Max over time", "", el("p", "note", "Reading …"))];
  if (filter)
    columns.push(
      column("Max over time", many(detail.windows, "window"), ...runnersUp(model, filter, detail)),
    );
  const heard = detail.phrases.map(([text, value]) => ({
    cells: [words(text), number(fixed(value))],
  }));
  const often = el(
    "p",
    "note",
    `The n-grams with its highest values in the test texts. It fires in ${(100 * detail.active_share).toFixed(0)} % of these; its mean value is ${fixed(detail.mean)}.`,
  );
  columns.push(
    column(
      "What it listens to",
      "",
      heard.length ? table(["", ""], heard) : el("p", "", "Nothing: it fired on no test text."),
      often,
    ),
  );
  if (filter && detail.terms) columns.push(termsColumn(texts, detail.terms));
  return columns;
}

function runnersUp(model, filter, detail) {
  const best = bestWindows(detail.map, detail.width, 4);
  const list = el("div", "windows");
  best.forEach(({ start, value }, n) => {
    const bar = el("i", `${n ? "outlined" : "filled"} ${hue(filter.weight)}`);
    bar.style.width = `${(100 * value) / best[0].value}%`;
    const track = el("span", "track");
    track.append(bar);
    list.append(
      el(n ? "span" : "b", "", gram(model, start, start + detail.width) || `word ${start + 1}`),
      track,
      el("span", "", fixed(value)),
    );
  });
  const second = (best[1]?.value ?? 0) * filter.weight;
  const text = `Only the highest counts. At its runner-up it would add ${signed(second, 3)}, so its best window is worth ${signed(filter.adds - second, 3)} more.`;
  return [list, el("p", "note", text)];
}

export function othersPanel(model, filters, place, pick) {
  const rows = filters.slice(0, 8).map((filter) => ({
    cells: [
      words(`no. ${filter.number + 1}`),
      words(gram(model, filter.start, filter.stop)),
      number(fixed(filter.value)),
      number(signed(filter.weight, 3)),
      amount(filter.adds, 3),
    ],
    pick: () => pick(`f${filter.number}`),
  }));
  if (filters.length > 8) {
    const rest = filters.slice(8);
    rows.push({
      cells: [
        words(many(rest.length, "other")),
        number(""),
        number(""),
        number(""),
        amount(sumOf(rest), 3),
      ],
    });
  }
  const title = place
    ? `${many(filters.length, "more filter")} at “${gram(model, place.start, place.stop)}”`
    : `${many(filters.length, "filter")} elsewhere`;
  const columns = [column(title, "", table(["filter", "fires on", "max", "weight", "adds"], rows))];
  if (!place) columns.push(sentencesColumn(model, filters));
  if (place && place.lost !== null) {
    const { logit, class_names, probabilities, target } = model.data;
    const both = [
      {
        cells: [
          words(`${many(place.named.length + place.others.length, "filter")} add`),
          amount(place.adds, 3),
        ],
      },
      { cells: [words("lost when these words are deleted"), amount(place.lost, 3)] },
    ];
    const after = `Logit ${signed(logit)} → ${signed(logit - place.lost)}; ${class_names[target]} ${inPercent(probabilities[target])} → ${inPercent(place.probability)}. What differs: the filters take other windows.`;
    columns.push(column("These words together", "", table(["", ""], both), el("p", "", after)));
  }
  return columns;
}

function sentencesColumn(model, filters) {
  const sums = bySentence(model, filters);
  const row = (text, group) => ({
    cells: [
      words(text),
      number(String(total(group.map((sum) => sum.filters)))),
      amount(total(group.map((sum) => sum.adds)), 3),
    ],
  });
  const rows = sums.slice(0, 8).map((sum) => {
    const [first] = wordsOfSentence(model, sum.sentence);
    const start = first ? gram(model, first.token, first.token + 5) : "…";
    return row(`${sum.sentence + 1}. ${start}`, [sum]);
  });
  const rest = sums.slice(8);
  if (rest.length) rows.push(row(many(rest.length, "other"), rest));
  return column("By sentence", "", table(["sentence", "filters", "add"], rows));
}

/** The filters that a search found. */
export function foundPanel(found, pick) {
  const rows = found.filters.map((filter) => ({
    cells: [
      words(`no. ${filter.number + 1}`),
      amount(filter.adds),
      el("td", "wording long", filter.phrases.join(" · ")),
    ],
    pick: () => pick(`f${filter.number}`),
  }));
  const none = el(
    "p",
    "",
    "No filter listens to that. Try one ordinary word, or a filter’s number.",
  );
  const listing = rows.length ? table(["filter", "adds here", "listens to"], rows) : none;
  return [
    column(
      many(found.many, "filter"),
      `for “${found.query}”${found.many > rows.length ? `, the first ${rows.length}` : ""}`,
      listing,
    ),
  ];
}
