import { el, setText } from "../shell/element.js";

// The strip of the preparation: nodes are kept while the steps stay the same.

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} title
 * @property {string} picture address of an image
 * @property {boolean} smooth
 * @property {string} words
 * @property {string} size
 * @property {boolean | null} on null: it has no switch
 */

function makeStep(step) {
  const item = el("li"),
    label = el(step.on === null ? "span" : "label", "title");
  if (step.on !== null) {
    const box = el("input");
    box.type = "checkbox";
    box.setAttribute("role", "switch");
    box.dataset.step = step.name;
    label.append(box);
  }
  label.append(el("span", "name"));
  item.append(el("img"), label, el("p", "size"));
  return item;
}

/**
 * The line below the strip: what the step does that is pointed at; else what is off; else why the
 * picture is prepared at all.
 * @param {Step[]} steps
 * @param {number} pointed -1 for none
 * @param {string} about
 */
export function lineOf(steps, pointed, about) {
  const step = steps[pointed] ?? steps.find((one) => one.on === false);
  if (step) return `${step.title}: ${step.words}`;
  return steps.length === 1 ? steps[0].words : about;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".steps"),
    line = parentElement.querySelector(".words");
  const names = data.steps.map((step) => step.name).join();
  if (root.dataset.names !== names) {
    root.dataset.names = names;
    root.replaceChildren(...data.steps.map(makeStep));
  }
  data.steps.forEach((step, k) => {
    const item = root.children[k],
      image = item.querySelector("img"),
      box = item.querySelector("input");
    setText(item.querySelector(".name"), step.title);
    if (box) box.checked = step.on;
    if (image.src !== step.picture) image.src = step.picture;
    image.alt = `${step.title}: ${step.words}`;
    image.className = step.smooth ? "smooth" : "";
    item.classList.toggle("off", step.on === false);
    setText(item.querySelector(".size"), step.size);
  });
  const show = (event) => {
    const item = event?.target?.closest?.("li");
    setText(line, lineOf(data.steps, item ? [...root.children].indexOf(item) : -1, data.about));
  };
  root.onpointerover = root.onfocusin = show;
  root.onpointerleave = root.onfocusout = () => show();
  show();
  root.onchange = () => {
    const off = [...root.querySelectorAll("input")].filter((box) => !box.checked);
    setTriggerValue(
      "off",
      off.map((box) => box.dataset.step),
    );
  };
}
