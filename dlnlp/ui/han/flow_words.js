// Draws the first level: the words of the opened sentence become its vector.
import { svg } from "../shell/element.js";
import { percent, rowOf, unpacked } from "./flow_numbers.js";
import { add, drawBar, drawStreams, fit } from "./flow_parts.js";
import { bars, largestSize, ribbon, stacked } from "./flow_shapes.js";

export function drawWords(root, data, at, marks) {
  const { words, shares, embeddings, sentence } = data.opened;
  const { label, embedding, attention, links } = at.words;
  const part = add(root, "g", { class: "of-word" });
  const weights = words.map((word) => word.attention);
  const top = Math.max(...weights);
  drawStreams(part, unpacked(shares), at.wordRows, at.words, weights, "word");
  if (links) {
    const row = at.sentenceRows[sentence];
    const size = Math.min(30, row.height - 4);
    const ends = stacked(weights, row.middle - size / 2, size);
    words.forEach((word, index) => {
      const { middle } = at.wordRows[index];
      const d = ribbon(links.x, middle, links.to, ends[index], size * word.attention);
      add(part, "path", { class: "link word dim", d }).dataset.word = index;
    });
  }
  const flat = unpacked(embeddings);
  const length = flat.length / words.length;
  const scale = 0.7 * largestSize(flat);
  words.forEach((word, index) => {
    const { middle, height } = at.wordRows[index];
    const thin = height < 12;
    const known = word.known ? "" : ", not in the vocabulary";
    const node = add(root, "g", { class: `mark word dim${thin ? " thin" : ""}`, role: "button" });
    node.dataset.word = index;
    node.setAttribute(
      "aria-label",
      `Word ${word.text}${known}: attention ${percent(word.attention)}, wrote ${percent(word.wrote)} of the sentence vector`,
    );
    add(node, "rect", {
      class: "hit",
      x: label.x - 6,
      y: middle - height / 2 + 0.5,
      width: attention.x + attention.width + 48 - label.x,
      height: Math.max(1, height - 1),
      rx: 4,
    });
    const size = Math.min(14, Math.max(11, height * 0.8));
    const text = add(
      node,
      "text",
      {
        class: word.known ? "label" : "label unknown",
        x: label.x + label.width - 5,
        y: middle,
        "text-anchor": "end",
        style: `font-size: ${size}px`,
      },
      word.text,
    );
    fit(text, label.width - 8);
    const room = Math.min(label.width, text.getComputedTextLength() + 10);
    const chip = svg("rect", {
      class: "chip",
      x: label.x + label.width - room,
      y: middle - Math.min(22, height - 2) / 2,
      width: room,
      height: Math.max(1, Math.min(22, height - 2)),
      rx: 4,
      "fill-opacity": ((0.6 * word.attention) / top).toFixed(3),
    });
    node.insertBefore(chip, text);
    if (embedding) {
      const strip = bars(
        rowOf(flat, index, length),
        embedding.x,
        middle,
        embedding.width,
        Math.min(18, height - 3),
        scale,
      );
      add(node, "path", { class: "strip", d: strip });
      add(node, "path", {
        class: "wire",
        d: `M${embedding.x + embedding.width + 2},${middle}H${at.words.forward.x - 2}`,
      });
    }
    drawBar(node, attention.x, middle, attention.width, height, word.attention, top);
    marks.push({ kind: "word", index, node });
  });
}
