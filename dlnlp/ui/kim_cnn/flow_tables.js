import { el } from "../shell/element.js";
import { hue, signed } from "../shell/number_format.js";

// Columns and tables of the panel.

export function column(title, note, ...nodes) {
  const node = el("section", "column");
  const head = el("p", "heading", title);
  if (note) head.append(" ", el("span", "note", note));
  node.append(head, ...nodes);
  return node;
}

export const amount = (value, digits = 2) => el("td", hue(value), signed(value, digits));

export const words = (text) => el("td", "wording", text);

export const number = (text) => el("td", "", text);

/** A table of cells; a row with `pick` is chosen by a click on its first cell's button. */
export function table(heads, rows) {
  const node = el("table");
  if (heads.some(Boolean)) {
    const head = el("tr");
    const kinds = rows[0]?.cells.map((cell) =>
      cell.classList.contains("wording") ? "wording" : "",
    );
    head.append(...heads.map((text, n) => el(text ? "th" : "td", kinds?.[n], text)));
    node.append(head);
  }
  for (const { cells, sum, pick } of rows) {
    const row = el("tr", sum ? "total" : "");
    if (pick) {
      const button = el("button", "link", cells[0].textContent);
      button.type = "button";
      button.onclick = pick;
      cells[0].replaceChildren(button);
    }
    row.append(...cells);
    node.append(row);
  }
  return node;
}
