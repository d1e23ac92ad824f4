// A network of two convolutions and random numbers, in the form that Python sends.

const base64 = (array) => Buffer.from(array.buffer).toString("base64");
const floats = (values) => base64(Float32Array.from(values));

function scaled(values) {
  const scale = Math.max(...values.map(Math.abs)) / 32767 || 1;
  return { scale, values: base64(Int16Array.from(values, (v) => Math.round(v / scale))) };
}

/** Random numbers in [-1, 1), the same ones for the same seed. */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 1073741824 - 1;
  };
}

export function smallNetwork(seed = 1) {
  const next = random(seed),
    many = (count) => Array.from({ length: count }, next);
  const side = 4,
    image = many(side * side).map(Math.abs);
  const classes = 3,
    units = 5;
  const layer = (name, count, inputs, kernel, size, pooled) => ({
    name,
    side: size,
    count,
    kernel,
    stride: 1,
    before: (kernel - 1) / 2,
    pooled,
    maps: scaled(many(count * size * size).map((v) => Math.max(0, v))),
    places: Array.from({ length: count }, (_, m) => m % (size * size)),
    parts: scaled(many(count * inputs)),
    effects: floats(many(count * classes)),
    biases: floats(many(count)),
  });
  return {
    version: "1",
    image: floats(image),
    side,
    names: ["0", "1", "2"],
    shares: ["10.0 %", "20.0 %", "70.0 %"],
    guesses: [2, 1],
    layers: [layer("conv1", 6, 1, 3, 4, true), layer("conv2", 4, 6, 3, 2, false)],
    unit_parts: scaled(many(units * 4)),
    unit_biases: floats(many(units)),
    units: floats(many(units).map((v) => Math.max(0, v))),
    weights: floats(many(classes * units)),
    biases: floats(many(classes)),
    logits: floats(many(classes)),
  };
}
