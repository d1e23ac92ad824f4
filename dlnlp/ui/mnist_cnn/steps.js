import { el, setText } from "../shell/element.js";

// The strip of the preparation: nodes are kept while the steps stay the same.

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
  item.append(label, el("img"), el("p", "words"), el("p", "size"));
  return item;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".steps");
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
    setText(item.querySelector(".words"), step.words);
    setText(item.querySelector(".size"), step.size);
  });
  root.onchange = () => {
    const off = [...root.querySelectorAll("input")].filter((box) => !box.checked);
    setTriggerValue(
      "off",
      off.map((box) => box.dataset.step),
    );
  };
}
