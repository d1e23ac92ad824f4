import { curve, heightOf, ribbon, stacks, thickness } from "./flow_layout.js";
import { sideOfRow } from "./flow_model.js";
import { inPercent, hue, signed } from "../shell/number_format.js";
import { put, target } from "./flow_parts.js";

// The third band: what speaks for the class and against it, on the axis of the logit.

export function drawSum(root, under, model, at, plan) {
  const { data } = model;
  const sum = stacks(model, plan);
  const group = put(root, "g", { class: "flow-sum", role: "group", "aria-label": "The sum" });
  const name = data.class_names[data.predicted];
  const label = `${name} ${inPercent(data.probabilities[data.predicted])}; logit of ${data.class_names[data.target]} ${signed(data.logit)}`;
  const node = target(group, "answer", "answer", label);
  const [x, width] = at.bands[2];
  put(node, "rect", { class: "hit", x: x + 6, y: 26, width: width - 12, height: 36, rx: 6 });
  put(
    node,
    "text",
    { class: `prediction ${at.kind}`, x: x + width - 14, y: 45, "text-anchor": "end" },
    `${name} ${inPercent(data.probabilities[data.predicted])}`,
  );
  const over = put(group, "g", { class: "over", "aria-hidden": "true" });
  const column = (part) => (part > 0 ? at.for : at.against);
  for (const row of plan.rows) {
    let y = row.y - heightOf(plan.scale, row.parts) / 2;
    for (const part of row.parts) {
      const layer = sum.layers.find((one) => one.id === row.id && one.part === part);
      const tone = `part ${row.kind === "bias" ? sideOfRow(row) : hue(part)} ${row.id} ${row.kind}`;
      put(under, "path", {
        class: `river ${tone}`,
        d: ribbon(at.out, y, column(part), layer.top, thickness(plan.scale, part)),
      });
      put(over, "rect", {
        class: `layer ${tone}`,
        x: column(part),
        y: layer.top,
        width: at.bar,
        height: Math.max(0.6, layer.height - 0.4),
      });
      y += thickness(plan.scale, part);
    }
  }
  drawAxis(over, model, at, sum);
  return sum;
}

function drawAxis(over, model, at, sum) {
  const { data } = model;
  const { y, low, high } = sum;
  const across = (share) => at.low + (at.high - at.low) * share;
  const text = (x, top, words, name, anchor = "middle") =>
    put(over, "text", { class: name, x, y: top, "text-anchor": anchor }, words);
  put(over, "path", { class: "axis", d: `M${at.for - 8},${y(0)}H${at.high}` });
  text(at.for - 12, y(0), "0", "small halo", "end");
  text(at.for + at.bar + 2, y(model.up) - 10, signed(model.up), "amount for halo", "end");
  text(at.against - 2, y(model.up) - 10, signed(model.down), "amount against halo", "start");
  put(over, "path", { class: "curve", d: curve(low, high, data.offset, across, y) });
  const base = y(low) + 6;
  put(over, "path", {
    class: "axis",
    d: `M${at.low},${base}H${at.high}M${across(0.5)},${base}V${y(data.offset)}`,
  });
  for (const [share, words] of [
    [0, "0"],
    [0.5, "50"],
    [1, at.kind === "wide" ? "100 %" : "100"],
  ])
    text(across(share), base + 11, words, "small");
  text(
    across(0.5),
    base + 27,
    `p(${data.class_names[data.target]}) = ${data.class_names.length === 2 ? "sigmoid" : "softmax"}`,
    "small",
  );
  const share = data.probabilities[data.target];
  put(over, "path", {
    class: "answer-line",
    d: `M${at.against + at.bar},${y(data.logit)}H${across(share)}V${base}`,
  });
  put(over, "circle", { class: "answer-dot", cx: across(share), cy: y(data.logit), r: 4.5 });
  text(at.against + at.bar / 2, sum.end + 13, signed(data.logit), "logit halo");
  text(at.against + at.bar / 2, sum.end + 28, "logit", "small halo");
  Object.assign(sum, { base, across });
}
