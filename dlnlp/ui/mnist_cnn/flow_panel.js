import { el } from "../shell/element.js";
import {
  biasOf,
  effect,
  explained,
  kernelOf,
  ownMap,
  partsAt,
  partsOf,
  strongest,
  unitAdds,
  unitPartsOf,
  weightOf,
  windowOf,
} from "./flow_data.js";
import { pictureOf, pixelFrame } from "./flow_drawing.js";
import { factor, subject } from "./flow_format.js";
import { fixed, hue, signed } from "../shell/number_format.js";
import { bars, column, line, link, matrix, strongestRows, total } from "./flow_panel_parts.js";

// The computation behind what is pointed at, in numbers.

function unitTable(net, view, units, adds, actions) {
  const table = el("table"),
    head = el("tr");
  const titles = ["unit", "activation", `weight ${view.digit}`];
  if (view.against !== null) titles.push(`weight ${view.against}`);
  head.append(...[...titles, "adds"].map((title) => el("th", "", title)));
  table.append(head);
  const many = net.units.length;
  for (const u of units) {
    const row = el("tr");
    const name = el("td");
    name.append(link(`${u + 1}`, { kind: "unit", index: u }, actions));
    row.append(name, el("td", "", fixed(net.units[u])));
    row.append(el("td", "", signed(net.weights[view.digit * many + u])));
    if (view.against !== null)
      row.append(el("td", "", signed(net.weights[view.against * many + u])));
    row.append(el("td", hue(adds[u]), signed(adds[u], 3)));
    table.append(row);
  }
  return table;
}

/** Why this digit: every unit's activation times its weight. */
export function classPanel(net, view, actions) {
  const adds = unitAdds(net, view),
    order = strongest(adds, adds.length),
    against = view.against !== null;
  const first = column(
    against ? `Why ${view.digit} and not ${view.against}?` : `Why ${view.digit}?`,
    "each unit adds activation × weight",
    "wide",
  );
  const tables = el("div", "tables"),
    second = unitTable(net, view, order.slice(7, 12), adds, actions);
  const end = (name, value, className) => {
    const row = el("tr", className),
      cell = el("td", "", name);
    cell.colSpan = against ? 4 : 3;
    row.append(cell, el("td", className ? "" : hue(value), signed(value, 3)));
    second.append(row);
  };
  const others = order.slice(12);
  end(`${others.length} others`, total(others.map((u) => adds[u])));
  end("bias", biasOf(net, view));
  end(against ? "= difference of the logits" : "= logit", explained(net, view), "sum");
  tables.append(unitTable(net, view, order.slice(0, 7), adds, actions), second);
  first.append(tables);
  const { logits } = net,
    powers = logits.map(Math.exp),
    all = total(powers),
    short = (value) => fixed(value, value > 100 ? 0 : 2);
  const side = column("Softmax");
  side.append(
    line([
      ["mute", "exp("],
      fixed(logits[view.digit]),
      ["mute", ") / Σ exp = "],
      `${short(powers[view.digit])} / ${short(all)} = `,
      ["", net.shares[view.digit]],
    ]),
  );
  if (against)
    side.append(
      line([
        ["mute", "Logits: "],
        `${fixed(logits[view.digit])} − ${factor(logits[view.against])} = `,
        ["", fixed(explained(net, view), 3)],
      ]),
    );
  return [first, side];
}

/** A unit of the dense layer: the maps that move it, and what it adds to each logit. */
export function unitPanel(net, view, u, actions) {
  const parts = unitPartsOf(net, u),
    last = net.layers.length - 1,
    { name } = net.layers[last],
    sum = total(parts) + net.unitBiases[u];
  const first = column(`Dense unit ${u + 1}`, `which ${name} maps move it`);
  first.append(
    bars(
      [
        ...strongestRows(parts, 6, (i) => [
          `${name} map ${i + 1}`,
          parts[i],
          { kind: "map", layer: last, index: i },
        ]),
        ["bias", net.unitBiases[u]],
      ],
      actions,
    ),
    line([["mute", "sum "], fixed(sum), ["mute", "  ReLU "], ["", fixed(net.units[u])]], "sum"),
  );
  const second = column("What it adds to each logit", "activation × weight");
  second.append(
    bars(
      net.names.map((digit, c) => {
        const weight = net.weights[c * net.units.length + u];
        return [`${digit}: ${fixed(net.units[u])} × ${factor(weight)}`, net.units[u] * weight];
      }),
    ),
  );
  const third = column("In the answer"),
    adds = net.units[u] * weightOf(net, u, view);
  third.append(
    line([
      ["mute", `Adds to ${subject(view)}: `],
      [hue(adds), signed(adds, 3)],
    ]),
    line([["mute", "Exact: a logit is the sum of all units' activation × weight, and a bias."]]),
  );
  return [first, second, third];
}

