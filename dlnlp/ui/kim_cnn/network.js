// Draws the network for one review. All text goes in through textContent.
const SVG = "http://www.w3.org/2000/svg",
  ROW = 30,
  GAP = 12;
const drawn = new WeakMap(); // root -> {data, observer, width}

const node = (parent, tag, attributes, text) => {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
};
const side = (value) => (value < 0 ? "against" : "for");

// The text must be in the page to be measured; longer ones lose their end.
function fit(made, room) {
  const text = made.textContent;
  if (made.getComputedTextLength() <= room) return;
  let low = 0,
    high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    made.textContent = text.slice(0, middle).trimEnd() + "…";
    if (made.getComputedTextLength() <= room) low = middle;
    else high = middle - 1;
  }
  made.textContent = text.slice(0, low).trimEnd() + "…";
}

function columns(width) {
  const small = width < 560;
  const regionEnd = Math.round(width * (small ? 0.31 : 0.34));
  const filter = regionEnd + (small ? 22 : Math.round(width * 0.08));
  const filterEnd = filter + (small ? 46 : 130);
  const weight = filterEnd + (small ? 8 : 74);
  const number = small ? 46 : 56;
  return { small, regionEnd, filter, filterEnd, weight, bar: weight + number, end: width, number };
}

function bar(parent, x, width, start, end, y) {
  const [low, high] = [Math.min(start, end), Math.max(start, end)];
  node(parent, "rect", {
    class: side(end - start),
    x: x + ((low + 1) / 2) * width,
    y: y - 9,
    rx: 3,
    height: 18,
    width: Math.max(1.5, ((high - low) / 2) * width),
  });
}

function drawFilter(svg, filter, at, y, selected, pick) {
  const group = node(svg, "g", {
    class: "filter",
    role: "button",
    tabindex: 0,
    "data-filter": filter.k,
  });
  group.setAttribute("aria-pressed", String(filter.k === selected));
  group.setAttribute(
    "aria-label",
    `Filter ${filter.name}: fired ${filter.fired}, times weight ${filter.weight}, adds ${filter.adds}`,
  );
  node(group, "rect", {
    class: "hit",
    x: at.filter - 6,
    y: y - ROW / 2 + 1,
    width: at.end - at.filter + 6,
    height: ROW - 2,
    rx: 5,
  });
  const track = at.filterEnd - at.filter;
  node(group, "rect", {
    class: "fired-track",
    x: at.filter,
    y: y - 10,
    width: track,
    height: 20,
    rx: 4,
  });
  node(group, "rect", {
    class: "fired",
    x: at.filter,
    y: y - 10,
    width: Math.max(2, track * filter.strength),
    height: 20,
    rx: 4,
  });
  if (at.small) {
    node(
      group,
      "text",
      { class: "number", x: at.filter + track / 2, y, "text-anchor": "middle" },
      filter.name.replace("no. ", ""),
    );
  } else {
    node(group, "text", { x: at.filter + 8, y }, filter.name);
    node(
      group,
      "text",
      { class: "number", x: at.filterEnd - 8, y, "text-anchor": "end" },
      filter.fired,
    );
    node(
      group,
      "text",
      { class: "number", x: at.weight - 8, y, "text-anchor": "end" },
      `× ${filter.weight}`,
    );
  }
  node(
    group,
    "text",
    { class: "number strong", x: at.bar - 8, y, "text-anchor": "end" },
    filter.adds,
  );
  bar(group, at.bar, at.end - at.bar, 0, filter.v, y);
  group.onclick = () => pick(filter.k);
  group.onkeydown = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    pick(filter.k);
  };
}

function drawRegions(svg, data, at, top, pick, late) {
  let y = top;
  for (const region of data.regions) {
    const middle = y + (region.filters.length * ROW) / 2;
    node(svg, "rect", {
      class: "chip fired-track",
      x: 1,
      y: middle - 13,
      width: at.regionEnd - 2,
      height: 26,
      rx: 6,
    });
    const words = node(svg, "text", { x: 9, y: middle }, region.text);
    late.push(() => fit(words, at.regionEnd - 18));
    for (const filter of region.filters) {
      const line = y + ROW / 2,
        half = (at.regionEnd + at.filter) / 2;
      node(svg, "path", {
        class: `link ${side(filter.v)}`,
        "stroke-width": 1 + 7 * Math.abs(filter.v),
        d: `M${at.regionEnd} ${middle} C${half} ${middle} ${half} ${line} ${at.filter} ${line}`,
      });
      drawFilter(svg, filter, at, line, data.selected, pick);
      y += ROW;
    }
    y += GAP;
  }
  node(svg, "line", {
    class: "axis",
    x1: (at.bar + at.end) / 2,
    x2: (at.bar + at.end) / 2,
    y1: top,
    y2: y - GAP,
  });
  return y;
}

