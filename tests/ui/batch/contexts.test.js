import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { drawLine, drawPieces, spoken } from "../../../dlnlp/ui/batch/contexts.js";

// A document of what the script needs, so that no browser does.
function node(tag) {
  const made = {
    tag,
    children: [],
    attributes: {},
    className: "",
    style: { values: {}, setProperty: (name, value) => (made.style.values[name] = value) },
    append: (...parts) => made.children.push(...parts),
    setAttribute: (name, value) => (made.attributes[name] = value),
  };
  return made;
}

beforeEach(() => {
  globalThis.document = { createElement: node };
});

const LINE = {
  label: "line 2, predicted positive",
  value: "−2.00",
  sign: -2,
  right_to_left: true,
  before: [{ text: "a ", shade: 0 }],
  match: [{ text: "<b>good</b>", shade: -1 }],
  behind: [{ text: " film", shade: 0.5 }],
};

test("words have shades, what is between them has none", () => {
  const box = drawPieces(node("span"), [...LINE.before, ...LINE.match]);
  assert.equal(box.children[0], "a ");
  assert.equal(box.children[1].textContent, "<b>good</b>");
  assert.equal(box.children[1].className, "word against");
  assert.equal(box.children[1].style.values["--v"], 1);
});

test("a line is a button that says its row, its number and its text", () => {
  let opened = 0;
  const button = drawLine(LINE, () => opened++);
  assert.equal(button.tag, "button");
  assert.equal(button.attributes["aria-label"], spoken(LINE));
  assert.equal(spoken(LINE), "line 2, predicted positive, −2.00: a <b>good</b> film");
  const [value, text] = button.children;
  assert.equal(value.className, "value against");
  assert.equal(text.dir, "rtl");
  button.onclick();
  assert.equal(opened, 1);
});
