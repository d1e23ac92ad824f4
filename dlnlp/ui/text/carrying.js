// Places in a text that is being edited. All of them count as JavaScript does, in UTF-16 units.
// Spans are flat lists: begin, end, begin, end, and so on.

/**
 * The one stretch in which two texts differ.
 * @param {string} before
 * @param {string} after
 * @returns {{start: number, end: number, newEnd: number}} before.slice(start, end) became
 *   after.slice(start, newEnd); no half of a character is cut off
 */
export function difference(before, after) {
  const shorter = Math.min(before.length, after.length);
  const low = (text, i) => (text.charCodeAt(i) & 0xfc00) === 0xdc00; // second half of a character
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  if (start > 0 && (low(before, start) || low(after, start))) start--;
  let tail = 0;
  const most = shorter - start;
  const same = (k) => before.charCodeAt(before.length - k) === after.charCodeAt(after.length - k);
  while (tail < most && same(tail + 1)) tail++;
  if (tail > 0 && low(before, before.length - tail)) tail--;
  return { start, end: before.length - tail, newEnd: after.length - tail };
}

/**
 * Spans of a text, moved to where they stand in an edited text.
 * @param {number[]} spans
 * @param {string} from
 * @param {string} to
 * @returns {number[]} a span that was deleted is empty; one that was typed on grows with it
 */
export function carry(spans, from, to) {
  if (from === to) return spans;
  const { start, end, newEnd } = difference(from, to);
  const lengthens = start === end && /^[\p{L}\p{N}]+$/u.test(to.slice(start, newEnd));
  const moved = [];
  for (let i = 0; i < spans.length; i += 2) {
    const [begin, stop] = [spans[i], spans[i + 1]];
    const first = begin >= end ? begin + newEnd - end : begin >= start ? newEnd : begin;
    if (stop < start || (stop === start && !lengthens)) moved.push(first, stop);
    else moved.push(first, stop >= end ? stop + newEnd - end : Math.max(first, start));
  }
  return moved;
}

/**
 * The number of the span that a place lies in or touches; -1 where there is none.
 * @param {number[]} spans
 * @param {number} offset
 */
export function spanAt(spans, offset) {
  let touched = -1;
  for (let i = 0; i < spans.length; i += 2) {
    if (spans[i] > offset) break;
    if (spans[i] < spans[i + 1] && offset <= spans[i + 1]) {
      if (offset < spans[i + 1]) return i / 2;
      touched = i / 2;
    }
  }
  return touched;
}
