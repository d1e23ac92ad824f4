import { el } from "../shell/element.js";

// A table of buttons: rows are what a digit is, columns what the network read.
const drawn = new WeakMap(); // root -> signature

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".confusion");
  const { selected, ...content } = data;
  const signature = JSON.stringify(content);
  if (drawn.get(root) !== signature) {
    drawn.set(root, signature);
    root.querySelector("caption").textContent = "Rows: true label. Columns: predicted label.";
    const head = el("tr");
    head.append(el("td"), ...data.names.map((name) => el("th", "", name)));
    root.querySelector("thead").replaceChildren(head);
    root.querySelector("tbody").replaceChildren(
      ...data.counts.map((row, r) => {
        const line = el("tr");
        line.append(el("th", "", data.names[r]));
        row.forEach((count, c) => {
          const cell = el("td"),
            button = el("button", "", count ? String(count) : "");
          button.type = "button";
          button.disabled = !count;
          button.dataset.row = r;
          button.dataset.column = c;
          button.className = r === c ? "right" : "wrong";
          button.style.setProperty("--v", data.shades[r][c]);
          button.setAttribute(
            "aria-label",
            `True label ${data.names[r]}, predicted label ${data.names[c]}: ${count}`,
          );
          cell.append(button);
          line.append(cell);
        });
        return line;
      }),
    );
  }
  for (const button of root.querySelectorAll("button")) {
    const here =
      !!selected && +button.dataset.row === selected[0] && +button.dataset.column === selected[1];
    button.setAttribute("aria-pressed", String(here));
  }
  root.onclick = (event) => {
    const button = event.target.closest("button");
    if (button) setTriggerValue("pick", [+button.dataset.row, +button.dataset.column]);
  };
}