function windows(layer, kernels, m, few, parts, [row, col], most, actions, n, before) {
  const node = el("div", "windows"),
    side = layer.kernel;
  for (const i of few) {
    const weights = kernelOf(layer, kernels, m, i),
      part = el("div", "window"),
      name = n ? `${before} map ${i + 1}` : "input";
    const title = n
      ? link(name, { kind: "map", layer: n - 1, index: i }, actions)
      : el("span", "mute", name);
    part.append(
      title,
      el("br"),
      matrix(windowOf(layer, i, row, col), side, most, false),
      el("span", "times", "×"),
      matrix(weights, side, Math.max(...weights.map(Math.abs)), true),
      line([
        ["mute", "= "],
        [hue(parts[i]), signed(parts[i])],
      ]),
    );
    node.append(part);
  }
  return node;
}

/** A map: its window and kernels in numbers, for the pixel that is pointed at. */
export function mapPanel(net, view, { layer: n, index: m }, { kernels, masks, ...actions }) {
  const layer = net.layers[n],
    { side } = layer,
    first = column(`${layer.name}, map ${m + 1}`),
    large = pictureOf(ownMap(layer, m), layer.most, masks, `m${n}-${m}`),
    middle = el("div", "column wide"),
    right = column(n ? "Which inputs make this pixel" : "This filter");
  large.classList.add("large");
  const before = n ? net.layers[n - 1].name : "input";
  const fill = (place) => {
    const [row, col] = [Math.floor(place / side), place % side];
    large.querySelector(".pixel")?.remove();
    large.append(pixelFrame(place, side));
    const own = place === layer.places[m],
      parts = own || !kernels ? partsOf(layer, m) : partsAt(layer, kernels[n], m, row, col),
      sum = total(parts),
      few = strongest(parts, n ? 3 : 1),
      head = el("h3", "", `Window × kernel at row ${row + 1}, column ${col + 1} `);
    if (n) head.append(el("span", "mute", `the three strongest of ${parts.length} inputs`));
    const most = n ? layer.inputs.most : 1;
    middle.replaceChildren(head);
    if (kernels)
      middle.append(
        windows(layer, kernels[n], m, few, parts, [row, col], most, actions, n, before),
      );
    const rest = sum - total(few.map((i) => parts[i])),
      before0 = sum + layer.biases[m],
      terms = few.map((i) => signed(parts[i])).join(" ");
    const others = n ? ` ${signed(rest)} (${parts.length - few.length} others)` : "";
    const ending = [
      `${terms}${others} `,
      signed(layer.biases[m]),
      ["mute", " (bias) = "],
      fixed(before0),
      ["mute", "  ReLU "],
      ["", fixed(Math.max(0, before0))],
    ];
    middle.append(line(ending, "sum"));
    const rows = strongestRows(parts, 6, (i) => [
      `${before} map ${i + 1}`,
      parts[i],
      { kind: "map", layer: n - 1, index: i },
    ]);
    right.replaceChildren(right.firstChild);
    if (n) right.append(bars([...rows, ["bias", layer.biases[m]]], actions));
    else
      right.append(
        line([
          [
            "mute",
            "The same numbers slide over the whole picture. Blue asks for ink, orange for paper.",
          ],
        ]),
      );
    const lost = effect(net, n, m, view);
    right.append(
      line([
        ["mute", `Without this map, ${subject(view)} ${lost < 0 ? "gains" : "loses"} `],
        [hue(lost), fixed(Math.abs(lost))],
      ]),
    );
  };
  first.append(large, line([["mute", "Point at a pixel to see its sum."]]));
  large.onpointermove = ({ clientX, clientY }) => {
    const box = large.getBoundingClientRect(),
      at = (value, start, size) =>
        Math.min(side - 1, Math.max(0, Math.floor(((value - start) / size) * side)));
    fill(at(clientY, box.top, box.height) * side + at(clientX, box.left, box.width));
  };
  large.onpointerleave = () => fill(layer.places[m]);
  fill(layer.places[m]);
  return [first, middle, right];
}
