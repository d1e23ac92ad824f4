import { el } from "../shell/element.js";

// Pictures, as buttons where they can be picked, all of a group cut from one sheet. Words enter
// through textContent and attributes.
const drawn = new WeakMap(); // root -> signature

const place = (k, count) => (count > 1 ? `${(100 * k) / (count - 1)}%` : "0%");

function tileOf(group, words, k, buttons) {
  const tile = el(buttons ? "button" : "div", "tile");
  const picture = el("span", group.ink ? "picture ink" : "picture");
  const frame = el("span", "frame");
  const kind = group.ink ? "mask" : "background";
  const at = `${place(k % group.columns, group.columns)} ${place(Math.floor(k / group.columns), group.rows)}`;
  if (buttons) tile.type = "button";
  else tile.setAttribute("role", "img");
  tile.dataset.tile = k;
  tile.title = words.label;
  tile.setAttribute("aria-label", words.label);
  picture.style.setProperty(`${kind}-image`, `url("${group.sheet}")`);
  picture.style.setProperty(`${kind}-size`, `${100 * group.columns}% ${100 * group.rows}%`);
  picture.style.setProperty(`${kind}-position`, at);
  frame.append(picture);
  tile.append(frame, el("span", "caption", words.caption));
  return tile;
}

function partsOf(group, buttons) {
  const gallery = el("div", "gallery");
  gallery.setAttribute("role", "group");
  gallery.setAttribute("aria-label", group.title);
  gallery.style.setProperty("--tile", `${group.size}px`);
  gallery.style.setProperty("--across", group.across);
  gallery.append(...group.tiles.map((words, k) => tileOf(group, words, k, buttons)));
  if (!group.heading) return [gallery];
  const line = el("p", "line");
  line.append(el("strong", "", group.heading), group.note);
  return [line, gallery];
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".galleries");
  const { selected, ...content } = data;
  const signature = JSON.stringify(content);
  if (drawn.get(root) !== signature) {
    drawn.set(root, signature);
    root.replaceChildren(...data.groups.flatMap((group) => partsOf(group, data.buttons)));
  }
  if (!data.buttons) return;
  for (const tile of root.querySelectorAll(".tile"))
    tile.setAttribute("aria-pressed", String(+tile.dataset.tile === selected));
  root.onclick = (event) => {
    const tile = event.target.closest("button");
    if (tile) setTriggerValue("pick", { subject: data.subject, place: +tile.dataset.tile });
  };
}
