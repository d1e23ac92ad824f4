// A value of the visitor's work that is kept in the tab before Python has heard of it.
//
// Components are drawn apart from each other; the document carries the event to what keeps the work.

const NAME = "dlnlp-keep-now";

/**
 * Keep a value at once.
 * @param {string} page whose work it belongs to
 * @param {string} name
 * @param {object} value ready for JSON
 */
export function keepNow(page, name, value) {
  document.dispatchEvent(new CustomEvent(NAME, { detail: { page, name, value } }));
}

/**
 * Call back with what is to be kept.
 * @param {(kept: {page: string, name: string, value: object}) => void} callback
 */
export function onKeepNow(callback) {
  document.addEventListener(NAME, ({ detail }) => callback(detail));
}
