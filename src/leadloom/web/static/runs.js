// Runs: records are paged without losing the place; what is at work is looked at now and then,
// should the news of its end have come before this page listened.
import { ask, put } from "./act.js";

const LOOK_EVERY_MS = 2000;

async function load(url) {
  const { pathname, search } = new URL(url, location.href);
  put("records", await ask(`${pathname}/records${search}`));
}

async function look() {
  const piece = document.querySelector("[data-at-work]");
  if (!piece || document.hidden || piece.querySelector("input:focus")) return;
  put(piece.id, await ask(piece.dataset.src));
  const records = document.getElementById("records");
  if (records && !document.querySelector("[data-at-work]")) put("records", await ask(records.dataset.src));
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-records]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  await load(link.href);
  history.pushState(null, "", link.href);
});
addEventListener("popstate", () => { if (document.getElementById("records")) load(location.href); });
setInterval(() => look().catch(() => {}), LOOK_EVERY_MS);
