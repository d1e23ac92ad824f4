import { el } from "../shell/element.js";
import { announce, listen } from "../shell/linked.js";

// Draws rows of shaded words, to be read. All text goes in through textContent.
const drawn = new WeakMap(); // root -> {signature, cells, current, stop}

function drawScale(scale, className) {
  const item = el("span", "scale");
  item.append(el("span", "scale-title", scale.title), el("span", "end", scale.low));
  item.append(el("span", `bar ${className} ${scale.kind}`), el("span", "end", scale.high));
  return item;
}

function drawLegend(node, data) {
  const items = [drawScale(data.scale, "word-bar")];
  if (data.row_scale) items.unshift(drawScale(data.row_scale, "row-bar"));
  if (data.mark_note) {
    const item = el("span", "scale");
    item.append(el("span", "marked", "word"), el("span", "end", data.mark_note));
    items.push(item);
  }
  node.replaceChildren(...items);
}

function drawRows(node, data) {
  const cells = []; // everything that takes focus, in reading order
  const fragment = document.createDocumentFragment();
  data.rows.forEach((row, r) => {
    const line = el("div", "row");
    const button = el("button", "row-button", row.label);
    button.type = "button";
    button.tabIndex = -1;
    button.style.setProperty("--v", Math.abs(row.shade));
    if (data.row_scale?.kind === "diverging") {
      button.classList.add(row.shade < 0 ? "against" : "for");
    }
    button.setAttribute(
      "aria-label",
      `${data.row_name} ${r + 1}: ${data.row_columns[0]} ${row.numbers[0]}`,
    );
    cells.push({
      node: button,
      row: r,
      pointed: row.index < 0 ? null : { sentence: row.index },
      labels: data.row_columns,
      numbers: row.numbers,
      title: `${data.row_name} ${r + 1}`,
    });
    const text = el("div", "words");
    text.dir = "auto";
    for (const piece of row.spans) {
      if (typeof piece === "string") {
        text.append(piece);
        continue;
      }
      // Not <button>: an inline-block cannot break inside a very long word. Same role and keys.
      const word = el("span", "word", piece.text);
      word.setAttribute("role", "button");
      word.tabIndex = -1;
      word.style.setProperty("--v", Math.abs(piece.shade));
      if (data.scale.kind === "diverging") word.classList.add(piece.shade < 0 ? "against" : "for");
      if (piece.marked) word.classList.add("marked");
      if (piece.change) word.classList.add(piece.change);
      const mark = piece.marked ? `, ${data.mark_note}` : "";
      word.setAttribute(
        "aria-label",
        `${piece.text}: ${data.columns[0]} ${piece.numbers[0]}${mark}`,
      );
      cells.push({
        node: word,
        row: r,
        pointed: piece.index < 0 ? null : { token: piece.index },
        labels: data.columns,
        numbers: piece.numbers,
        title: piece.text,
      });
      text.append(word);
    }
    line.append(button, text);
    fragment.append(line);
  });
  node.setAttribute("aria-label", data.title);
  node.replaceChildren(fragment);
  cells.forEach((cell, position) => (cell.node.dataset.cell = position));
  return cells;
}

function drawRest(node, data) {
  node.replaceChildren(
    ...data.rest.map((rest) => {
      const part = el("div", "rest-part");
      const text = el("div", "rest-text", rest.text);
      text.dir = "auto";
      part.append(el("p", "rest-note", rest.note), text);
      return part;
    }),
  );
}

function showTip(root, tip, cell) {
  const list = el("dl");
  cell.labels.forEach((label, i) => {
    if (cell.numbers[i] !== "") list.append(el("dt", "", label), el("dd", "", cell.numbers[i]));
  });
  tip.replaceChildren(el("strong", "", cell.title.slice(0, 60)), list);
  tip.hidden = false;
  const box = cell.node.getClientRects()[0],
    frame = root.getBoundingClientRect();
  if (!box) return;
  const left = Math.min(box.left - frame.left, frame.width - tip.offsetWidth);
  tip.style.left = `${Math.max(0, left)}px`;
  const above =
    box.bottom + tip.offsetHeight + 8 > window.innerHeight && box.top > tip.offsetHeight + 8;
  tip.style.top = `${above ? box.top - frame.top - tip.offsetHeight - 6 : box.bottom - frame.top + 6}px`;
}

/** Light up what another view points at. */
function light(cells, pointed) {
  for (const { node, pointed: own } of cells) {
    const same =
      !!pointed &&
      !!own &&
      ((pointed.token !== undefined && pointed.token === own.token) ||
        (pointed.sentence !== undefined && pointed.sentence === own.sentence));
    node.classList.toggle("lit", same);
  }
}

/** Wire a view once; every drawing changes `state.cells` and nothing else. */
function wire(root, state) {
  const rows = root.querySelector(".rows"),
    tip = root.querySelector(".tip");
  const cellOf = (event) => {
    const node = event.target.closest && event.target.closest("[data-cell]");
    return node ? state.cells[+node.dataset.cell] : null;
  };
  const point = (cell) => {
    if (cell) showTip(root, tip, cell);
    else tip.hidden = true;
    announce("text", cell?.pointed ?? null, state);
  };
  const enter = (cell) => {
    state.cells[state.current].node.tabIndex = -1;
    state.current = +cell.node.dataset.cell;
    cell.node.tabIndex = 0;
  };
  rows.addEventListener("click", (event) => {
    const cell = cellOf(event);
    if (!cell) return; // a drag over several words ends here too: selecting text is no click
    enter(cell);
    point(cell);
  });
  root.addEventListener("mouseover", (event) => point(cellOf(event)));
  root.addEventListener("mouseleave", () => point(null));
  root.addEventListener("focusin", (event) => {
    const cell = cellOf(event);
    if (!cell) return;
    enter(cell);
    for (const other of state.cells) other.node.removeAttribute("aria-describedby");
    cell.node.setAttribute("aria-describedby", "tip");
    point(cell);
  });
  root.addEventListener("focusout", () => point(null));
  rows.addEventListener("keydown", (event) => {
    const cell = cellOf(event);
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const here = state.current;
    const rowStart = (row) => state.cells.findIndex((other) => other.row === row);
    const target = {
      ArrowRight: () => here + 1,
      ArrowLeft: () => here - 1,
      ArrowDown: () => rowStart(cell.row + 1),
      ArrowUp: () => rowStart(cell.row - 1),
      Home: () => rowStart(cell.row),
      End: () => state.cells.findLastIndex((other) => other.row === cell.row),
    }[event.key];
    if (target) {
      event.preventDefault();
      state.cells[target()]?.node.focus();
    } else if (event.key === "Escape") {
      point(null);
    }
  });
  state.stop = listen("text", (pointed) => light(state.cells, pointed), state);
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".ht"),
    tip = root.querySelector(".tip");
  const signature = JSON.stringify(data);
  let state = drawn.get(root);
  if (state?.signature === signature) return state.stop;
  const focused = root.getRootNode().activeElement?.dataset?.cell;
  if (!state) {
    state = { cells: [], current: 0 };
    drawn.set(root, state);
    wire(root, state);
  }
  drawLegend(root.querySelector(".legend"), data);
  state.signature = signature;
  state.cells = drawRows(root.querySelector(".rows"), data);
  drawRest(root.querySelector(".rest"), data);
  tip.hidden = true;
  if (state.cells.length) {
    state.current = Math.min(state.current, state.cells.length - 1);
    state.cells[state.current].node.tabIndex = 0;
    if (focused !== undefined) state.cells[state.current].node.focus({ preventScroll: true });
  }
  return state.stop;
}
