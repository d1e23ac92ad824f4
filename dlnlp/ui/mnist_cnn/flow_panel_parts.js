import { el } from "../shell/element.js";
import { strongest } from "./flow_data.js";
import { fixed, hue, signed } from "../shell/number_format.js";

// What the panel of the diagram is built of: columns, lines, bars, squares of numbers.

export const total = (values) => values.reduce((sum, value) => sum + value, 0);

export function column(title, more = "", className = "") {
  const node = el("div", `column ${className}`),
    head = el("h3", "", title);
  if (more) head.append(" ", el("span", "mute", more));
  node.append(head);
  return node;
}

/** Words in a line: plain text, or [class, text]. */
export function line(parts, className = "") {
  const node = el("p", className);
  for (const part of parts)
    node.append(typeof part === "string" ? part : el(part[0] === "mute" ? "span" : "b", ...part));
  return node;
}

/**
 * @typedef {object} Actions
 * @property {(thing: object) => void} go opens a map or a unit
 * @property {(thing: object | null) => void} light lights it in the diagram; null: what is open
 */

/**
 * A name that opens a thing, and lights it while it is pointed at.
 * @param {string} text
 * @param {object} thing
 * @param {Actions} actions
 */
export function link(text, thing, { go, light }) {
  const node = el("button", "link", text);
  node.type = "button";
  node.onclick = () => go(thing);
  node.onpointerenter = node.onfocus = () => light(thing);
  node.onpointerleave = node.onblur = () => light(null);
  return node;
}

/** Named values as bars around a middle line; rows are [name, value, what a click opens]. */
export function bars(rows, actions) {
  const node = el("div", "bars"),
    most = Math.max(...rows.map(([, value]) => Math.abs(value))) || 1;
  for (const [name, value, thing] of rows) {
    const label = thing ? link(name, thing, actions) : el("span", "", name),
      track = el("span", `track ${hue(value)}`),
      bar = el("span"),
      share = (50 * Math.abs(value)) / most;
    bar.style.width = `${Math.max(1, share)}%`;
    bar.style.left = `${value < 0 ? 50 - share : 50}%`;
    track.append(bar);
    node.append(label, track, el("b", hue(value), signed(value)));
  }
  return node;
}

/** Named parts, the strongest first, the others as one row. */
export function strongestRows(parts, many, row) {
  const order = strongest(parts, parts.length),
    others = order.slice(many);
  const rows = order.slice(0, many).map(row);
  if (others.length) rows.push([`${others.length} others`, total(others.map((i) => parts[i]))]);
  return rows;
}

/** Numbers in a square; signed ones in the two hues, others as ink. */
export function matrix(values, side, most, isSigned) {
  const node = el("span", "matrix");
  node.style.gridTemplateColumns = `repeat(${side}, auto)`;
  for (const value of values) {
    const share = Math.min(1, Math.abs(value) / (most || 1)),
      cell = el("span", isSigned ? hue(value) : "ink", fixed(value));
    cell.style.setProperty("--share", `${Math.round(100 * share)}%`);
    cell.classList.toggle("full", share > 0.55);
    node.append(cell);
  }
  return node;
}
