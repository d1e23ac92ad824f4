import { el } from "../shell/element.js";

// Draws rows of shaded words. All text goes in through textContent.
const drawn = new WeakMap(); // root -> {signature, cells, data}

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
    button.style.setProperty("--v", Math.abs(row.v));
    if (data.row_scale?.kind === "diverging" && row.v > 0) button.classList.add("positive");
    button.setAttribute(
      "aria-label",
      `${data.row_name} ${r + 1}: ${data.row_columns[0]} ${row.n[0]}`,
    );
    cells.push({
      node: button,
      row: r,
      span: null,
      labels: data.row_columns,
      numbers: row.n,
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
      const word = el("span", "word", piece.t);
      word.setAttribute("role", "button");
      word.tabIndex = -1;
      word.style.setProperty("--v", Math.abs(piece.v));
      if (piece.v < 0) word.classList.add("negative");
      if (piece.m) word.classList.add("marked");
      const mark = piece.m ? `, ${data.mark_note}` : "";
      word.setAttribute("aria-label", `${piece.t}: ${data.columns[0]} ${piece.n[0]}${mark}`);
      cells.push({
        node: word,
        row: r,
        span: piece.i,
        labels: data.columns,
        numbers: piece.n,
        title: piece.t,
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

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".ht");
  const rows = root.querySelector(".rows"),
    tip = root.querySelector(".tip");
  const { selected, ...content } = data;
  const signature = JSON.stringify(content);
  const before = drawn.get(root);
  let state = before;
  if (!before || before.signature !== signature) {
    const active = root.getRootNode().activeElement;
    const focused = active && active.dataset ? active.dataset.cell : undefined;
    drawLegend(root.querySelector(".legend"), data);
    state = { signature, cells: drawRows(rows, data), current: 0 };
    drawRest(root.querySelector(".rest"), data);
    drawn.set(root, state);
    tip.hidden = true;
    if (state.cells.length) {
      state.current = Math.min(before ? before.current : 0, state.cells.length - 1);
      state.cells[state.current].node.tabIndex = 0;
      if (focused !== undefined) state.cells[state.current].node.focus({ preventScroll: true });
    }
  }
  const { cells } = state;
  for (const cell of cells) {
    const chosen = !!selected && cell.row === selected.row && cell.span === (selected.span ?? null);
    if (chosen || cell.node.hasAttribute("aria-pressed")) {
      if (chosen) cell.node.setAttribute("aria-pressed", "true");
      else cell.node.removeAttribute("aria-pressed");
    }
  }

  const cellOf = (event) => {
    const node = event.target.closest && event.target.closest("[data-cell]");
    return node ? cells[+node.dataset.cell] : null;
  };
  const enter = (cell) => {
    if (!cell) return;
    cells[state.current].node.tabIndex = -1;
    state.current = +cell.node.dataset.cell;
    cell.node.tabIndex = 0;
  };
  const describe = (cell) => {
    cells.forEach(
      (other) =>
        other.node.hasAttribute("aria-describedby") &&
        other.node.removeAttribute("aria-describedby"),
    );
    cell.node.setAttribute("aria-describedby", "tip");
    showTip(root, tip, cell);
  };
  const pick = (cell) => setTriggerValue("pick", { row: cell.row, span: cell.span });

  rows.onclick = (event) => {
    const cell = cellOf(event);
    if (!cell) return; // a drag over several words ends here too: selecting text is no click
    enter(cell);
    pick(cell);
  };
  root.onmouseover = (event) => {
    const cell = cellOf(event);
    if (cell) showTip(root, tip, cell);
    else tip.hidden = true;
  };
  root.onmouseleave = () => (tip.hidden = true);
  if (!root.dataset.wired) {
    root.dataset.wired = "1"; // focusin has no on-property: wire it once and look the state up
    root.addEventListener("focusin", (event) => root.focusCell?.(event));
    root.addEventListener("focusout", () => (tip.hidden = true));
  }
  root.focusCell = (event) => {
    const cell = cellOf(event);
    if (!cell) return;
    enter(cell);
    describe(cell);
  };
  rows.onkeydown = (event) => {
    const cell = cellOf(event);
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const here = state.current;
    const rowStart = (row) => cells.findIndex((other) => other.row === row);
    const target = {
      ArrowRight: () => here + 1,
      ArrowLeft: () => here - 1,
      ArrowDown: () => rowStart(cell.row + 1),
      ArrowUp: () => rowStart(cell.row - 1),
      Home: () => rowStart(cell.row),
      End: () => cells.findLastIndex((other) => other.row === cell.row),
    }[event.key];
    if (target) {
      event.preventDefault();
      const next = cells[target()];
      if (next) next.node.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      pick(cell);
    } else if (event.key === "Escape") {
      tip.hidden = true;
    }
  };
}
