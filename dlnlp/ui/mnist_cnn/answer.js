import { el, setText } from "../shell/element.js";

// The answer: nodes are made once, then only texts and widths change.

function makeBars(node, count) {
  node.replaceChildren(
    ...Array.from({ length: count }, () => {
      const row = el("div");
      row.append(el("span", "name"), el("span", "track"), el("span", "value"));
      row.children[1].append(el("span"));
      return row;
    }),
  );
}

export default function ({ data, parentElement }) {
  const find = (selector) => parentElement.querySelector(selector);
  const root = find(".answer"),
    bars = find(".bars");
  setText(find("h2"), data.headline);
  setText(find(".below"), data.below);
  setText(find("summary"), data.score);
  setText(find(".about"), data.about);
  setText(find(".note"), data.note);
  find("details").hidden = !data.score;
  root.classList.toggle("unsure", !data.sure);
  if (bars.children.length !== data.bars.length) makeBars(bars, data.bars.length);
  data.bars.forEach((bar, k) => {
    const [name, track, value] = bars.children[k].children;
    bars.children[k].className = ["bar", "bar first", "bar second"][bar.place];
    setText(name, bar.name);
    setText(value, bar.text);
    track.firstChild.style.width = `${100 * bar.share}%`;
  });
  bars.hidden = !data.bars.length;
  bars.setAttribute(
    "aria-label",
    `Probabilities: ${data.bars.map((bar) => `${bar.name} ${bar.text}`).join(", ")}`,
  );
}
