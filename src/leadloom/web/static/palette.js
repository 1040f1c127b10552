// The command palette: the site says what answers to what is typed, here one chooses of it.
import { ask, put } from "./act.js";

const box = document.querySelector("dialog#palette"), input = box.querySelector("input");
const lines = () => [...box.querySelectorAll("[role=option]")];
let asked, loaded, soon;

function choose(at) {
  const all = lines(), chosen = all.at(at % all.length);
  for (const one of all) one.setAttribute("aria-selected", one === chosen);
  input.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

async function load() {
  asked?.abort();
  asked = new AbortController();
  put("palette-list", await ask(`/palette?q=${encodeURIComponent(input.value)}`, { signal: asked.signal }));
  choose(0);
}

async function enter() {
  await loaded; // what was typed last counts
  lines().find((one) => one.ariaSelected === "true")?.click();
}

function pressed(event) {
  const step = { ArrowDown: 1, ArrowUp: -1, Enter: 0 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  if (step) choose(lines().findIndex((one) => one.ariaSelected === "true") + step);
  else enter();
}

/** Begin with what is typed already; Enter may have been pressed as well. */
export function begin(isEntered) {
  input.onkeydown = pressed;
  loaded = load();
  if (isEntered) enter();
}

input.addEventListener("input", () => {
  clearTimeout(soon);
  loaded = new Promise((done) => { soon = setTimeout(() => done(load()), 60); });
});
box.addEventListener("click", ({ target }) => { if (target.closest("[role=option]")) box.close(); });
