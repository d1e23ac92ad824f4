// A part of the page as one SVG document that stands by itself: no style, script or font of the
// page is needed to see it.
import { colourOf, darkGround, onPaper } from "./drawn_colours.js";
import { svg } from "./element.js";

const SHAPES = "path, rect, circle, ellipse, line, polyline, polygon";
const GEOMETRY = ["d", "x", "y", "width", "height", "rx", "ry", "r", "cx", "cy"];
const ENDS = ["x1", "y1", "x2", "y2", "points"];
const UNSEEN = "select, input, textarea, script, style, title, desc, defs, [data-unsaved]";
const CHART = ".svg-container"; // of Plotly
const SPACE = "http://www.w3.org/2000/svg";

const short = (number) => String(Math.round(100 * number) / 100);

/** Fill and line of a shape or text, resolved. */
function paint(style, opacity) {
  const fill = colourOf(style.fill);
  const stroke = colourOf(style.stroke);
  const found = { fill: fill.colour, stroke: stroke.colour };
  found["fill-opacity"] = short(fill.opacity * style.fillOpacity * opacity);
  if (stroke.colour === "none") return found;
  found["stroke-opacity"] = short(stroke.opacity * style.strokeOpacity * opacity);
  found["stroke-width"] = parseFloat(style.strokeWidth);
  if (style.strokeDasharray !== "none") found["stroke-dasharray"] = style.strokeDasharray;
  if (style.strokeLinecap !== "butt") found["stroke-linecap"] = style.strokeLinecap;
  if (style.paintOrder.startsWith("stroke")) found["paint-order"] = "stroke";
  return found;
}

function shape(node, style, opacity, origin) {
  const attributes = paint(style, opacity);
  for (const name of [...GEOMETRY, ...ENDS]) {
    const value = node.getAttribute(name);
    if (value === null) continue;
    // A share of the drawing that the shape stands in.
    attributes[name] = value.endsWith("%") ? node[name].baseVal.value : value;
  }
  const place = node.getScreenCTM();
  if (!place) return null;
  const { a, b, c, d } = place;
  const moved = [place.e - origin.left, place.f - origin.top];
  const matrix = [a, b, c, d, ...moved].map((value) => Math.round(1000 * value) / 1000);
  attributes.transform = `matrix(${matrix.join(" ")})`;
  return svg(node.localName, attributes);
}

const pen = () => document.createElement("canvas").getContext("2d");

/** A stretch of text at the place where the browser has drawn it. */
function stretch(text, box, style, opacity, origin, context, colours) {
  const size = parseFloat(style.fontSize);
  context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = context.measureText(text);
  const attributes = {
    x: short(box.left - origin.left),
    y: short(box.top - origin.top + (box.height * up) / (up + down)),
    "font-size": size,
    "font-family": style.fontFamily,
    textLength: short(box.width),
    lengthAdjust: "spacingAndGlyphs",
    ...colours,
  };
  if (style.fontWeight !== "400") attributes["font-weight"] = style.fontWeight;
  if (style.fontStyle !== "normal") attributes["font-style"] = style.fontStyle;
  return svg("text", attributes, text);
}

/** A text of a drawing that is not level, in the place that its transformation gives it. */
function turned(node, style, origin, colours) {
  const text = node.parentElement;
  const { a, b, c, d, e, f } = text.getScreenCTM();
  if (Math.abs(b) < 1e-6 || text.childNodes.length > 1) return null;
  const start = text.getStartPositionOfChar(0);
  const matrix = [a, b, c, d, e - origin.left, f - origin.top];
  return svg(
    "text",
    {
      x: short(start.x),
      y: short(start.y),
      "font-size": parseFloat(style.fontSize),
      "font-family": style.fontFamily,
      "font-weight": style.fontWeight,
      textLength: short(text.getComputedTextLength()),
      lengthAdjust: "spacingAndGlyphs",
      transform: `matrix(${matrix.map((value) => Math.round(1000 * value) / 1000).join(" ")})`,
      ...colours,
    },
    node.data,
  );
}

/** Words of a text node, each where it stands. */
function words(node, style, opacity, origin, context) {
  const inside = node.parentElement.namespaceURI === SPACE;
  const colour = colourOf(style.color);
  const colours = inside
    ? paint(style, opacity)
    : { fill: colour.colour, "fill-opacity": short(colour.opacity * opacity) };
  const askew = inside && turned(node, style, origin, colours);
  if (askew) return [askew];
  const drawn = [];
  const range = document.createRange();
  // A drawing has no lines that break: its texts stay whole.
  for (const match of node.data.matchAll(inside ? /\S(?:.*\S)?/gs : /\S+/g)) {
    range.setStart(node, match.index);
    range.setEnd(node, match.index + match[0].length);
    const box = range.getBoundingClientRect();
    if (box.width > 0) drawn.push(stretch(match[0], box, style, opacity, origin, context, colours));
  }
  return drawn;
}

/**
 * The frame of an element: its border, or a shadow that is nothing but one.
 * @returns {{colour: string, opacity: number, width: number} | null}
 */
export function frameOf(style) {
  const width = style.borderTopStyle === "none" ? 0 : parseFloat(style.borderTopWidth);
  const border = { ...colourOf(style.borderTopColor), width };
  if (width && border.colour !== "none") return border;
  const shadow = /^((?:rgba?|color)\([^)]*\)) 0px 0px 0px ([\d.]+)px$/.exec(style.boxShadow);
  return shadow && { ...colourOf(shadow[1]), width: Number(shadow[2]) };
}

