// Numbers as the diagram writes them.

import { fixed } from "../shell/number_format.js";

/** In brackets where it is negative, for the right side of an operator. */
export const factor = (value, decimals = 2) =>
  value < 0 ? `(${fixed(value, decimals)})` : fixed(value, decimals);

/** "7", or "7 against 1". */
export const subject = ({ digit, against }) =>
  against === null ? `${digit}` : `${digit} against ${against}`;
