import { el, setText } from "../shell/element.js";

// The answer: nodes are made once, then only texts and widths change.
const summoned = new WeakMap(); // root -> the last number

/** Scroll to the answer when its number has changed: what it is about was chosen further down. */
function summon(root, number) {
  const before = summoned.get(root);
  summoned.set(root, number);
  if (before === undefined || before === number) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  root.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
}

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
  setText(find(".told"), data.below);
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
  summon(root, data.summons);
}
