// Numbers as the pages write them.

/** A number with a true minus; what rounds to nothing has no sign. */
export function plain(value, digits = 2) {
  const written = Math.abs(value).toFixed(digits);
  return value < 0 && Number(written) !== 0 ? `−${written}` : written;
}

/** A change with its sign. */
export function signed(value, digits = 2) {
  const written = Math.abs(value).toFixed(digits);
  if (Number(written) === 0) return `±${written}`;
  return (value < 0 ? "−" : "+") + written;
}

/** A probability; never rounded to a certainty. */
export function percent(share) {
  const written = (100 * share).toFixed(1);
  if (written === "100.0") return "> 99.9 %";
  return written === "0.0" ? "< 0.1 %" : `${written} %`;
}

export const logistic = (logit) => 1 / (1 + Math.exp(-logit));

/** The class of what speaks for the target, or against it. */
export const side = (value) => (value < 0 ? "against" : "for");

export const total = (values) => values.reduce((sum, value) => sum + value, 0);

export const many = (count, thing) =>
  `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
