import { el } from "../shell/element.js";
import { many, total } from "./flow_numbers.js";
import { inPercent } from "../shell/number_format.js";

// Above the drawing: the class, what shades the words, and the search for a filter.

/**
 * @param {object} state of flow.js; `shade` is changed here
 * @param {{shade: () => void, search: (query: string) => void}} after what to do when the shade has
 *   changed, and what searches
 */
export function buildControls(state, after) {
  const bar = el("div", "controls");
  const classes = el("select");
  classes.setAttribute("aria-label", "Class whose logit is taken apart");
  classes.onchange = () =>
    state.ask("target", {
      chosen: Number(classes.value),
      instead_of: state.model.data.first_target,
    });
  const shades = el("span", "choice");
  shades.setAttribute("role", "group");
  shades.setAttribute("aria-label", "Words shaded by");
  for (const [value, name] of [
    ["share", "share"],
    ["lost", "lost without"],
  ]) {
    const button = el("button", "", name);
    button.type = "button";
    button.setAttribute("aria-pressed", String(state.shade === value));
    button.onclick = () => {
      state.shade = value;
      for (const other of shades.children)
        other.setAttribute("aria-pressed", String(other === button));
      after.shade();
    };
    shades.append(button);
  }
  const find = el("input");
  find.type = "search";
  find.maxLength = 60;
  find.placeholder = "Find a filter: word or number";
  find.setAttribute("aria-label", "Find a filter by what it listens to, or by its number");
  const search = () => after.search(find.value.trim());
  find.onchange = search;
  find.onkeydown = (event) => {
    if (event.key === "Enter") search();
  };
  const summary = el("span", "summary");
  bar.append(label("Logit of", classes), label("Words shaded by", shades), find, summary);
  return { bar, classes, find, summary };
}

function label(text, control) {
  const node = el("span", "control");
  node.append(text, control);
  return node;
}

export function refreshControls(state) {
  const { model, controls } = state;
  const { class_names, target, many_filters } = model.data;
  controls.classes.replaceChildren(
    ...class_names.map((name, n) => {
      const option = el("option", "", name);
      option.value = String(n);
      option.selected = n === target;
      return option;
    }),
  );
  const placed = model.places.flatMap((place) => [...place.named, ...place.others]);
  const held = total(placed.map((filter) => Math.abs(filter.adds)));
  const share = model.gross
    ? `; the places drawn hold ${inPercent(held / model.gross)} of what they add`
    : "";
  controls.summary.textContent = `${model.filters.length} of ${many(many_filters, "filter")} fired${share}`;
}
