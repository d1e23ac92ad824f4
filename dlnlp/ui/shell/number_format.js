// Numbers as numbers.py writes them, for what a script computes itself.

/** With so many digits and a true minus; what rounds to nothing has no sign. */
export function fixed(value, digits = 2) {
  const size = Math.abs(value).toFixed(digits);
  return value < 0 && Number(size) !== 0 ? `−${size}` : size;
}

/** A change with its sign; what rounds to nothing has ±. */
export function signed(value, digits = 2) {
  const size = Math.abs(value).toFixed(digits);
  return (Number(size) === 0 ? "±" : value < 0 ? "−" : "+") + size;
}

/** A probability in percent; never rounded to a certainty. */
export function inPercent(probability) {
  const written = (100 * probability).toFixed(1);
  if (written === "100.0") return "> 99.9 %";
  return written === "0.0" ? "< 0.1 %" : `${written} %`;
}

/** The class that gives a number its hue: what speaks for the target, or against it. */
export const hue = (value) => (value < 0 ? "against" : "for");
