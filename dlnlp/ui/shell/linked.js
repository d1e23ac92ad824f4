// What is pointed at in one component lights up in the others.
//
// Components are drawn in shadow trees of their own; the document carries the event between them.

/**
 * @typedef {{token?: number, sentence?: number, item?: string} | null} Pointed
 *   The word or sentence that is pointed at, by its number in the text, or another thing by its
 *   name; null: nothing.
 */

const NAME = "dlnlp-pointed";

/**
 * Tell the other components of a scope what is pointed at.
 * @param {string} scope what the numbers count, e.g. "text"
 * @param {Pointed} pointed
 * @param {object} [from] the component that tells it: it is not told itself
 */
export function announce(scope, pointed, from) {
  document.dispatchEvent(new CustomEvent(NAME, { detail: { scope, pointed, from } }));
}

/**
 * Call back whenever another component of a scope announces something.
 * @param {string} scope
 * @param {(pointed: Pointed) => void} callback
 * @param {object} [self] as `from` of announce
 * @returns {() => void} what ends it
 */
export function listen(scope, callback, self) {
  const heard = ({ detail }) => {
    if (detail.scope === scope && (self === undefined || detail.from !== self))
      callback(detail.pointed);
  };
  document.addEventListener(NAME, heard);
  return () => document.removeEventListener(NAME, heard);
}
