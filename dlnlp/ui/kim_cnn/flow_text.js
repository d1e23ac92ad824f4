import { heightOf, ribbon, thickness } from "./flow_layout.js";
import { bothNumbers } from "./flow_model.js";
import { many } from "./flow_numbers.js";
import { hue } from "../shell/number_format.js";
import { opacityOf, put, target } from "./flow_parts.js";

// The first band: the text, and the rivers that leave it.

export function drawWords(root, model, plan, look) {
  const only = model.data.many_words === 1;
  const most = Math.max(1e-6, ...model.words.map((word) => Math.abs(word.share)));
  const group = put(root, "g", { class: "flow-words", role: "group", "aria-label": "The words" });
  for (const line of plan.lines) {
    if (line.folded)
      put(
        group,
        "text",
        { class: "small", x: look.left, y: line.y },
        `… ${many(line.folded, "word")} …`,
      );
    for (const box of line.words) {
      const word = model.byToken.get(box.token);
      const node = target(group, `w${box.token}`, "flow-word", bothNumbers(word, only));
      const value = look.shade === "lost" ? word.lost : word.share;
      const frame = { x: box.x - 1.5, y: line.y - 10, width: box.width + 3, height: 19, rx: 3 };
      put(node, "rect", {
        ...frame,
        class: `shade ${hue(value)}`,
        "fill-opacity": opacityOf(value, most),
      });
      put(
        node,
        "text",
        { class: `reading${word.known ? "" : " unknown"}`, x: box.x, y: line.y },
        box.text,
      );
      if (box.tail)
        put(node, "text", { class: "reading tail", x: box.x + box.width, y: line.y }, box.tail);
      put(node, "rect", { ...frame, class: "hit" });
    }
  }
}

/** Where a row's words stand on a line: from where to where. */
function reach(row, place, line) {
  const [start, stop] =
    row.kind === "filter" ? [row.filters[0].start, row.filters[0].stop] : [place.start, place.stop];
  const here = line.words.filter((word) => word.token >= start && word.token < stop);
  if (!here.length) return [line.words[0].x, line.words[0].x + 12];
  return [here[0].x, here.at(-1).x + here.at(-1).width];
}

export function drawRivers(under, model, at, plan) {
  const edge = at.text[1] + 4;
  for (const line of plan.lines) {
    let y = line.y + 12;
    for (const row of line.rivers) {
      const drawn = plan.rows.find((other) => other.id === row.id);
      let end = drawn.y - heightOf(plan.scale, row.parts) / 2;
      const [from, to] = reach(row, model.places[row.place], line);
      for (const part of row.parts) {
        const height = thickness(plan.scale, part);
        const name = `part ${hue(part)} ${row.id} ${row.kind}`;
        put(under, "rect", {
          class: `spring ${name}`,
          x: from,
          y,
          width: to - from,
          height,
          rx: Math.min(2, height / 2),
        });
        put(under, "path", {
          class: `river ${name}`,
          d: `M${to},${y}H${edge}V${y + height}H${to}Z${ribbon(edge, y, at.in, end, height)}`,
        });
        y += height;
        end += height;
      }
    }
  }
}
