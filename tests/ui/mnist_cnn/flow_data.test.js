import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chosen,
  effect,
  explained,
  kernelOf,
  mapOf,
  partsAt,
  pooled,
  receptiveField,
  strongest,
  unitAdds,
  unpack,
  windowOf,
} from "../../../dlnlp/ui/mnist_cnn/flow_data.js";
import { random, smallNetwork } from "./small_network.js";

const VIEW = { digit: 2, against: 1, many: 3, rank: "effect" };
const near = (a, b, tolerance = 1e-5) => assert.ok(Math.abs(a - b) <= tolerance, `${a} ${b}`);

test("pooling takes the largest of four", () => {
  const values = Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
  assert.deepEqual([...pooled(values, 1, 4)], [6, 8, 14, 16]);
  assert.deepEqual([...pooled(Float32Array.of(1, 5, 2, 3, 9, 0, 0, 0), 2, 2)], [5, 9]);
});

test("the next layer reads the pooled maps", () => {
  const net = unpack(smallNetwork());
  assert.equal(net.layers[1].inputs.side, 2);
  const [first] = mapOf(net.layers[1].inputs, 3),
    map = mapOf({ values: net.layers[0].maps, side: 4 }, 3);
  near(first, Math.max(map[0], map[1], map[4], map[5]));
});

test("effects and units against another digit are differences", () => {
  const net = unpack(smallNetwork());
  const alone = (digit) => ({ ...VIEW, digit, against: null });
  near(effect(net, 0, 1, VIEW), effect(net, 0, 1, alone(2)) - effect(net, 0, 1, alone(1)));
  const adds = unitAdds(net, VIEW);
  adds.forEach((value, u) => near(value, unitAdds(net, alone(2))[u] - unitAdds(net, alone(1))[u]));
  near(explained(net, VIEW), net.logits[2] - net.logits[1]);
});

test("what is drawn is what matters most, and what made the thing that is open", () => {
  const net = unpack(smallNetwork(7));
  const home = chosen(net, VIEW, { kind: "class", index: 2 });
  assert.deepEqual(
    [...home.maps[0]].sort(),
    strongest(
      [0, 1, 2, 3, 4, 5].map((m) => effect(net, 0, m, VIEW)),
      3,
    ).sort(),
  );
  for (let m = 0; m < 4; m++) {
    const shown = chosen(net, VIEW, { kind: "map", layer: 1, index: m });
    assert.ok(shown.maps[1].includes(m));
    for (const i of strongest(net.layers[1].parts.subarray(6 * m, 6 * m + 6), 3))
      assert.ok(shown.maps[0].includes(i));
    assert.deepEqual(
      shown.maps.map((list) => new Set(list).size),
      [3, 3],
    );
  }
  const unit = chosen(net, VIEW, { kind: "unit", index: 4 });
  assert.ok(unit.units.includes(4));
  const ranked = home.maps[0].map((m) => effect(net, 0, m, VIEW));
  assert.deepEqual(
    ranked,
    [...ranked].sort((a, b) => b - a),
  );
});

test("windows are cut from the input with zeros around it", () => {
  const [layer] = unpack(smallNetwork()).layers;
  const image = layer.inputs.values;
  assert.deepEqual(
    [...windowOf(layer, 0, 0, 0)],
    [0, 0, 0, 0, image[0], image[1], 0, image[4], image[5]],
  );
  assert.equal(windowOf(layer, 0, 3, 3)[4], image[15]);
});

test("parts of a pixel are the dot products of windows and kernels", () => {
  const layer = unpack(smallNetwork()).layers[1],
    next = random(3),
    kernels = Float32Array.from({ length: 4 * 6 * 9 }, next);
  const parts = partsAt(layer, kernels, 2, 1, 0);
  for (let i = 0; i < 6; i++) {
    const input = mapOf(layer.inputs, i),
      weights = kernelOf(layer, kernels, 2, i);
    // Row 1, column 0 of 2 x 2: the kernel's left column and lower row lie outside.
    near(
      parts[i],
      input[0] * weights[1] + input[1] * weights[2] + input[2] * weights[4] + input[3] * weights[5],
    );
    assert.equal(weights[0], kernels[(2 * 6 + i) * 9]);
  }
});

test("a receptive field grows through layers and pooling, and ends at the picture's edge", () => {
  const net = unpack(smallNetwork());
  assert.deepEqual(receptiveField(net, 0, 1, 2), { rows: [0, 2], columns: [1, 3] });
  assert.deepEqual(receptiveField(net, 1, 0, 0), { rows: [0, 3], columns: [0, 3] });
});
