import { SIZES, fitTexts } from "./flow_layout.js";
import { gram } from "./flow_model.js";
import { many } from "./flow_numbers.js";
import { fixed, hue, signed } from "../shell/number_format.js";
import { put, target } from "./flow_parts.js";

// The second band: a line for each filter that is named, and one for the others of its place.

export function drawRows(root, model, at, plan, look) {
  const group = put(root, "g", { class: "flow-rows", role: "group", "aria-label": "The filters" });
  for (const place of plan.places)
    put(group, "path", {
      class: "bracket",
      d: `M${at.in + 3},${place.top + 1}V${place.bottom - 1}`,
    });
  const parts = model.places.flatMap((place) =>
    place.named.flatMap((f) => f.products.map((p) => Math.abs(p * f.weight))),
  );
  const most = Math.max(1e-6, ...parts);
  for (const row of plan.rows) {
    const node = target(group, row.id, `row ${row.kind}`, labelOf(model, row));
    if (row.kind === "filter") drawFilter(node, model, at, row, most, look);
    else if (row.kind === "bias") {
      put(node, "text", { class: "small", x: at.gram, y: row.y }, "output bias");
      put(
        node,
        "text",
        { class: "amount", x: at.adds, y: row.y, "text-anchor": "end" },
        signed(row.parts[0]),
      );
    } else drawOthers(node, model, at, row, look);
    put(node, "rect", {
      class: "hit",
      x: at.in + 6,
      y: row.y - row.height / 2 + 0.5,
      width: at.out - at.in - 8,
      height: row.height - 1,
      rx: 4,
    });
  }
}

export function labelOf(model, row) {
  const amount = row.parts.map((part) => signed(part)).join(" and ");
  if (row.kind === "bias") return `Output bias ${amount}`;
  if (row.kind === "elsewhere") return `${many(row.filters.length, "filter")} elsewhere: ${amount}`;
  const place = model.places[row.place];
  if (row.kind === "others")
    return `${many(row.filters.length, "more filter")} at “${gram(model, place.start, place.stop)}”: ${amount}`;
  const [filter] = row.filters;
  return `Filter ${filter.number + 1} at “${gram(model, filter.start, filter.stop)}”: ${fixed(filter.value)} times ${signed(filter.weight)} adds ${amount}`;
}

function drawFilter(node, model, at, row, most, look) {
  const [filter] = row.filters;
  const end = (x, text, name) =>
    x && put(node, "text", { class: name, x, y: row.y, "text-anchor": "end" }, text);
  let x = at.gram;
  const texts = filter.products.map((_, n) => model.byToken.get(filter.start + n)?.text ?? "…");
  const fitted = fitTexts(texts, at.room, (text) => look.measure(text, SIZES.row));
  filter.products.forEach((product, n) => {
    const text = fitted.texts[n];
    const width = look.measure(text, SIZES.row) * fitted.shrunk;
    const value = product * filter.weight;
    const opacity = (0.55 * Math.min(1, Math.abs(value) / most)).toFixed(3);
    put(node, "rect", {
      class: hue(value),
      "fill-opacity": opacity,
      x: x - 1.5,
      y: row.y - 7.5,
      width: width + 3,
      height: 15,
      rx: 2,
    });
    put(
      node,
      "text",
      { class: "gram", x, y: row.y, style: `font-size:${SIZES.row * fitted.shrunk}px` },
      text,
    );
    x += width + 5;
  });
  end(at.number, String(filter.number + 1), "small");
  drawMap(node, model, at, row, filter);
  end(at.value, fixed(filter.value), "number");
  end(at.weight, signed(filter.weight), "small");
  end(at.adds, signed(filter.adds), `amount ${hue(filter.adds)}`);
}

function drawMap(node, model, at, row, filter) {
  const step = at.mapWidth / model.data.many_words;
  const [base, tall] = [row.y + 6, 12];
  const bar = (start, value) => {
    const height = Math.max(1, (tall * value) / filter.value);
    return `M${(at.map + start * step).toFixed(1)},${base}v${-height.toFixed(1)}h${Math.max(1.2, step * 0.8).toFixed(1)}v${height.toFixed(1)}z`;
  };
  put(node, "path", { class: "zero", d: `M${at.map},${base}h${at.mapWidth}` });
  const rest =
    model.details.get(filter.number)?.map.filter(([start]) => start !== filter.start) ?? [];
  put(node, "path", { class: "map", d: rest.map(([start, value]) => bar(start, value)).join("") });
  put(node, "rect", {
    class: hue(filter.adds),
    x: at.map + filter.start * step - 0.6,
    y: base - tall,
    width: Math.max(2.6, step),
    height: tall,
  });
}

function drawOthers(node, model, at, row, look) {
  const where = row.kind === "elsewhere" ? "elsewhere" : "more here";
  put(node, "text", { class: "small", x: at.gram, y: row.y }, `${row.filters.length} ${where}`);
  const grams = new Map();
  for (const filter of row.filters) {
    const text = gram(model, filter.start, filter.stop).toLowerCase();
    grams.set(text, (grams.get(text) ?? 0) + Math.abs(filter.adds));
  }
  const amounts = row.parts.filter((part) => Math.abs(part) >= 0.005);
  const beside = row.height < 28; // two amounts beside each other, not one above the other
  const listed = [...grams]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 8)
    .map(([text]) => text);
  const from = at.number ? at.number + 14 : at.map - 36;
  const room = at.adds - (beside ? 52 * amounts.length : 52) - from;
  put(
    node,
    "text",
    { class: "small", x: from, y: row.y },
    look.cut(listed.join(" · "), room, SIZES.small),
  );
  amounts.forEach((part, n) => {
    const x = at.adds - (beside ? 50 * (amounts.length - 1 - n) : 0);
    const y = row.y + (beside ? 0 : (n - (amounts.length - 1) / 2) * 15);
    put(node, "text", { class: `amount ${hue(part)}`, x, y, "text-anchor": "end" }, signed(part));
  });
}
