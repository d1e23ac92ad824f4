// Saves a drawing of the page as a file: in the light theme, whatever the page's is.
import { drawingOf } from "./drawing.js";
import { el } from "./element.js";

const states = new WeakMap(); // root -> what was saved last

/** The first element that matches under a node, shadow roots included. */
function find(node, selector) {
  const here = node.querySelector(selector);
  if (here) return here;
  for (const each of node.querySelectorAll("*")) {
    const inside = each.shadowRoot && find(each.shadowRoot, selector);
    if (inside) return inside;
  }
  return null;
}

function save(blob, name) {
  const link = el("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The drawing in the light theme's colours; the page is as it was afterwards. */
function drawn(data) {
  const place = document.querySelector(`.st-key-${CSS.escape(data.of)}`);
  const root = place && find(place, data.part);
  if (!root) return null;
  const themed = root.closest(".flow") ?? root;
  const before = themed.getAttribute("style");
  for (const [name, value] of Object.entries(data.light)) themed.style.setProperty(name, value);
  try {
    return drawingOf(root, data.title);
  } finally {
    if (before === null) themed.removeAttribute("style");
    else themed.setAttribute("style", before);
  }
}

function asPng({ text, width, height }, pixels, done) {
  const image = new Image();
  image.onload = () => {
    const canvas = el("canvas");
    canvas.width = pixels;
    canvas.height = Math.round((pixels * height) / width);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(done, "image/png");
    URL.revokeObjectURL(image.src);
  };
  image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
}

function option(value, text) {
  const node = el("option", "", text);
  node.value = value;
  return node;
}

function choice(label, options) {
  const node = el("select");
  node.setAttribute("aria-label", label);
  node.append(...options);
  return node;
}

function mount(root) {
  const format = choice("Format of the picture", [
    option("svg", "SVG"),
    option("pdf", "PDF"),
    option("tex", "LaTeX (ZIP)"),
    option("png", "PNG"),
  ]);
  const width = choice(
    "Width of the picture in pixels",
    [1200, 1600, 2400, 3200].map((pixels) => option(pixels, `${pixels.toLocaleString("en")} px`)),
  );
  width.value = 1600;
  width.hidden = true;
  format.onchange = () => (width.hidden = format.value !== "png");
  const button = el("button", "", "Save picture");
  button.type = "button";
  const said = el("span", "said");
  said.setAttribute("role", "status");
  root.replaceChildren(said, format, width, button);
  return { format, width, button, said };
}

/**
 * @param {{of: string, part: string, name: string, title: string, light: Record<string, string>,
 *   made: {id: string, content: string, zip: boolean} | null, problem: string}} data `of` is the
 *   key of the element that draws and `part` a selector in it; `made` is a PDF, or a ZIP with
 *   LaTeX, in base 64.
 */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".save");
  const state = states.get(root) ?? mount(root);
  states.set(root, state);
  state.said.textContent = data.problem;
  if (data.made && state.id !== data.made.id) {
    state.id = data.made.id;
    const bytes = Uint8Array.from(atob(data.made.content), (each) => each.charCodeAt(0));
    const [ending, type] = data.made.zip ? ["zip", "application/zip"] : ["pdf", "application/pdf"];
    save(new Blob([bytes], { type }), `${data.name}.${ending}`);
  }
  state.button.onclick = () => {
    const found = drawn(data);
    if (!found) return;
    const format = state.format.value;
    if (format === "pdf" || format === "tex")
      setTriggerValue("drawn", { text: found.text, format });
    else if (format === "png")
      asPng(found, Number(state.width.value), (blob) => save(blob, `${data.name}.png`));
    else save(new Blob([found.text], { type: "image/svg+xml" }), `${data.name}.svg`);
  };
}
