import { el, setText, svg } from "../shell/element.js";
import { along, nearest, ticks } from "./replay_numbers.js";

// Curves over the steps of a training, with a cursor at the point that is shown.

const WIDTH = 320;
const HEIGHT = 96;
const LEFT = 34;
const RIGHT = 8;
const TOP = 6;
const BOTTOM = 18;

const across = (place) => LEFT + place * (WIDTH - LEFT - RIGHT);
const down = (share) => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);

/**
 * A curve. `kind` gives its look: "word", "sentence", "for", "against", "main" or "faint".
 * @typedef {{kind: string, values: (number | null)[]}} Line
 */

function path(line, points, low, high) {
  const last = points[points.length - 1].step;
  const steps = line.values.map((value, index) => {
    if (value === null) return "";
    const y = down((value - low) / (high - low || 1));
    const pen = index && line.values[index - 1] !== null ? "L" : "M";
    return `${pen}${across(along(points[index].step, last)).toFixed(1)},${y.toFixed(1)}`;
  });
  return svg("path", { class: `line ${line.kind}`, d: steps.join("") });
}

/**
 * Draws a chart.
 * @param {{title: string, help: string, lines: Line[], low: number, high: number, ends: string[]}} chart
 * @param {import("./replay_numbers.js").Point[]} points
 * @param {number | undefined} kept step of the network that was kept
 * @param {(index: number) => void} seek
 * @returns {{node: HTMLElement, show: (index: number, read: {kind: string, text: string}[]) => void}}
 */
export function drawChart({ title, help, lines, low, high, ends }, points, kept, seek) {
  const node = el("figure", "chart");
  const caption = el("figcaption");
  const readings = el("span", "readings");
  const name = el("strong", "", title);
  name.title = help;
  caption.append(name, readings);
  const last = points[points.length - 1].step;
  const drawing = svg("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: "img",
    "aria-label": help,
  });
  const axis = { class: "axis", y1: down(0), y2: down(0), x1: across(0), x2: across(1) };
  drawing.append(
    svg("line", axis),
    svg("text", { x: LEFT - 4, y: down(1) + 7, "text-anchor": "end" }, ends[1]),
    svg("text", { x: LEFT - 4, y: down(0), "text-anchor": "end" }, ends[0]),
  );
  if (low < 0 && high > 0) {
    const zero = down(-low / (high - low));
    drawing.append(svg("line", { ...axis, y1: zero, y2: zero }));
  }
  drawing.append(svg("text", { x: LEFT - 10, y: HEIGHT - 5, "text-anchor": "end" }, "step"));
  for (const step of ticks(last)) {
    const x = across(along(step, last));
    drawing.append(
      svg("line", { class: "axis", x1: x, x2: x, y1: down(0), y2: down(0) + 3 }),
      svg("text", { x, y: HEIGHT - 5, "text-anchor": "middle" }, step.toLocaleString("en")),
    );
  }
  if (kept !== undefined) {
    const x = across(along(Math.min(kept, last), last)); // it may lie after the last point
    const mark = svg("line", { class: "kept", x1: x, x2: x, y1: down(1), y2: down(0) });
    mark.append(svg("title", {}, `Step ${kept}: these weights were kept`));
    drawing.append(mark);
  }
  drawing.append(...lines.map((line) => path(line, points, low, high)));
  const cursor = svg("line", { class: "cursor", y1: TOP, y2: down(0) });
  drawing.append(cursor);
  const go = (event) => {
    const box = drawing.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * WIDTH;
    seek(nearest(points, (x - LEFT) / (WIDTH - LEFT - RIGHT)));
  };
  drawing.addEventListener("pointerdown", go);
  drawing.addEventListener("pointermove", (event) => event.buttons && go(event));
  node.append(caption, drawing);
  return {
    node,
    show(index, read) {
      const x = across(along(points[index].step, last));
      cursor.setAttribute("x1", x);
      cursor.setAttribute("x2", x);
      while (readings.children.length > read.length) readings.lastChild.remove();
      read.forEach(({ kind, text }, place) => {
        const reading = readings.children[place] ?? readings.appendChild(el("span"));
        reading.className = `reading ${kind}`;
        setText(reading, text);
      });
    },
  };
}
