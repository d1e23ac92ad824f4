import { keepNow } from "../shell/keep_now.js";

// The sheet: pointer events in, strokes out. Strokes are [{w, p: [x, y, ...], f?: [percent, ...]}]
// on a grid that does not depend on the screen; a state of the sheet is never changed, only replaced.
const boards = new WeakMap(); // root -> board
const reports = new Map(); // page -> the last report: a page that is left at once takes it along
const HISTORY = 300; // states that undo remembers
const STEP = 3; // grid units: points nearer than this to the last one are left out

function newBoard(root, data) {
  const find = (selector) => root.querySelector(selector);
  const canvas = find("canvas"),
    context = canvas.getContext("2d");
  const slider = find("input[type=range]"),
    pressure = find(".pressure");
  const { grid, margin } = data.bounds;
  const last = reports.get(data.page),
    unheard = last && last.n > data.heard ? [last.strokes] : [];
  const board = {
    states: [...data.before, data.strokes, ...unheard],
    at: data.before.length + unheard.length,
    unheard: unheard.length > 0,
    load: data.load,
    under: data.under,
    label: data.label,
    current: null,
    pointer: null,
    sent: Date.now(),
    ink: "",
    makesWay: data.replace_on_first_stroke && !unheard.length,
    report: () => {},
  };
  const strokes = () => board.states[board.at];
  const points = (list) => list.reduce((sum, stroke) => sum + stroke.p.length / 2, 0);

  // ---- drawing -------------------------------------------------------------------------------
  const scale = () => canvas.width / grid;
  const widthAt = (stroke, k) => stroke.w * (stroke.f ? stroke.f[k] / 100 : 1);
  function segment(stroke, k) {
    // from point k - 1 to point k
    const s = scale(),
      p = stroke.p,
      from = 2 * Math.max(k - 1, 0);
    context.lineWidth = s * widthAt(stroke, k);
    context.beginPath();
    context.moveTo(s * p[from], s * p[from + 1]);
    context.lineTo(s * p[2 * k] + (from === 2 * k ? 0.01 : 0), s * p[2 * k + 1]);
    context.stroke();
  }
  function draw() {
    board.ink = getComputedStyle(canvas).color;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.strokeStyle = board.ink;
    context.lineCap = context.lineJoin = "round";
    for (const stroke of [...strokes(), ...(board.current ? [board.current] : [])])
      for (let k = stroke.p.length > 2 ? 1 : 0; k < stroke.p.length / 2; k++) segment(stroke, k);
  }
  function fit() {
    // as many pixels as the screen has
    const side = Math.round(canvas.clientWidth * (window.devicePixelRatio || 1));
    if (side && side !== canvas.width) {
      canvas.width = canvas.height = side;
      draw();
    }
  }
  function show() {
    const count = strokes().length,
      full = room() <= 0;
    find("[data-do=undo]").disabled = board.at === 0;
    find("[data-do=redo]").disabled = board.at === board.states.length - 1;
    find("[data-do=clear]").disabled = count === 0;
    find(".hint").hidden = count > 0 || !!board.current;
    find(".status").textContent = full ? "The sheet is full: clear it, or undo." : "";
    canvas.setAttribute(
      "aria-label",
      `${board.label}: ${count} ${count === 1 ? "stroke" : "strokes"}`,
    );
  }
  function showPen() {
    const nib = find(".nib").style,
      side = `${(slider.value / grid) * canvas.clientWidth || 8}px`;
    nib.width = nib.height = side;
  }

  // ---- states --------------------------------------------------------------------------------
  const room = () =>
    strokes().length >= data.bounds.strokes ? 0 : data.bounds.points - points(strokes());
  function keep(state) {
    board.makesWay = false;
    board.states = [...board.states.slice(0, board.at + 1), state].slice(-HISTORY);
    board.at = board.states.length - 1;
  }
  function changed() {
    draw();
    show();
    // `n` makes every report differ from the one before: undo may lead back to an old state.
    board.sent = Math.max(board.sent + 1, Date.now());
    const drawing = { strokes: strokes(), width: +slider.value, n: board.sent };
    reports.set(data.page, drawing);
    keepNow(data.page, "drawing", drawing); // a reload may come before Python's answer
    board.report(drawing);
  }
  const go = (to) => {
    if (to < 0 || to >= board.states.length) return;
    finish();
    board.at = to;
    changed();
  };
  const actions = {
    undo: () => (board.current ? cancel() : go(board.at - 1)),
    redo: () => go(board.at + 1),
    clear: () => {
      finish();
      if (!strokes().length) return;
      keep([]);
      changed();
    },
  };
  board.replace = (loaded, makesWay) => {
    finish();
    if (JSON.stringify(loaded) !== JSON.stringify(strokes())) keep(loaded);
    board.makesWay = makesWay;
    draw();
    show();
  };

  board.changed = changed;

  board.layUnder = (before) => {
    board.states = [...before, ...board.states];
    board.at += before.length;
    show();
  };

  // ---- pen -----------------------------------------------------------------------------------
  const clamp = (value) => Math.round(Math.min(Math.max(value, -margin), grid + margin));
  function add(event, final) {
    const box = canvas.getBoundingClientRect(),
      { p, f } = board.current;
    const x = clamp(((event.clientX - box.left) * grid) / box.width);
    const y = clamp(((event.clientY - box.top) * grid) / box.height);
    const far = Math.hypot(x - p.at(-2), y - p.at(-1));
    if (p.length && (far === 0 || (far < STEP && !final))) return;
    if (p.length / 2 >= room()) return;
    p.push(x, y);
    // A pen that reports no pressure, and the last event of one that does, say 0.
    if (f)
      f.push(
        Math.round(100 * Math.min(1, 0.35 + 0.65 * (event.pressure || f.at(-1) / 100 || 0.5))),
      );
    segment(board.current, p.length / 2 - 1);
  }
  function finish() {
    if (!board.current) return;
    const stroke = board.current;
    board.current = board.pointer = null;
    if (stroke.f && !stroke.f.length) delete stroke.f;
    if (stroke.p.length) keep([...strokes(), stroke]);
  }
  function cancel() {
    // the system took the pointer away, or undo came in the middle of a stroke
    board.current = board.pointer = null;
    draw();
    show();
  }
  canvas.onpointerdown = (event) => {
    if (board.pointer !== null || event.button > 0) return; // a second finger, the right button
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    if (board.makesWay) keep([]);
    if (room() <= 0) return show();
    canvas.setPointerCapture(event.pointerId);
    const pen = event.pointerType === "pen" && event.pressure > 0;
    if (pen) pressure.hidden = false;
    board.pointer = event.pointerId;
    board.current = { w: +slider.value, p: [] };
    if (pen && pressure.querySelector("input").checked) board.current.f = [];
    draw();
    add(event);
    show();
  };
  canvas.onpointermove = (event) => {
    if (event.pointerId !== board.pointer) return;
    const all = event.getCoalescedEvents?.() ?? [];
    for (const each of all.length ? all : [event]) add(each);
  };
  canvas.onpointerup = (event) => {
    if (event.pointerId !== board.pointer) return;
    add(event, true);
    finish();
    changed();
  };
  canvas.onpointercancel = (event) => event.pointerId === board.pointer && cancel();
  canvas.oncontextmenu = (event) => board.pointer !== null && event.preventDefault();

  // ---- tools ---------------------------------------------------------------------------------
  find(".tools").onclick = (event) => actions[event.target.dataset?.do]?.();
  slider.oninput = showPen;
  find(".board").onkeydown = (event) => {
    const command = event.ctrlKey || event.metaKey,
      letter = event.key.toLowerCase();
    let action = null;
    if (command && !event.altKey && letter === "z") action = event.shiftKey ? "redo" : "undo";
    else if (command && !event.altKey && letter === "y") action = "redo";
    else if (!command && event.target === canvas && (letter === "delete" || letter === "backspace"))
      action = "clear";
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    actions[action]();
  };
  slider.value = data.width;
  find(".hint").textContent = data.label;
  new ResizeObserver(() => {
    fit();
    showPen();
  }).observe(canvas);
  board.refresh = () => getComputedStyle(canvas).color !== board.ink && draw(); // the theme changed
  fit();
  draw();
  show();
  showPen();
  return board;
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".board").parentNode;
  let board = boards.get(root);
  if (!board) {
    board = newBoard(root, data);
    boards.set(root, board);
  } else if (data.load !== board.load) {
    board.load = data.load;
    board.replace(data.strokes, data.replace_on_first_stroke);
  } else board.refresh();
  if (data.under !== board.under) {
    board.under = data.under;
    board.layUnder(data.before);
  }
  board.report = (drawing) => setStateValue("drawing", drawing);
  if (board.unheard) {
    board.unheard = false;
    board.changed();
  }
}
