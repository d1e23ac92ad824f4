// What would change a prediction: texts with their changes in place, and bars of small changes.
import { el, setText } from "../shell/element.js";
import { hue } from "../shell/number_format.js";

const SHOWN = 5; // drafts of a group, until all are asked for
const LONGEST = 50; // percent of the track on each side of its middle

/**
 * @typedef {{text: string, change: "" | "gone" | "new" | "kept" | "skipped"}} Piece
 * @typedef {{name: string, before: number, after: number, written: [string, string]}} ClassChange
 * @typedef {{kind: string, title: string, said: string, sure: string, pieces: Piece[],
 *   classes: ClassChange[]}} Card
 * @typedef {{number: number, label: Piece[], effect: number, written: string, outcome: string,
 *   flips: boolean}} Draft
 * @typedef {{title: string, drafts: Draft[]}} Group
 */

const TAGS = { gone: "del", new: "ins", kept: "mark" };

/** Put a text with its changes in place into a node. */
export function fillPieces(node, pieces) {
  node.dir = "auto";
  for (const { text, change } of pieces) node.append(el(TAGS[change] ?? "span", change, text));
  return node;
}

/** The same as one string, for a reader that does not tell what is struck out. */
export const spoken = (pieces) =>
  pieces
    .map(({ text, change }) => (change === "gone" ? `${text} becomes` : text))
    .join("")
    .trim();

/** Two bars for each class: before, and after. */
function drawClasses(classes) {
  const box = el("div", "classes");
  for (const { name, before, after, written } of classes) {
    const row = el("div", "class");
    row.setAttribute("role", "img");
    row.setAttribute("aria-label", `${name}: ${written[0]} before, ${written[1]} after`);
    const tracks = el("span", "tracks");
    [before, after].forEach((share, place) => {
      const track = el("span", `track ${place ? "after" : "before"}`);
      const fill = el("span", "fill");
      fill.style.width = `${68 * share}%`;
      track.append(fill, el("span", "value", written[place]));
      tracks.append(track);
    });
    row.append(el("span", "name", name), tracks);
    box.append(row);
  }
  return box;
}

function button(text, label, onclick, className = "") {
  const node = el("button", className, text);
  node.type = "button";
  node.setAttribute("aria-label", label);
  node.onclick = onclick;
  return node;
}

/** @param {Card} card */
function drawCard(card, number, pick) {
  const box = el("section", "card");
  box.append(el("h3", "", card.title), el("p", "said", card.said));
  if (card.sure) box.append(el("p", "sure", card.sure));
  if (!card.pieces.length) return box;
  const ways = el("div", "ways");
  const send = (compare) => () => pick({ of: "card", number, compare });
  ways.append(
    button("Put it into the editor", `${card.title}: put it into the editor`, send(false)),
    button("Compare", `${card.title}: put it into the editor and compare the shadings`, send(true)),
  );
  const text = fillPieces(el("p", `text ${card.kind}`), card.pieces);
  text.tabIndex = 0; // it scrolls
  box.append(text, drawClasses(card.classes), ways);
  return box;
}

/** @param {Draft} draft */
function drawDraft(draft, target, pick) {
  const side = hue(draft.effect);
  const label =
    `${spoken(draft.label)}: ${draft.written} for ${target}, then ${draft.outcome}. ` +
    "Put it into the editor";
  const node = button("", label, () => pick({ of: "draft", number: draft.number }), "draft");
  node.title = "Put it into the editor";
  const words = fillPieces(el("span", "label"), draft.label);
  const track = el("span", `effect ${side}`);
  const fill = el("span", "fill");
  fill.style.width = `${LONGEST * Math.abs(draft.effect)}%`;
  track.append(fill);
  const outcome = el("span", draft.flips ? "outcome flips" : "outcome", draft.outcome);
  node.append(words, track, el("span", "written", draft.written), outcome);
  return node;
}

/** @param {Group} group */
function drawGroup(group, target, pick) {
  const box = el("section", "group");
  const list = el("div", "drafts");
  const draw = (drafts) => list.append(...drafts.map((each) => drawDraft(each, target, pick)));
  draw(group.drafts.slice(0, SHOWN));
  box.append(el("h3", "", group.title), list);
  const rest = group.drafts.slice(SHOWN);
  if (rest.length) {
    const more = button(`${rest.length} more`, `${group.title}: ${rest.length} more`, () => {
      draw(rest);
      more.remove();
      list.children[SHOWN].focus();
    });
    more.className = "more";
    box.append(more);
  }
  return box;
}

/** Draw the cards that are new or have changed; the others stay, and with them the focus. */
function drawCards(box, cards, pick) {
  while (box.children.length > cards.length) box.lastChild.remove();
  cards.forEach((card, number) => {
    const sent = JSON.stringify(card);
    const before = box.children[number];
    if (before?.dataset.sent === sent) return;
    const node = drawCard(card, number, pick);
    node.dataset.sent = sent;
    if (before) before.replaceWith(node);
    else box.append(node);
    const text = node.querySelector(".text");
    if (!text) return;
    const first = text.querySelector("del, mark").getBoundingClientRect();
    text.scrollTop += first.top - text.getBoundingClientRect().top - 60;
  });
}

function drawGroups(box, data, pick) {
  const sent = JSON.stringify([data.groups, data.quantity]);
  if (box.dataset.sent === sent) return;
  box.dataset.sent = sent;
  box.replaceChildren();
  if (!data.groups.length) return;
  const head = el("p", "head");
  head.append(el("strong", "", "Try a small change. "), `Bars: what it does to ${data.quantity}, `);
  for (const [side, text] of [
    ["for", "up"],
    ["against", "down"],
  ])
    head.append(el("span", `sample ${side}`), ` ${text} `);
  head.append("· bold: another class wins · a click puts it into the editor");
  const groups = el("div", "groups");
  groups.append(...data.groups.map((group) => drawGroup(group, data.target, pick)));
  box.append(head, groups);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".changes");
  const part = (name) => root.querySelector(`:scope > .${name}`);
  const pick = (picked) => setTriggerValue("pick", picked);
  const inside = () => root.contains(root.getRootNode().activeElement);
  const before = inside();
  drawCards(part("cards"), data.cards, pick);
  drawGroups(part("drafts-box"), data, pick);
  setText(part("spoken"), data.cards.length ? `${data.cards.length} of 4 searches done` : "");
  // Whoever pressed a button goes on from here by keyboard, also when the button has gone.
  if (before && !inside()) root.focus({ preventScroll: true });
}