function drawSums(svg, data, at, top, late) {
  let y = top + ROW / 2;
  data.sums.forEach((part, place) => {
    const last = place === data.sums.length - 1;
    if (last)
      node(svg, "line", { class: "axis", x1: 0, x2: at.end, y1: y - ROW / 2, y2: y - ROW / 2 });
    const name = node(
      svg,
      "text",
      { class: last ? "strong" : "", x: at.small ? 0 : at.regionEnd, y },
      part.name,
    );
    late.push(() => fit(name, at.bar - at.number - 14 - (at.small ? 0 : at.regionEnd)));
    node(
      svg,
      "text",
      { class: "number strong", x: at.bar - 8, y, "text-anchor": "end" },
      part.adds,
    );
    bar(svg, at.bar, at.end - at.bar, part.start, part.end, y);
    y += ROW;
  });
  const middle = (at.bar + at.end) / 2;
  node(svg, "line", { class: "axis", x1: middle, x2: middle, y1: top, y2: y - ROW / 2 });
  return y - ROW / 2;
}

function drawCurve(svg, data, at, top) {
  const height = 74,
    width = Math.min(260, at.end - 130),
    left = at.small ? 0 : at.end - width - 150;
  const x = (score) => left + ((score + 6) / 12) * width;
  const y = (score) => top + height - height / (1 + Math.exp(-score));
  let path = "";
  for (let score = -6; score <= 6.001; score += 0.25)
    path += `${path ? "L" : "M"}${x(score)} ${y(score)}`;
  node(svg, "line", {
    class: "drop",
    x1: left,
    x2: left + width,
    y1: top + height / 2,
    y2: top + height / 2,
  });
  node(svg, "path", { class: "curve", d: path });
  const score = Math.max(-6, Math.min(6, data.logit));
  node(svg, "line", { class: "drop", x1: x(score), x2: x(score), y1: top, y2: top + height });
  node(svg, "circle", { class: `dot ${side(data.logit)}`, cx: x(score), cy: y(score), r: 6 });
  node(
    svg,
    "text",
    {
      class: "number",
      x: Math.max(left + 20, Math.min(left + width - 20, x(score))),
      y: top + height + 14,
      "text-anchor": "middle",
    },
    `logit ${data.score}`,
  );
  node(svg, "text", { x: left + width + 10, y: top + height / 2 }, "50 %");
  const at50 = Math.abs(y(score) - (top + height / 2)) < 18;
  node(
    svg,
    "text",
    { class: "strong", x: left + width + 10, y: at50 ? top + height / 2 - 20 : y(score) },
    data.probability,
  );
  return top + height + 28;
}

function draw(root, state) {
  const { data, pick } = state,
    at = columns(state.width),
    late = [];
  const active = root.getRootNode().activeElement;
  const focused = active && root.contains(active) ? active.getAttribute("data-filter") : null;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("width", state.width);
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", data.label);
  const [region, filter, weight, adds] = data.headings;
  node(svg, "text", { class: "heading", x: 1, y: 10 }, region);
  node(svg, "text", { class: "heading", x: at.filter, y: 10 }, filter);
  if (!at.small)
    node(svg, "text", { class: "heading", x: at.weight - 8, y: 10, "text-anchor": "end" }, weight);
  node(svg, "text", { class: "heading", x: at.bar - 8, y: 10, "text-anchor": "end" }, adds);
  let y = drawRegions(svg, data, at, 26, pick, late);
  y = drawSums(svg, data, at, y + 4, late);
  y = drawCurve(svg, data, at, y + 24);
  svg.setAttribute("height", y);
  root.replaceChildren(svg);
  late.forEach((finish) => finish());
  if (focused !== null)
    root.querySelector(`[data-filter="${focused}"]`)?.focus({ preventScroll: true });
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".network");
  const state = drawn.get(root) ?? {};
  state.data = data;
  state.pick = (k) => setTriggerValue("filter", k);
  drawn.set(root, state);
  if (!state.observer) {
    state.observer = new ResizeObserver(() => {
      const width = Math.min(920, Math.floor(root.clientWidth));
      if (width < 1 || width === state.width) return;
      state.width = width;
      draw(root, state);
    });
    state.observer.observe(root);
  }
  if (state.width) draw(root, state);
  return () => {
    state.observer.disconnect();
    drawn.delete(root);
  };
}
