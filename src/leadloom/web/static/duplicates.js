// Duplicates by keyboard: J K and arrows go from pair to pair, S and D decide, Z takes back.
import { ask, put, send } from "./act.js";

const view = () => document.getElementById("duplicates");
let last = [];

async function go(at) {
  const query = new URLSearchParams({ at });
  if (view().dataset.lead) query.set("lead", view().dataset.lead);
  put("duplicates", await ask(`/duplicates?${query}`));
  history.replaceState(null, "", `/duplicates?${query}`);
  view().querySelector(".queue [aria-current]")?.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const { at, pairs } = view().dataset;
  if (+pairs) go((+at + by + +pairs) % +pairs);
}

async function takeBack() {
  const run = last.pop();
  if (!run) return;
  await send("/undo", { run });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#duplicates a[data-at]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(link.dataset.at);
});

const steps = { j: 1, ArrowDown: 1, ArrowRight: 1, k: -1, ArrowUp: -1, ArrowLeft: -1 };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.matches("input, textarea, select") || event.repeat && !steps[event.key]) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const button = view().querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (steps[key]) step(steps[key]);
  else if (button && !button.disabled && !button.form.hasAttribute("aria-busy")) button.form.requestSubmit(button);
  else if (key === "z") takeBack();
  else return;
  event.preventDefault();
});

view().querySelector(".queue [aria-current]")?.scrollIntoView({ block: "nearest" });
document.addEventListener("leadloom:done", ({ detail }) => { if (detail.into === "duplicates") last = detail.undo ?? []; });
