import { many } from "./flow_numbers.js";
import { put } from "./flow_parts.js";
import { drawRows } from "./flow_rows.js";
import { drawSum } from "./flow_sum.js";
import { drawRivers, drawWords } from "./flow_text.js";

// Draws the three bands: text, filters, sum.

export function drawBands(root, model, at, plan, look) {
  const heads = put(root, "g", { class: "heads", "aria-hidden": "true" });
  at.bands.forEach(([x, width]) =>
    put(heads, "rect", { class: "band", x, y: 0, width, height: plan.height, rx: 8 }),
  );
  drawHeads(heads, model, at);
  const under = put(root, "g", { class: "rivers", "aria-hidden": "true" });
  drawWords(root, model, plan, look);
  drawRivers(under, model, at, plan);
  drawRows(root, model, at, plan, look);
  return drawSum(root, under, model, at, plan);
}

function drawHeads(root, model, at) {
  const { data } = model;
  const wide = at.kind === "wide";
  const titles = wide
    ? [
        "1  The text",
        `2  ${data.many_filters} filters, each keeps its best window`,
        "3  Their sum is the logit",
      ]
    : ["1  The text", "2  Filters keep their best window", "3  Their sum"];
  titles.forEach((title, n) =>
    put(root, "text", { class: "title", x: at.bands[n][0] + 12, y: 17 }, title),
  );
  const note = (x, y, text, anchor = "start", name = "small") =>
    put(root, "text", { class: name, x, y, "text-anchor": anchor }, text);
  note(
    at.text[0],
    38,
    `${many(data.many_words, "word")}, each a vector of ${data.embedding_dim} numbers.`,
  );
  note(
    at.text[0],
    54,
    wide
      ? "A river’s width is what its words add to the logit."
      : "A river’s width: what words add.",
  );
  const head = (x, name, below, anchor = "start") => {
    if (!x) return;
    note(x, 39, name, anchor, "head");
    note(x, 55, below, anchor);
  };
  head(at.gram, "Best window", `of ${data.widths.join(", ")} words`);
  head(at.number, "Filter", "", "end");
  head(at.map, "Feature map", wide ? "a = b + Σ x · W" : "each window");
  head(at.value, "Max", "ReLU", "end");
  head(at.weight, "Weight", "×", "end");
  head(at.adds, "Adds", "=", "end");
}
