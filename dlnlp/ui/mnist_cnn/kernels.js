import { keepKernels } from "./kernel_store.js";

export default function ({ data }) {
  keepKernels(data.version, data.kernels);
}
