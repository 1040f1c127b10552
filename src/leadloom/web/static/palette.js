// The command palette: the site says what answers to what is typed, here one chooses of it.
import { ask, put } from "./act.js";

const box = document.querySelector("dialog#palette"), input = box.querySelector("input");
const lines = () => [...box.querySelectorAll("[role=option]")];
let asked, loaded;

function choose(at) {
  const all = lines(), chosen = all.at(at % all.length);
  for (const one of all) one.setAttribute("aria-selected", one === chosen);
  input.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

function load(pause = 0) {
  asked?.abort();
  asked = new AbortController();
  loaded = answer(asked.signal, pause);
}

async function answer(signal, pause) {
  if (pause) await new Promise((done) => { setTimeout(done, pause); });
  signal.throwIfAborted();
  put("palette-list", await ask(`/palette?q=${encodeURIComponent(input.value)}`, { signal }));
  choose(0);
}

/** Do what is chosen, once the answer to what was typed last is there. */
async function enter() {
  const awaited = loaded;
  await awaited.catch((error) => { if (awaited === loaded) throw error; });
  if (awaited !== loaded) return enter();
  if (box.open) lines().find((one) => one.ariaSelected === "true")?.click();
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
  load();
  if (isEntered) enter();
}

input.addEventListener("input", () => load(60));
box.addEventListener("click", ({ target }) => { if (target.closest("[role=option]")) box.close(); });
