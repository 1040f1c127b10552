// News from the site: one tab listens for all tabs of the browser, and tells the others.
// Pieces of a page that name events are loaded again when these happen.
import { ask, put } from "./act.js";

const channel = new BroadcastChannel("leadloom");
const KINDS = ["happened", "run"];

const tell = (kind, data) => document.dispatchEvent(new CustomEvent(`leadloom:${kind}`, { detail: data }));
channel.addEventListener("message", ({ data }) => tell(data.kind, data.data));

function listen() {
  const source = new EventSource("/live");
  for (const kind of KINDS)
    source.addEventListener(kind, ({ data }) => {
      const message = { kind, data: JSON.parse(data) };
      channel.postMessage(message);
      tell(message.kind, message.data);
    });
  return new Promise(() => {}); // until the tab is closed: then the lock goes to another
}
if (navigator.locks) navigator.locks.request("leadloom-live", listen);
else listen();

const matches = (wanted, type) =>
  wanted.split(/\s+/).some((one) => one === type || (one.endsWith(".*") && type.startsWith(one.slice(0, -1))));

const waiting = new Map();
function loadSoon(piece, wait = 400) {
  if (!piece.id || waiting.has(piece.id)) return;
  waiting.set(piece.id, setTimeout(() => load(piece.id), wait));
}

async function load(id) {
  waiting.delete(id);
  const piece = document.getElementById(id);
  if (!piece) return;
  const isUsed = [...piece.querySelectorAll("input, textarea, select")].some(
    (one) => one === document.activeElement || one.checked !== one.defaultChecked || "defaultValue" in one && one.value !== one.defaultValue);
  if (isUsed) return loadSoon(piece, 2000); // nothing that is being filled in is lost
  put(id, await ask(piece.dataset.src));
  watch();
}

/** What is at work is looked at now and then: the news of its end may have come too early. */
function watch() {
  for (const piece of document.querySelectorAll("[data-at-work]")) loadSoon(piece, 2000);
}

document.addEventListener("leadloom:happened", ({ detail }) => {
  const types = Object.keys(detail.types);
  for (const piece of document.querySelectorAll("[data-live]"))
    if (types.some((type) => matches(piece.dataset.live, type))) loadSoon(piece);
});
document.addEventListener("leadloom:run", ({ detail }) => {
  for (const piece of document.querySelectorAll("[data-live~='run.*']")) loadSoon(piece);
  for (const bar of document.querySelectorAll(`progress[data-run="${detail.id}"]`)) {
    if (detail.total) bar.max = detail.total;
    bar.value = detail.processed;
  }
});
for (const piece of document.querySelectorAll("[data-load]")) load(piece.id);
watch();
