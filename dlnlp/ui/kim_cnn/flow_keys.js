// The keyboard: one stop of the Tab key per column, arrows within a column and across.

const COLUMNS = ".flow-words, .flow-rows, .flow-sum";

const stopsOf = (column) => [...column.querySelectorAll(".target")];

/** Give each column its stop: what was picked, else its first. */
export function setStops(drawing, picked) {
  for (const column of drawing.querySelectorAll(COLUMNS)) {
    const stops = stopsOf(column);
    const current = stops.find((node) => node.dataset.id === picked) ?? stops[0];
    current?.setAttribute("tabindex", 0);
  }
}

/** What a key leads to from a node, or null. */
export function next(drawing, node, key) {
  const column = node.parentNode;
  const stops = stopsOf(column);
  const inLines = column.classList.contains("flow-words"); // left and right stay in the text
  const along = { ArrowDown: 1, ArrowUp: -1 }[key] ?? (inLines ? acrossOf(key) : undefined);
  const neighbour = along && stops[stops.indexOf(node) + along];
  if (neighbour) return neighbour;
  const all = [...drawing.querySelectorAll(COLUMNS)];
  const beside = acrossOf(key) && all[all.indexOf(column) + acrossOf(key)];
  return beside ? beside.querySelector('[tabindex="0"]') : null;
}

const acrossOf = (key) => ({ ArrowRight: 1, ArrowLeft: -1 })[key];

/** Move the focus; the column that it stays in keeps one stop. */
export function moveTo(node, from) {
  if (node.parentNode === from.parentNode) from.setAttribute("tabindex", -1);
  node.setAttribute("tabindex", 0);
  node.focus();
}
