// Colours of a page as a drawing that stands by itself has them.

/**
 * A colour that was computed by the browser, as every program reads it.
 * @param {string} text such as "rgb(1 2 3 / 0.5)" or "color(srgb 0.1 0.2 0.3)"
 * @returns {{colour: string, opacity: number}} a colour such as "#010203"; "none" where there is none
 */
export function colourOf(text) {
  const whole = text.startsWith("color(srgb") ? 255 : 1;
  const numbers = text.match(/-?[\d.]+(e-?\d+)?%?/g) ?? [];
  if (!/^(rgb|color\(srgb)/.test(text) || numbers.length < 3) return { colour: "none", opacity: 0 };
  const parts = numbers.slice(0, 3).map((part) => {
    const value = Math.round(whole * parseFloat(part));
    return Math.min(255, Math.max(0, value)).toString(16).padStart(2, "0");
  });
  const last = numbers[3] ?? "1";
  const opacity = parseFloat(last) / (last.endsWith("%") ? 100 : 1);
  return { colour: opacity > 0 ? `#${parts.join("")}` : "none", opacity };
}

/**
 * A colour of a dark page as it is on white paper: greys change sides, hues stay.
 * @param {string} colour such as "#e8e8ea", or "none"
 * @param {string} ground of the page
 */
export function onPaper(colour, ground) {
  if (colour === ground) return "#ffffff";
  const parts = /^#(..)(..)(..)$/
    .exec(colour)
    ?.slice(1)
    .map((part) => parseInt(part, 16));
  if (!parts || Math.max(...parts) - Math.min(...parts) > 48) return colour;
  return `#${parts.map((part) => (255 - part).toString(16).padStart(2, "0")).join("")}`;
}

/** The ground that an element stands on where it is dark; null where it is light. */
export function darkGround(element) {
  for (let node = element; node; node = node.parentElement ?? node.getRootNode().host) {
    const { colour } = colourOf(getComputedStyle(node).backgroundColor);
    if (colour !== "none") return parseInt(colour.slice(1, 3), 16) < 128 ? colour : null;
  }
  return null;
}
