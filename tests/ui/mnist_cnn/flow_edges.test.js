import assert from "node:assert/strict";
import { test } from "node:test";
import { chosen, unpack } from "../../../dlnlp/ui/mnist_cnn/flow_data.js";
import { edgesOf, pathOf } from "../../../dlnlp/ui/mnist_cnn/flow_edges.js";
import { curve, layoutOf } from "../../../dlnlp/ui/mnist_cnn/flow_layout.js";
import { smallNetwork } from "./small_network.js";

const VIEW = { digit: 2, against: null, many: 3, rank: "activity" };
const net = unpack(smallNetwork(5));
const shown = chosen(net, VIEW, { kind: "class", index: 2 });
const edges = edgesOf(net, shown, VIEW);

test("every map and unit has a line that leads to it, and what it carries", () => {
  for (const m of shown.maps[1]) {
    const lines = edges.filter((edge) => edge.to === `m1-${m}`);
    assert.equal(lines.length, 3);
    assert.ok(lines.some((edge) => !edge.weak));
    for (const { from, value } of lines)
      assert.equal(value, net.layers[1].parts[6 * m + Number(from.slice(5))]);
  }
  for (const u of shown.units)
    assert.ok(edges.some((edge) => edge.from === `u-${u}` && edge.to === "c-2"));
});

test("a path leads from a unit back to the picture and on to its digit", () => {
  const path = pathOf(edges, `u-${shown.units[0]}`);
  assert.ok(path.nodes.has("input") && path.nodes.has("c-2"));
  for (const edge of path.edges) assert.ok(path.nodes.has(edge.from) && path.nodes.has(edge.to));
});

test("a digit lights its units, one that is not explained only itself", () => {
  assert.equal(pathOf(edges, "c-2").nodes.size, 1 + shown.units.length);
  assert.deepEqual([...pathOf(edges, "c-0").nodes], ["c-0"]);
});

test("everything has a place within the width, and nothing lies on another", () => {
  for (const width of [320, 358, 690, 750, 1000, 1110, 1240, 1600]) {
    const layout = layoutOf(width, shown, 0, 3),
      boxes = Object.entries(layout.boxes);
    assert.equal(layout.tall, width < 700);
    for (const edge of edges) assert.ok(layout.boxes[edge.from] && layout.boxes[edge.to]);
    for (const [, box] of boxes) {
      assert.ok(box.x >= 0 && box.x + box.width <= width + 0.5);
      assert.ok(box.y >= 0 && box.y + box.height <= layout.height + 0.5);
    }
    for (const [one, a] of boxes)
      for (const [other, b] of boxes)
        if (one < other)
          assert.ok(
            a.x + a.width <= b.x ||
              b.x + b.width <= a.x ||
              a.y + a.height <= b.y ||
              b.y + b.height <= a.y,
            `${one} lies on ${other} at ${width}`,
          );
  }
});

test("lines run from edge to edge, to the right or down", () => {
  const [from, to] = [
    { x: 0, y: 0, width: 10, height: 10 },
    { x: 50, y: 40, width: 10, height: 10 },
  ];
  assert.equal(curve(from, to, false, 0), "M10,5C29.5,5 29.5,45 49,45");
  assert.equal(curve(from, to, true, 4), "M5,14C5,26.5 55,26.5 55,39");
});
