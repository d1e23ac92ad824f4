import { onKeepNow } from "./keep_now.js";

// Keeps a page's work in the tab's sessionStorage, and hands that of an earlier session to Python.
// Other components may leave a value at once, before Python has heard of it (`keep_now.js`).
// `data.work` is there where Python says what to keep; without it this is the page's reader.
const readers = new Map(); // page -> {data, report}
let listening = false;

const place = (page) => `dlnlp.work.${page}`;

function read(page) {
  try {
    return JSON.parse(sessionStorage.getItem(place(page)));
  } catch {
    return null; // no storage in this browser, or something else lies there
  }
}

function write(page, stored) {
  try {
    sessionStorage.setItem(place(page), JSON.stringify(stored));
  } catch {
    // Full or forbidden: the work lives as long as the page does, as without this.
  }
}

const foreign = (stored, data) => !!stored && stored.session !== data.session && !data.taken;

function report({ data, setTriggerValue }, again) {
  const stored = read(data.page);
  if (stored && (again || foreign(stored, data))) setTriggerValue("stored", stored);
}

// Whatever is typed is kept at once: Python hears of it later, and not at all while it is away.
function keepTyped(event) {
  const [field] = event.composedPath(); // also one within a component
  if (field?.tagName !== "TEXTAREA") return;
  for (const { data } of readers.values())
    for (const [name, key] of Object.entries(data.typed)) {
      if (!event.target.closest?.(`.st-key-${CSS.escape(key)}`)) continue;
      const stored = read(data.page);
      if (!stored || foreign(stored, data)) continue;
      stored.work[name] = field.value;
      write(data.page, stored);
    }
}

// It stands beside the work, which Python overwrites as a whole: which of them is newer, Python says.
function keepValue({ page, name, value }) {
  const data = readers.get(page)?.data,
    stored = read(page);
  if (!data || !stored || foreign(stored, data)) return;
  write(page, { ...stored, now: { ...stored.now, [name]: value } });
}

// Streamlit does not rerun a page that stood still when its server went. The next server would
// know nothing of the fragments that the page shows, and drop every click into them.
function watchConnection(attribute) {
  const app = document.querySelector(`[${attribute}]`);
  if (!app) return;
  let before = app.getAttribute(attribute);
  new MutationObserver(() => {
    const now = app.getAttribute(attribute);
    if (now === "CONNECTED" && before !== now)
      for (const reader of readers.values()) if (reader.root.isConnected) report(reader, true);
    before = now;
  }).observe(app, { attributeFilter: [attribute] });
}

export default function ({ data, parentElement, setTriggerValue }) {
  if (data.work !== undefined) {
    const stored = read(data.page);
    const older = stored?.session === data.session && stored.number > data.number;
    if (!foreign(stored, data) && !older)
      write(data.page, {
        session: data.session,
        number: data.number,
        work: data.work,
        now: stored?.session === data.session ? stored.now : undefined,
      });
    return;
  }
  const reader = { data, setTriggerValue, root: parentElement.host ?? parentElement };
  readers.set(data.page, reader);
  report(reader, false);
  if (!listening) {
    listening = true;
    document.addEventListener("input", keepTyped);
    onKeepNow(keepValue);
    watchConnection(data.connection);
  }
}
