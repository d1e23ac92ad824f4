// Pictures as buttons, all cut from one sheet. Words enter through textContent and attributes.
const drawn = new WeakMap(); // root -> signature

const place = (k, count) => (count > 1 ? `${(100 * k) / (count - 1)}%` : "0%");

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".gallery");
  const { selected, ...content } = data;
  const signature = JSON.stringify(content);
  if (drawn.get(root) !== signature) {
    drawn.set(root, signature);
    root.style.setProperty("--tile", `${data.size}px`);
    root.setAttribute("aria-label", data.title);
    root.replaceChildren(
      ...data.tiles.map((words, k) => {
        const tile = document.createElement(data.buttons ? "button" : "div");
        const picture = document.createElement("span"), caption = document.createElement("span");
        const sheet = `url("${data.sheet}")`, kind = data.ink ? "mask" : "background";
        const at = `${place(k % data.columns, data.columns)} ${place(Math.floor(k / data.columns), data.rows)}`;
        if (data.buttons) tile.type = "button";
        else tile.setAttribute("role", "img");
        tile.className = "tile";
        tile.dataset.tile = k;
        tile.title = words.label;
        tile.setAttribute("aria-label", words.label);
        picture.className = data.ink ? "picture ink" : "picture";
        picture.style.setProperty(`${kind}-image`, sheet);
        picture.style.setProperty(`${kind}-size`, `${100 * data.columns}% ${100 * data.rows}%`);
        picture.style.setProperty(`${kind}-position`, at);
        caption.className = "caption";
        caption.textContent = words.caption;
        const frame = document.createElement("span");
        frame.className = "frame";
        frame.append(picture);
        tile.append(frame, caption);
        return tile;
      }),
    );
  }
  for (const tile of root.children)
    if (data.buttons) tile.setAttribute("aria-pressed", String(+tile.dataset.tile === selected));
  root.onclick = (event) => {
    const tile = event.target.closest("button");
    if (tile) setTriggerValue("pick", +tile.dataset.tile);
  };
}
