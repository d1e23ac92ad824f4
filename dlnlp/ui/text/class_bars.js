import { el, setText } from "../shell/element.js";

// A bar for each class. Bars stay where they are: a new answer changes their length.

const LONGEST = 76; // percent of the track: the number stands behind the bar

/** Draw the prediction in place of the one before. */
export function drawBars(root, data, pick) {
  const part = (name) => root.querySelector(name);
  const box = part(".bars");
  setText(part(".prediction"), data.prediction);
  setText(part(".note"), data.note);
  setText(part(".spoken"), data.prediction); // said once: an equal text is not set again
  const rows = data.contrast ? [...data.bars, data.contrast] : data.bars;
  while (box.children.length > rows.length) box.lastChild.remove();
  rows.forEach((bar, place) => {
    const node = box.children[place] ?? box.appendChild(newBar());
    setText(node.querySelector(".name"), bar.name);
    setText(node.querySelector(".value"), bar.written);
    const fill = node.querySelector(".fill");
    fill.style.width = `${LONGEST * bar.share}%`;
    node.classList.toggle("contrast", place === data.bars.length);
    node.classList.toggle("best", place === data.predicted);
    node.setAttribute("aria-checked", String(place === data.target));
    node.setAttribute("aria-label", `${bar.name}: ${bar.written}`);
    node.setAttribute("aria-disabled", String(!data.enabled));
    node.tabIndex = place === Math.max(data.target, 0) ? 0 : -1;
    node.title = data.enabled ? `Explain ${bar.name}` : data.note;
    node.onclick = () => data.enabled && pick(place);
  });
  box.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const next = step && box.children[[...box.children].indexOf(event.target) + step];
    if (!next) return;
    event.preventDefault();
    for (const node of box.children) node.tabIndex = node === next ? 0 : -1;
    next.focus();
  };
}

function newBar() {
  const node = el("button", "bar");
  node.type = "button";
  node.setAttribute("role", "radio");
  const track = el("span", "track");
  track.append(el("span", "fill"), el("span", "value"));
  node.append(el("span", "name"), track);
  return node;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".answer");
  drawBars(root, data, (place) => setTriggerValue("pick", place));
}
