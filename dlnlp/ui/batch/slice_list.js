import { el, setText, svg } from "../shell/element.js";

// A line for each slice: its name, its accuracy as a dot with an interval, and how many rows it
// has. The dashed line is the accuracy of all rows.

/**
 * @typedef {object} Slice
 * @property {string} kind
 * @property {string} value
 * @property {string} rows
 * @property {number} accuracy
 * @property {number} low
 * @property {number} high
 * @property {string} written
 * @property {boolean} worse
 * @property {string} spoken
 */

const SHORT = 12; // lines before all are asked for

/** Where the axis begins, in [0, 1): a round tenth below all intervals. */
export function axisStart(slices) {
  const least = Math.min(...slices.map((slice) => slice.low));
  return Math.max(0, Math.floor(10 * least + 1e-9) / 10);
}

/** Lines that are drawn until all are asked for: all that are worse, and the chosen one. */
export function shortLength(slices, chosen) {
  const worse = slices.filter((slice) => slice.worse).length;
  return Math.min(slices.length, Math.max(SHORT, worse, chosen + 1));
}

function picture(slice, overall, start) {
  const x = (share) => (100 * (share - start)) / (1 - start);
  const drawing = svg("svg", { class: "picture", "aria-hidden": "true" });
  const percent = (share) => `${x(share).toFixed(2)}%`;
  const line = (className, from, to, top, bottom) =>
    svg("line", { class: className, x1: percent(from), x2: percent(to), y1: top, y2: bottom });
  drawing.append(
    line("overall", overall, overall, 0, "100%"),
    line("interval", slice.low, slice.high, "50%", "50%"),
    svg("circle", { class: "dot", cx: percent(slice.accuracy), cy: "50%", r: 5 }),
  );
  return drawing;
}

/** The line of a slice, a button. */
export function sliceLine(slice, overall, start) {
  const node = el("button", slice.worse ? "line worse" : "line");
  node.type = "button";
  node.setAttribute("aria-label", slice.spoken);
  node.title = slice.spoken;
  const name = el("span", "name");
  name.append(el("span", "kind", `${slice.kind}: `), el("span", "value", slice.value));
  const numbers = el("span", "numbers");
  numbers.append(el("b", "", slice.written), el("span", "rows", slice.rows));
  node.append(name, picture(slice, overall, start), numbers);
  return node;
}

/** Draw all lines in place of those before. */
export function drawSlices(root, data, pick) {
  const part = (name) => root.querySelector(name);
  const start = axisStart(data.slices);
  if (root.dataset.subject !== data.subject) root.dataset.all = "";
  root.dataset.subject = data.subject;
  const whole = root.dataset.all === "yes";
  const count = whole ? data.slices.length : shortLength(data.slices, data.chosen);
  const axis = el("span", "axis");
  axis.append(el("span", "", `${Math.round(100 * start)} %`), el("span", "", "100 %"));
  const all = el("span", "all", `all rows: ${data.overall_written}`);
  part(".head").replaceChildren(all, axis, el("span", "numbers", "accuracy"));
  const lines = data.slices.slice(0, count).map((slice, place) => {
    const node = sliceLine(slice, data.overall, start);
    node.setAttribute("aria-pressed", String(place === data.chosen));
    node.onclick = () => pick(place);
    return node;
  });
  const focused = [...part(".lines").children].indexOf(root.getRootNode().activeElement);
  part(".lines").replaceChildren(...lines);
  lines[focused]?.focus();
  const more = part(".more");
  more.hidden = count === data.slices.length;
  setText(more, data.more);
  more.onclick = () => {
    root.dataset.all = "yes";
    drawSlices(root, data, pick);
  };
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".slices");
  // A list may be clicked while the server makes another one: it is told which was clicked.
  drawSlices(root, data, (place) => setTriggerValue("pick", { subject: data.subject, place }));
}
