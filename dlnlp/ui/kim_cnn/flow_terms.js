import { el, svg } from "../shell/element.js";
import { put } from "./flow_parts.js";
import { total } from "./flow_numbers.js";
import { fixed, signed } from "../shell/number_format.js";
import { column } from "./flow_tables.js";

// The numbers behind a filter's value: each word's vector, times the filter's own, number by number.

const HALF = 11; // pixels above and below the middle of a strip

/** Bars up and down from the middle, as the path of a drawing of one unit per value. */
export function bars(values) {
  const most = Math.max(1e-9, ...values.map(Math.abs));
  return values
    .map((value, n) => `M${n},${HALF}v${((-value / most) * HALF).toFixed(2)}h.8V${HALF}z`)
    .join("");
}

/** One number of a word's product with the filter, in words. */
export function term(terms, word, place) {
  const [x, w] = [terms.vectors[word][place], terms.weights[word][place]];
  return `Number ${place + 1}: ${fixed(x, 3)} × ${fixed(w, 3)} = ${fixed(x * w, 4)}`;
}

/**
 * @param {string[]} words of the window
 * @param {{vectors: number[][], weights: number[][]}} terms a list of numbers for each of them
 */
export function termsColumn(words, terms) {
  const size = terms.weights[0].length;
  const read = el("p", "note", "Point at a number, or use the arrow keys.");
  const list = el("div", "terms");
  words.forEach((word, n) => {
    const products = terms.vectors[n].map((x, place) => x * terms.weights[n][place]);
    const rows = [
      [`“${word}”`, terms.vectors[n], ""],
      ["× filter", terms.weights[n], ""],
      ["= products", products, `Σ ${signed(total(products), 3)}`],
    ];
    rows.forEach(([name, values, sum], row) => {
      const say = (place) => (read.textContent = `${word}. ${term(terms, n, place)}`);
      list.append(el("span", row ? "note" : "strong", name), strip(values, `${word} ${name}`, say));
      list.append(el("span", "", sum));
    });
  });
  return column("x · W, number by number", `${words.length} × ${size} products`, list, read);
}

function strip(values, name, say) {
  const size = values.length;
  const node = svg("svg", {
    class: "strip",
    viewBox: `0 0 ${size} ${2 * HALF}`,
    preserveAspectRatio: "none",
    role: "slider",
    tabindex: 0,
    "aria-label": name,
    "aria-valuemin": 1,
    "aria-valuemax": size,
    "aria-valuenow": 1,
  });
  put(node, "path", { class: "strip-zero", d: `M0,${HALF}H${size}` });
  put(node, "path", { class: "strip-bars", d: bars(values) });
  const mark = put(node, "rect", { class: "strip-mark", y: 0, width: 1, height: 2 * HALF, x: -2 });
  const at = (place) => {
    mark.setAttribute("x", place);
    node.setAttribute("aria-valuenow", place + 1);
    node.setAttribute("aria-valuetext", `${place + 1}: ${fixed(values[place], 4)}`);
    say(place);
  };
  node.onpointermove = (event) => {
    const share = event.offsetX / node.clientWidth;
    at(Math.max(0, Math.min(size - 1, Math.floor(share * size))));
  };
  node.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const now = Number(node.getAttribute("aria-valuenow")) - 1;
    at(Math.max(0, Math.min(size - 1, now + step)));
  };
  return node;
}
