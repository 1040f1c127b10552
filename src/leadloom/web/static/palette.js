// The command palette: the site says what answers to what is typed, here one chooses of it.
import { ask, put } from "./act.js";

const box = document.querySelector("dialog#palette"), input = box.querySelector("input");
const lines = () => [...box.querySelectorAll("[role=option]")];
let turn = 0, loaded;

function choose(at) {
  const all = lines(), chosen = all.at(at % all.length);
  for (const one of all) one.setAttribute("aria-selected", one === chosen);
  input.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

const load = (pause) => { loaded = answer(++turn, pause); };

async function answer(mine, pause) {
  await new Promise((done) => { setTimeout(done, pause); });
  if (mine !== turn) return;
  const html = await ask(`/palette?q=${encodeURIComponent(input.value)}`);
  if (mine !== turn) return;
  put("palette-list", html);
  choose(0);
}

/** Do what is chosen, once the answer to what was typed last is there. */
async function enter() {
  for (let last; last !== loaded;) await (last = loaded);
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
  load(0);
  if (isEntered) enter();
}

input.addEventListener("input", () => load(60));
box.addEventListener("click", ({ target }) => { if (target.closest("[role=option]")) box.close(); });
