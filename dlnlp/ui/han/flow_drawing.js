// Draws the diagram as SVG. All text goes in through textContent; colours come from the style.
import { drawClasses, drawDocument } from "./flow_classes.js";
import { geometry } from "./flow_layout.js";
import { rowOf, unpacked } from "./flow_numbers.js";
import { fixed } from "../shell/number_format.js";
import { add } from "./flow_parts.js";
import { drawSentences } from "./flow_sentences.js";
import { drawWords } from "./flow_words.js";

/**
 * Draw everything into an empty SVG that is in the page.
 * @param {SVGElement} root
 * @param {import("./flow_numbers.js").FlowData} data
 * @param {number} width
 * @returns {{marks: {kind: string, index: number, node: SVGElement}[], at: object}} what can be
 *   pointed at, and where everything stands
 */
export function drawFlow(root, data, width) {
  const { opened } = data;
  const at = geometry(
    width,
    opened.words.map((word) => word.attention),
    data.sentences.map((sentence) => sentence.attention),
    opened.sentence,
    data.class_names.length + (data.contrast ? 1 : 0),
  );
  root.setAttribute("width", at.width);
  root.setAttribute("height", at.height);
  for (const band of at.bands) add(root, "rect", { class: "band", rx: 8, ...band });
  if (at.inner) add(root, "rect", { class: "inner", rx: 8, ...at.inner });
  drawHeadings(root, data, at);
  const marks = [];
  drawWords(root, data, at, marks);
  drawSentences(root, data, at, marks);
  if (at.document) drawDocument(root, data, at);
  drawClasses(root, data, at, marks);
  return { marks, at };
}

function drawHeadings(root, data, at) {
  const { words, sentences, answer, document, mode, top } = at;
  const stage = (x, y, text, kind) => add(root, "text", { class: `stage ${kind}`, x, y }, text);
  const head = (x, text, below, anchor = "start", kind = "") => {
    const high = mode === "wide" ? top - 28 : top - 12;
    add(root, "text", { class: `head ${kind}`, x, y: high, "text-anchor": anchor }, text);
    if (below && mode === "wide")
      add(root, "text", { class: "below", x, y: high + 14, "text-anchor": anchor }, below);
  };
  if (mode === "narrow") {
    stage(12, 14, "3  Document to class", "class");
    stage(12, top - 20, "2  Sentences", "sentence");
    head(at.width - 8, "", "", "end", "adds-to");
    stage(at.inner.x + 8, at.inner.y + 12, "1  Words", "word");
    const y = at.inner.y + 13;
    const columns = [
      [words.forward, "GRU ↓"],
      [words.backward, "GRU ↑"],
      [words.attention, "attention α"],
    ];
    for (const [column, text] of columns)
      add(root, "text", { class: "below", x: column.x, y }, text);
    return;
  }
  const number = data.opened.sentence + 1;
  stage(
    12,
    14,
    mode === "wide" ? "1  Words become a sentence vector" : `1  Words of sentence ${number}`,
    "word",
  );
  const second = mode === "wide" ? sentences.vector.x : sentences.forward.x;
  stage(second, 14, "2  Sentences become a document vector", "sentence");
  head(words.forward.x, "GRU ↓", "memory");
  head(words.backward.x, "GRU ↑", "memory");
  head(words.attention.x, "Attention α", "softmax");
  head(sentences.forward.x, mode === "wide" ? "GRU ↓" : "GRU", "memory");
  if (mode === "wide") {
    head(words.label.x + words.label.width, "Words", `of sentence ${number}`, "end");
    head(words.embedding.x, "Embedding", `${unpackedLength(data)} numbers`);
    head(sentences.vector.x, "Sentence vectors", `Σ α·h, ${2 * data.units} numbers each`);
    head(sentences.backward.x, "GRU ↑", "memory");
    head(sentences.attention.x, "Attention β", "softmax");
    head(sentences.adds.x + sentences.adds.width, "Adds to", "", "end");
    const target = { class: "below adds-to", x: sentences.adds.x + sentences.adds.width };
    add(root, "text", { ...target, y: top - 14, "text-anchor": "end" });
    stage(document.x - 8, 14, "3  Document to class", "class");
    head(document.x - 8, "Document", "Σ β·h");
    head(answer.x + 8, "Probability and logit", "softmax of W·v + b");
  } else {
    head(at.width - 8, "", "", "end", "adds-to");
    stage(12, answer.top + 14, "3  The document vector gets its class", "class");
  }
}

const unpackedLength = (data) => unpacked(data.opened.embeddings).length / data.opened.words.length;

/** How much of the memory at each step one step wrote, on its layer, where there is room. */
export function drawShares(root, data, at, what) {
  root.querySelectorAll(".dye").forEach((node) => node.remove());
  const words = what.kind === "word";
  if (!words && what.kind !== "sentence") return;
  const rows = words ? at.wordRows : at.sentenceRows;
  const places = words ? at.words : at.sentences;
  const shares = unpacked(words ? data.opened.shares : data.shares);
  const n = rows.length;
  [places.forward, places.backward].forEach((place, direction) => {
    if (place.width < 40) return;
    for (let step = 0; step < n; step++) {
      const row = rowOf(shares, direction * n + step, n);
      const share = row[what.index];
      if (share < 0.25 || rows[step].height < 14) continue;
      let before = 0; // the newer layers lie left
      for (let other = step; other !== what.index; other += direction ? 1 : -1)
        before += row[other];
      add(
        root,
        "text",
        {
          class: `dye ${what.kind}`,
          x: place.x + place.width * (before + share / 2),
          y: rows[step].middle,
          "text-anchor": "middle",
        },
        fixed(100 * share, 0),
      );
    }
  });
}
