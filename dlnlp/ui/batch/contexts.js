import { el } from "../shell/element.js";

// Lines of text around an n-gram. A line is a button; all text goes in through textContent.

/**
 * @typedef {{text: string, shade: number}} Piece
 * @typedef {{label: string, value: string, sign: number, right_to_left: boolean,
 *   before: Piece[], match: Piece[], behind: Piece[]}} Line
 */

function side(sign) {
  return sign < 0 ? "against" : "for";
}

/** Words with their shades, and the characters between them. */
export function drawPieces(node, pieces) {
  for (const piece of pieces) {
    if (!piece.shade) {
      node.append(piece.text);
      continue;
    }
    const word = el("span", `word ${side(piece.shade)}`, piece.text);
    word.style.setProperty("--v", Math.abs(piece.shade));
    node.append(word);
  }
  return node;
}

/** The text of a line, for whoever hears it. */
export function spoken(line) {
  const text = [...line.before, ...line.match, ...line.behind].map((piece) => piece.text);
  return `${line.label}, ${line.value}: ${text.join("")}`;
}

/** A line as a button. */
export function drawLine(line, open) {
  const node = el("button", "line");
  node.type = "button";
  node.setAttribute("aria-label", spoken(line));
  node.title = `Open ${line.label}`;
  node.onclick = open;
  const text = el("span", "text");
  text.dir = line.right_to_left ? "rtl" : "ltr";
  const before = el("span", "before"); // what is too long is cut where the line begins
  before.append(drawPieces(el("span"), line.before));
  text.append(
    before,
    drawPieces(el("strong", "match"), line.match),
    drawPieces(el("span", "behind"), line.behind),
  );
  node.append(el("span", `value ${side(line.sign)}`, line.value), text);
  return node;
}

function drawLegend(node, data) {
  node.replaceChildren(
    el("span", "end", data.against),
    el("span", "bar diverging"),
    el("span", "end", data.towards),
  );
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".contexts");
  drawLegend(root.querySelector(".legend"), data);
  const list = root.querySelector(".lines");
  list.setAttribute("aria-label", data.title);
  const open = (place) => setTriggerValue("open", { subject: data.title, place });
  list.replaceChildren(
    ...data.lines.map((line, place) => {
      const item = el("li");
      item.append(drawLine(line, () => open(place)));
      return item;
    }),
  );
}
