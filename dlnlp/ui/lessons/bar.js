// The bar of a lesson. A step is built once; a choice marks its buttons and fills the reveal, so
// that the focus stays on the button that was pressed.

import { el, setText } from "../shell/element.js";

/**
 * @typedef {{title: string, step: number, steps: number, question: string, choices: string[],
 *   chosen: number, answer: number, reveal: string[], papers: {title: string, url: string}[]}} Data
 */

/**
 * What a choice is, once one was made: "right", "wrong" (chosen, and not right) or "".
 * @param {number} index
 * @param {{chosen: number, answer: number}} data
 */
export function mark(index, { chosen, answer }) {
  if (chosen < 0) return "";
  if (index === answer) return "right";
  return index === chosen ? "wrong" : "";
}

function button(text, className, press) {
  const node = el("button", className, text);
  node.type = "button";
  node.addEventListener("click", press);
  return node;
}

function build(root, data, send) {
  setText(root.querySelector(".where"), `${data.title} · step ${data.step} of ${data.steps}`);
  setText(root.querySelector(".question"), data.question);
  root
    .querySelector(".choices")
    .replaceChildren(
      ...data.choices.map((choice, index) => button(choice, "choice", () => send("choose", index))),
    );
  const back = button("Back", "way", () => send("go", "back"));
  back.disabled = data.step === 1;
  const last = data.step === data.steps;
  root.querySelector(".ways").replaceChildren(
    back,
    button(last ? "Finish" : "Next", "way next", () => send("go", "next")),
    button("Leave", "way", () => send("go", "leave")),
  );
}

function reveal(root, data) {
  root.querySelectorAll(".choice").forEach((node, index) => {
    const kind = mark(index, data);
    node.className = `choice ${kind}`;
    node.setAttribute("aria-pressed", String(index === data.chosen));
    const spoken = { right: "✓ ", wrong: "✗ " }[kind] ?? "";
    setText(node, spoken + data.choices[index]);
  });
  const parts = data.reveal.map((text) => el("p", "", text));
  if (parts.length)
    parts[0].prepend(el("strong", "", data.chosen === data.answer ? "Yes. " : "Not quite. "));
  if (data.papers.length) {
    const papers = el("p", "papers", "Read on: ");
    data.papers.forEach(({ title, url }, index) => {
      if (index) papers.append(" · ");
      const link = el("a", "", title);
      link.href = url;
      link.target = "_blank";
      link.rel = "noopener";
      papers.append(link);
    });
    parts.push(papers);
  }
  root.querySelector(".reveal").replaceChildren(...parts);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".lesson");
  const now = JSON.stringify(data);
  if (root.dataset.shown === now) return;
  const step = JSON.stringify([data.title, data.step, data.question]);
  const another = root.dataset.step !== step;
  const pressed = root.contains(root.getRootNode().activeElement);
  if (another) build(root, data, setTriggerValue);
  reveal(root, data);
  // After "Next" the focus goes on from the question, which is read out.
  if (another && pressed) root.querySelector(".question").focus({ preventScroll: true });
  root.dataset.step = step;
  root.dataset.shown = now;
}
