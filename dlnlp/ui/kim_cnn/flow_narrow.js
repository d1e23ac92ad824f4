import { put, target } from "./flow_parts.js";
import { drawWords } from "./flow_text.js";
import { heightOf, thickness } from "./flow_layout.js";
import { many, total } from "./flow_numbers.js";
import { inPercent, hue, signed } from "../shell/number_format.js";

// On a phone: the answer, then the text; its rivers fall into one stream that ends in the sum.

export function drawNarrow(root, model, at, plan, look) {
  const { data } = model;
  const top = 68;
  const away = plan.rows.filter((row) => row.line === null);
  const heights = away.map((row) => heightOf(plan.scale, row.parts) + 24);
  const end = plan.textBottom + total(heights) + 12;
  const height = end + 40;
  put(root, "rect", {
    class: "band",
    x: 0,
    y: top - 6,
    width: at.width,
    height: height - top + 4,
    rx: 8,
  });
  drawAnswer(root, model, at);
  const under = put(root, "g", { class: "rivers", "aria-hidden": "true" });
  drawWords(root, model, plan, look);
  let x = at.sink;
  const fall = (row, part, from, y) => {
    const thick = thickness(plan.scale, part);
    x -= thick;
    const d = `M${from},${y}H${x}Q${x + thick},${y} ${x + thick},${y + thick + 3}V${end}H${x}V${y + thick + 3}Q${x},${y + thick} ${x - 3},${y + thick}H${from}Z`;
    put(under, "path", {
      class: `river part ${row.kind === "bias" ? "bias" : hue(part)} ${row.id} ${row.kind}`,
      d,
    });
    return thick;
  };
  for (const line of plan.lines) {
    let y = line.y + 12;
    for (const row of line.rivers) {
      const place = model.places[row.place];
      const [first, last] =
        row.kind === "filter"
          ? [row.filters[0].start, row.filters[0].stop]
          : [place.start, place.stop];
      const here = line.words.filter((word) => word.token >= first && word.token < last);
      const from = here[0]?.x ?? at.text[0];
      const to = here.length ? here.at(-1).x + here.at(-1).width : from + 10;
      for (const part of row.parts) {
        put(under, "rect", {
          class: `spring part ${hue(part)} ${row.id} ${row.kind}`,
          x: from,
          y,
          width: to - from,
          height: thickness(plan.scale, part),
        });
        y += fall(row, part, to, y);
      }
    }
  }
  const rows = put(root, "g", { class: "flow-rows", role: "group", "aria-label": "The filters" });
  let y = plan.textBottom + 10;
  for (const row of away) {
    const name =
      row.kind === "bias" ? "output bias" : `${many(row.filters.length, "filter")} elsewhere`;
    const middle = y + heightOf(plan.scale, row.parts) / 2;
    const node = target(rows, row.id, `row ${row.kind}`, name);
    put(node, "text", { class: "small", x: at.text[0], y: middle }, name);
    put(node, "rect", {
      class: "hit",
      x: at.text[0] - 4,
      y: middle - 12,
      width: 130,
      height: 24,
      rx: 4,
    });
    for (const part of row.parts) y += fall(row, part, at.text[0] + 140, y);
    y += 24;
  }
  const sum = put(root, "text", {
    class: "sum-line",
    x: at.sink,
    y: end + 20,
    "text-anchor": "end",
  });
  for (const [text, name] of [
    [signed(model.up), "for"],
    [` ${signed(model.down)}`, "against"],
    [` = ${signed(data.logit)}`, ""],
  ])
    put(sum, "tspan", { class: name }, text);
  return { height };
}

function drawAnswer(root, model, at) {
  const { data } = model;
  const share = data.probabilities[data.predicted];
  const name = data.class_names[data.predicted];
  const group = put(root, "g", { class: "flow-sum", role: "group", "aria-label": "The answer" });
  const node = target(
    group,
    "answer",
    "answer",
    `${name} ${inPercent(share)}; logit of ${data.class_names[data.target]} ${signed(data.logit)}`,
  );
  put(node, "rect", { class: "band", x: 0, y: 0, width: at.width, height: 56, rx: 8 });
  put(node, "text", { class: "prediction", x: 12, y: 20 }, `${name} ${inPercent(share)}`);
  put(
    node,
    "text",
    { class: "small", x: at.width - 12, y: 20, "text-anchor": "end" },
    `logit of ${data.class_names[data.target]} ${signed(data.logit)}`,
  );
  const room = at.width - 24;
  put(node, "rect", { class: "track", x: 12, y: 36, width: room, height: 8, rx: 4 });
  put(node, "rect", {
    class: "answer-fill",
    x: 12,
    y: 36,
    width: Math.max(2, room * share),
    height: 8,
    rx: 4,
  });
  put(node, "rect", { class: "hit", x: 2, y: 2, width: at.width - 4, height: 52, rx: 7 });
}
