// Draws the second level: the sentences become the document vector.
import { nameOf, ofTarget, percent, unpacked } from "./flow_numbers.js";
import { signed } from "../shell/number_format.js";
import { add, drawBar, drawStreams, fit } from "./flow_parts.js";
import { bars, largestSize, ribbon, stacked } from "./flow_shapes.js";

export function drawSentences(root, data, at, marks) {
  const { sentences, opened } = data;
  const { vector, attention, adds, links } = at.sentences;
  const part = add(root, "g", { class: "of-sentence" });
  const weights = sentences.map((sentence) => sentence.attention);
  const top = Math.max(...weights);
  drawStreams(part, unpacked(data.shares), at.sentenceRows, at.sentences, weights, "sentence");
  if (links) {
    const size = 0.62 * (at.bottom - at.top);
    const ends = stacked(weights, (at.top + at.bottom - size) / 2, size);
    sentences.forEach((sentence, index) => {
      const { middle } = at.sentenceRows[index];
      const d = ribbon(links.x, middle, links.to, ends[index], size * sentence.attention);
      add(part, "path", { class: "link sentence dim", d }).dataset.sentence = index;
    });
  }
  sentences.forEach((sentence, index) => {
    const row = at.sentenceRows[index];
    const wide = at.mode === "wide";
    const thin = row.height < 22;
    // An unfolded row holds its words below its own three lines.
    const height = at.mode === "narrow" ? 50 : row.height;
    const middle = at.mode === "narrow" ? row.middle - row.height / 2 + 25 : row.middle;
    const node = add(root, "g", {
      class: `mark sentence dim${thin ? " thin" : ""}${index === opened.sentence ? " open" : ""}`,
      role: "button",
      "aria-expanded": String(index === opened.sentence),
    });
    node.dataset.sentence = index;
    const end = adds.x + adds.width + 4;
    add(node, "rect", {
      class: "hit",
      x: vector.x - 6,
      y: middle - height / 2 + 1,
      width: end - vector.x + 8,
      height: Math.max(1, height - 2),
      rx: 5,
    });
    const both = height >= 40;
    const lift = thin ? 0 : both ? 15 : 7;
    const text = add(
      node,
      "text",
      { class: "label", x: vector.x, y: middle - lift },
      `${index + 1}  ${sentence.text}`,
    );
    fit(text, vector.width);
    if (!thin) {
      if (wide) {
        const strip = unpacked(sentence.vector);
        const y = middle + (both ? 2 : 8);
        const high = both ? 14 : 9;
        add(node, "path", {
          class: "strip",
          d: bars(strip, vector.x, y, vector.width, high, 0.8 * largestSize(strip)),
        });
        if (both) drawSparkline(node, sentence.word_attention, vector, middle + 22);
      } else {
        const room = vector.width - 52;
        drawBar(node, vector.x, middle + (both ? 6 : 9), room, 12, sentence.attention, top);
        if (both && at.mode === "middle" && height > 54)
          drawSparkline(node, sentence.word_attention, vector, middle + 24);
      }
    } else if (!wide) {
      drawBar(node, vector.x, middle, vector.width - 52, height, sentence.attention, top);
    }
    if (attention)
      drawBar(node, attention.x, middle, attention.width, height, sentence.attention, top);
    if (wide) {
      const x = vector.x + vector.width + 3;
      add(node, "path", { class: "wire", d: `M${x},${middle}H${at.sentences.forward.x - 2}` });
    }
    marks.push({ kind: "sentence", index, node, middle, thin });
  });
}

/** The word attention of a sentence that is not open, as small columns that stand on a line. */
function drawSparkline(node, shares, place, bottom) {
  const top = Math.max(...shares, 0.01);
  const step = Math.min(14, place.width / shares.length);
  const d = shares
    .map((share, index) => {
      const high = Math.max(0.6, (10 * share) / top);
      const width = Math.max(0.8, step - 1);
      return `M${place.x + index * step},${bottom}v${-high.toFixed(1)}h${width.toFixed(1)}v${high.toFixed(1)}Z`;
    })
    .join("");
  add(node, "path", { class: "sparkline", d });
}

/**
 * What each sentence adds to the logit of a class, in place of what was drawn for another class.
 * @param {SVGElement} root
 * @param {import("./flow_numbers.js").FlowData} data
 * @param {{marks: object[], at: object}} drawn
 * @param {number} target
 * @param {"written" | "attended"} by
 */
export function drawAdds(root, data, { marks, at }, target, by) {
  const name = nameOf(data, target);
  const values = data.sentences.map((sentence) => ofTarget(sentence[by], target));
  const most = largestSize(values);
  const place = at.sentences.adds;
  const zero = place.x + place.width / 2 + 6;
  for (const { kind, index, node, middle, thin } of marks) {
    if (kind !== "sentence") continue;
    node.querySelectorAll(".adds").forEach((old) => old.remove());
    const value = values[index];
    const { text, attention } = data.sentences[index];
    const what = target < data.class_names.length ? `the logit of ${name}` : name;
    const told = `attention ${percent(attention)}, adds ${signed(value)} to ${what}`;
    node.setAttribute("aria-label", `Sentence ${index + 1}: ${text}; ${told}`);
    const className = `adds ${value < 0 ? "against" : "for"}`;
    const y = middle - (thin ? 0 : 6);
    const number = { class: `number ${className}`, x: place.x + place.width, y };
    add(node, "text", { ...number, "text-anchor": "end" }, signed(value));
    if (thin) continue;
    const width = Math.max(1, ((place.width / 2 - 6) * Math.abs(value)) / most);
    const x = value < 0 ? zero - width : zero;
    add(node, "rect", { class: className, x, y: middle + 5, width, height: 5, rx: 1 });
  }
  const heading = root.querySelector(".adds-to");
  heading.textContent = at.mode === "wide" ? name : `attention β, adds to ${name}`;
}
