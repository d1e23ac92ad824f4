// Draws the third part: document vector, logits, probabilities.
import { nameOf, ofTarget, unpacked } from "./flow_numbers.js";
import { inPercent, signed } from "../shell/number_format.js";
import { add, fit } from "./flow_parts.js";
import { bars, largestSize } from "./flow_shapes.js";

export function drawDocument(root, data, at) {
  const middle = (at.top + at.bottom) / 2;
  const height = 0.66 * (at.bottom - at.top);
  const strip = unpacked(data.document);
  const turned = add(root, "g", {
    transform: `translate(${at.document.x + 7} ${middle - height / 2}) rotate(90)`,
  });
  add(turned, "rect", { class: "frame", x: 0, y: -7, width: height, height: 14 });
  add(turned, "path", { class: "strip", d: bars(strip, 0, 0, height, 13, largestSize(strip)) });
}

/** Where a class stands: its box, its texts and its bar. */
function placeOfClass({ answer, mode, top, bottom }, place, classes) {
  if (mode === "middle") {
    const room = (answer.width - 16) / classes;
    const x = answer.x + 10 + place * room;
    const y = answer.top + 36;
    return {
      box: { x: x - 6, y: y - 13, width: room - 6, height: 62 },
      name: { x, y, room: room - 70 },
      logit: { x: x + room - 20, y },
      bar: { x, y: y + 20, room: room - 24 },
      share: { x, y: y + 38 },
    };
  }
  if (mode === "narrow") {
    const y = answer.top + place * 27 + 13.5;
    const x = 8;
    return {
      box: { x: x - 4, y: y - 12.5, width: answer.width - 8, height: 25 },
      name: { x, y, room: 84 },
      logit: { x: x + 138, y },
      bar: { x: x + 148, y, room: answer.width - 222 },
      share: null,
    };
  }
  const step = Math.min(70, (bottom - top) / classes);
  const x = answer.x + 8;
  const y = (top + bottom) / 2 + (place - (classes - 1) / 2) * step - 10;
  const end = x + answer.width - 20;
  return {
    box: { x: x - 8, y: y - 16, width: answer.width - 4, height: Math.min(54, step - 4) },
    name: { x, y, room: answer.width - 78 },
    logit: { x: end, y: y + 20 },
    bar: { x, y: y + 20, room: answer.width - 72 },
    share: { x: end, y, end: true },
    wire: y + 10,
  };
}

export function drawClasses(root, data, at, marks) {
  const { answer, document } = at;
  const names = data.class_names;
  const rows = names.length + (data.contrast ? 1 : 0);
  const order = [...names.keys()].reverse(); // the best first, as stars are listed
  const top = Math.max(...data.probabilities);
  const center = (at.top + at.bottom) / 2;
  order.forEach((index, place) => {
    const where = placeOfClass(at, place, rows);
    if (where.wire) {
      const from = center + (where.wire - center) * 0.6;
      const start = document.x + 15;
      const d =
        `M${start},${from}C${start + 22},${from} ` +
        `${answer.x - 24},${where.wire} ${answer.x - 2},${where.wire}`;
      add(root, "path", { class: "wire class", d }).dataset.class = index;
    }
    const [logit, share] = [signed(data.logits[index]), data.probabilities[index]];
    const chosen = index === data.predicted ? " predicted" : "";
    const node = add(root, "g", {
      class: `mark class dim${chosen}`,
      role: "button",
      "aria-label": `${names[index]}: logit ${logit}, probability ${inPercent(share)}`,
    });
    node.dataset.class = index;
    add(node, "rect", { class: "hit", rx: 6, ...where.box });
    const name = add(
      node,
      "text",
      { class: "label", x: where.name.x, y: where.name.y },
      names[index],
    );
    fit(name, where.name.room);
    add(node, "text", { class: "number", "text-anchor": "end", ...where.logit }, logit);
    const width = Math.max(1.5, (where.bar.room * share) / top);
    const { x, y } = where.bar;
    add(node, "rect", { class: "bar", x, y: y - 6.5, width, height: 13, rx: 2 });
    const number = where.share ?? { x: x + width + 7, y };
    add(
      node,
      "text",
      {
        class: "number strong",
        x: number.x,
        y: number.y,
        "text-anchor": number.end ? "end" : "start",
      },
      inPercent(share),
    );
    marks.push({ kind: "class", index, node });
  });
  if (data.contrast) drawContrast(root, data, at, marks);
}

/** Below the classes: the upper ones against the lower ones, as one more thing to explain. */
function drawContrast(root, data, at, marks) {
  const index = data.class_names.length;
  const where = placeOfClass(at, index, index + 1);
  const [name, value] = [nameOf(data, index), signed(ofTarget(data.logits, index))];
  const node = add(root, "g", {
    class: "mark class dim",
    role: "button",
    "aria-label": `${name}: ${value}`,
  });
  node.dataset.class = index;
  add(node, "rect", { class: "hit", rx: 6, ...where.box });
  const label = add(node, "text", { class: "label", x: where.name.x, y: where.name.y }, name);
  fit(label, where.box.width - (at.mode === "narrow" ? 70 : 12));
  const below = at.mode === "middle" ? { x: where.bar.x, y: where.bar.y } : null;
  const end = { x: where.box.x + where.box.width - 12, y: where.logit.y, "text-anchor": "end" };
  add(node, "text", { class: "number strong", ...(below ?? end) }, value);
  marks.push({ kind: "class", index, node });
}