/** Ground and frame of an element of the page. */
function ground(node, style, opacity, origin) {
  const mask = /^url\("(data:image\/png;base64,[^"]*)"\)$/.exec(style.maskImage);
  if (mask) return [inked(mask[1], node.getBoundingClientRect(), opacity, origin)];
  const fill = colourOf(style.backgroundColor);
  const edge = frameOf(style);
  if (fill.colour === "none" && !edge) return [];
  const box = node.getBoundingClientRect();
  const attributes = {
    x: short(box.left - origin.left),
    y: short(box.top - origin.top),
    width: short(box.width),
    height: short(box.height),
    rx: parseFloat(style.borderTopLeftRadius) || 0,
    fill: fill.colour,
    "fill-opacity": short(fill.opacity * opacity),
  };
  if (edge) {
    attributes.stroke = edge.colour;
    attributes["stroke-width"] = edge.width;
    attributes["stroke-opacity"] = short(edge.opacity * opacity);
  }
  return [svg("rect", attributes)];
}

/** A picture of pixels. What is a mask on the page is ink of its own here: black, as its text. */
function inked(href, box, opacity, origin) {
  return svg("image", {
    x: short(box.left - origin.left),
    y: short(box.top - origin.top),
    width: short(box.width),
    height: short(box.height),
    preserveAspectRatio: "none",
    href,
    opacity: short(opacity),
  });
}

/** What a part of a drawing is cut to, as a group with its own rectangle; null where it is not. */
function cut(node, origin, number) {
  const name = /#([\w-]+)/.exec(node.getAttribute("clip-path") ?? "")?.[1];
  const edge = name && node.getRootNode().getElementById(name)?.querySelector("rect");
  const place = edge && node.getScreenCTM();
  if (!place) return null;
  const [x, y, width, height] = ["x", "y", "width", "height"].map((s) => edge[s].baseVal.value);
  const group = svg("g", { "clip-path": `url(#cut${number})` });
  const clip = svg("clipPath", { id: `cut${number}` });
  const box = { x: short(x * place.a + place.e - origin.left), width: short(width * place.a) };
  const rest = { y: short(y * place.d + place.f - origin.top), height: short(height * place.d) };
  clip.append(svg("rect", { ...box, ...rest }));
  group.append(clip);
  return group;
}

/** Marks in order; a place for groups counts those that are cut to a rectangle. */
function collect(node, opacity, origin, context, into) {
  if (node.matches(UNSEEN)) return;
  const style = getComputedStyle(node);
  const seen = opacity * style.opacity;
  if (style.display === "none" || seen < 0.01) return;
  const group = node.namespaceURI === SPACE && cut(node, origin, ++origin.cuts);
  if (group) {
    const inside = [];
    draw(node, style, seen, origin, context, inside);
    if (inside.length) {
      group.append(...inside);
      into.push(group);
    }
  } else draw(node, style, seen, origin, context, into);
}

function draw(node, style, seen, origin, context, into) {
  if (style.visibility === "visible") {
    if (node.matches(SHAPES)) {
      const made = shape(node, style, seen, origin);
      if (made && (made.getAttribute("fill") !== "none" || made.getAttribute("stroke") !== "none"))
        into.push(made);
    } else if (node.localName === "image" && node.namespaceURI === SPACE) {
      const href = node.getAttribute("href") ?? node.getAttribute("xlink:href") ?? "";
      if (href.startsWith("data:image/png;base64,"))
        into.push(inked(href, node.getBoundingClientRect(), seen, origin));
    } else if (node.localName === "canvas") {
      const box = node.getBoundingClientRect();
      if (node.width && node.height && box.width)
        into.push(inked(node.toDataURL("image/png"), box, seen, origin));
    } else if (node.namespaceURI !== SPACE) into.push(...ground(node, style, seen, origin));
  }
  for (const child of node.childNodes) {
    if (child.nodeType === Node.ELEMENT_NODE) collect(child, seen, origin, context, into);
    else if (child.nodeType === Node.TEXT_NODE && style.visibility === "visible")
      into.push(...words(child, style, seen, origin, context));
  }
}

/**
 * What is drawn in an element.
 * @param {Element} root
 * @param {string} title
 * @returns {{text: string, width: number, height: number}} the document, and its size in pixels
 */
export function drawingOf(root, title) {
  const box = root.getBoundingClientRect();
  const margin = 8;
  const origin = { left: box.left - margin, top: box.top - margin, cuts: 0 };
  const [width, height] = [box.width, box.height].map((side) => Math.ceil(side) + 2 * margin);
  const marks = [];
  collect(root, 1, origin, pen(), marks);
  // A chart has its colours from the page, and no variables to change them by.
  const dark = root.matches(CHART) ? darkGround(root) : null;
  for (const mark of dark ? marks : [])
    for (const node of [mark, ...mark.querySelectorAll("*")])
      for (const name of ["fill", "stroke"])
        if (node.hasAttribute(name))
          node.setAttribute(name, onPaper(node.getAttribute(name), dark));
  const whole = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img" });
  whole.append(svg("title", {}, title), svg("rect", { width, height, fill: "#ffffff" }), ...marks);
  return { text: new XMLSerializer().serializeToString(whole), width, height };
}
