import { scaled } from "./flow_data.js";

// The kernels of the convolutions, which are sent once and read by another component: the document
// holds them for both.

const KEY = Symbol.for("dlnlp.digit_kernels");
const NAME = "dlnlp-digit-kernels";

/** Keep the kernels of a network. */
export function keepKernels(version, kernels) {
  if (document[KEY]?.version === version) return;
  document[KEY] = { version, kernels: kernels.map(scaled) };
  document.dispatchEvent(new CustomEvent(NAME));
}

/** The kernels of that network, [map][input][kernel * kernel] of each layer; null until they came. */
export const keptKernels = (version) =>
  document[KEY]?.version === version ? document[KEY].kernels : null;

/** Call back when kernels have come. */
export const onKernels = (callback) => document.addEventListener(NAME, callback);
