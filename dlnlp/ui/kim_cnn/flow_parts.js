import { svg } from "../shell/element.js";

// What every part of the drawing is built from. Nodes carry the names of the paths that they lie on
// (w5: word 5, f12: filter 12, p3: the other filters of place 3), which light up together.

export function put(parent, tag, attributes, text) {
  const node = svg(tag, attributes, text);
  parent.append(node);
  return node;
}

/** What can be pointed at: a group that behaves as a button. */
export function target(parent, id, className, label) {
  return put(parent, "g", {
    class: `target part ${className} ${id}`,
    role: "button",
    tabindex: -1,
    "data-id": id,
    "aria-label": label,
  });
}

export const opacityOf = (value, most) => (0.55 * Math.sqrt(Math.abs(value) / most)).toFixed(3);
