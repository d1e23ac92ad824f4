// Numbers as the diagram writes them.

const MINUS = "−";

/** A number with so many decimals; a rounded zero has no sign. */
export function number(value, decimals = 2, plus = "") {
  const digits = Math.abs(value).toFixed(decimals);
  if (Number(digits) === 0) return digits;
  return (value < 0 ? MINUS : plus) + digits;
}

/** The same with a sign always. */
export const signed = (value, decimals = 2) => number(value, decimals, "+");

/** In brackets where it is negative, for the right side of an operator. */
export const factor = (value, decimals = 2) =>
  value < 0 ? `(${number(value, decimals)})` : number(value, decimals);

/** The class that gives a number its hue. */
export const hue = (value) => (value < 0 ? "against" : "for");

/** "7", or "7 against 1". */
export const subject = ({ digit, against }) =>
  against === null ? `${digit}` : `${digit} against ${against}`;
