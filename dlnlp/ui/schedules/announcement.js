// The live region stays in place and only its text changes: that is what screen readers announce.

export default function ({ data, parentElement }) {
  const region = parentElement.querySelector("[role=status]");
  if (region.textContent !== data.sentence) region.textContent = data.sentence;
}
