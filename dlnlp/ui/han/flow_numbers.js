// Numbers of the diagram: unpacked, and as they are written.

import { fixed } from "../shell/number_format.js";

/**
 * @typedef {{bits: number, scale: number, data: string}} Packed
 *   integers of 8 or 16 bits, little-endian, in base64; times the scale
 * @typedef {{update: Packed, reset: Packed, candidate: Packed, memory: Packed}} Gates
 * @typedef {{token: number, text: string, known: boolean, logit: number, attention: number,
 *   wrote: number}} Word
 * @typedef {{text: string, first_token: number, words: number, logit: number, attention: number,
 *   word_attention: number[], vector: Packed, written: number[], attended: number[]}} Sentence
 * @typedef {{sentence: number, words: Word[], embeddings: Packed, gates: Gates, shares: Packed,
 *   terms: Packed, row_gates: Gates, row_terms: Packed}} Opened
 * @typedef {{class_names: string[], contrast: string, predicted: number, target: number, logits: number[],
 *   probabilities: number[], bias: number[], units: number, sentences: Sentence[], shares: Packed,
 *   document: Packed, opened: Opened, unread: boolean}} FlowData
 */

/**
 * @param {Packed} part
 * @returns {Float64Array}
 */
export function unpacked(part) {
  const text = atob(part.data);
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const wide = part.bits === 16;
  return Float64Array.from(
    { length: wide ? bytes.length / 2 : bytes.length },
    (_, place) => part.scale * (wide ? view.getInt16(2 * place, true) : view.getInt8(place)),
  );
}

/** The name of a target: of a class, or behind the classes the upper against the lower ones. */
export const nameOf = (data, target) => data.class_names[target] ?? data.contrast;

/**
 * The part of logits, or of what adds up to them, that stands for a target: of the upper classes
 * against the lower ones, the mean of those less the mean of these.
 * @param {number[]} values one of each class
 * @param {number} target
 */
export function ofTarget(values, target) {
  if (target < values.length) return values[target];
  const half = Math.floor(values.length / 2);
  const mean = (part) => part.reduce((sum, value) => sum + value, 0) / half;
  return mean(values.slice(-half)) - mean(values.slice(0, half));
}

/** Whether a class has a part in a target. */
export const isPartOf = (place, target, classes) =>
  place === target || (target === classes && 2 * place + 1 !== classes);

/** Row `place` of a flat array with rows of `length` numbers. */
export const rowOf = (flat, place, length) => flat.subarray(place * length, (place + 1) * length);

/** A share of 1: two digits below 1 %, else one; shares may be negative. */
export function percent(share) {
  const value = 100 * share;
  const size = Math.abs(value);
  return `${fixed(value, size > 0 && size < 1 ? 2 : 1)} %`;
}

/** Like `percent`, short: for numbers that stand beside a bar. */
export const percentShort = (share) => `${fixed(100 * share, Math.abs(share) < 0.1 ? 1 : 0)} %`;
