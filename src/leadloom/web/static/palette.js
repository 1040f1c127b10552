// The command palette: go anywhere, find anybody, do the common things.
import { ask, confirmed, send, show } from "./act.js";

const places = () => [...document.querySelectorAll(".side nav a.place")].map((link) => ({
  name: link.querySelector(".name").textContent, hint: "Go to", go: link.getAttribute("href"),
}));

/** How well a text fits a name: the beginning, of a word, within, letters in their order; 0: not at all. */
function fit(name, text) {
  const lower = name.toLowerCase();
  if (lower.startsWith(text)) return 4;
  if (lower.includes(` ${text}`)) return 3;
  if (lower.includes(text)) return 2;
  let at = -1;
  return text.length > 1 && [...text].every((letter) => (at = lower.indexOf(letter, at + 1)) >= 0) ? 1 : 0;
}

async function run(one) {
  const box = document.querySelector("dialog#palette");
  box.close();
  if (one.go) location.assign(one.go);
  else if (one.click) document.querySelector(one.click)?.click();
  else if (one.dialog) show(await ask(one.dialog));
  else if (!one.confirm || (await confirmed(one.confirm, "Do it"))) await send(one.post, one.run ? { run: one.run } : {});
}

export function open(entered) {
  const box = document.querySelector("dialog#palette");
  const input = box.querySelector("input");
  const list = box.querySelector("ul");
  let all = places(), found = [], hits = [], at = 0, asked;

  function draw() {
    const text = input.value.trim().toLowerCase();
    const scored = all.map((one) => [text ? fit(one.name, text) : one.hint === "Go to" || one.hint === "Do" ? 1 : 0, one]);
    const named = scored.filter(([score]) => score).sort((a, b) => b[0] - a[0]);
    const sure = named.filter(([score]) => score > 1 || !text).map(([, one]) => one).slice(0, text ? 8 : 40);
    found = [...sure, ...hits, ...named.map(([, one]) => one).filter((one) => !sure.includes(one)).slice(0, 4)];
    if (text) found.push({ name: `Search leads for “${input.value.trim()}”`, hint: "Go to", go: `/leads?q=${encodeURIComponent(input.value.trim())}` });
    at = Math.max(0, Math.min(at, found.length - 1));
    list.replaceChildren(...found.map((one, i) => {
      const item = Object.assign(document.createElement("li"), { className: "place", id: `palette-${i}` });
      item.append(Object.assign(document.createElement("span"), { className: "name", textContent: one.name }), Object.assign(document.createElement("span"), { className: "count", textContent: one.hint }));
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", i === at);
      item.addEventListener("click", () => run(one));
      return item;
    }));
    input.setAttribute("aria-activedescendant", `palette-${at}`);
    list.children[at]?.scrollIntoView({ block: "nearest" });
  }

  async function look() {
    asked?.abort();
    asked = new AbortController();
    const text = input.value.trim();
    try {
      hits = text.length > 1 ? await ask(`/palette/find?q=${encodeURIComponent(text)}`, { signal: asked.signal }) : [];
      draw();
    } catch (error) { if (error.name !== "AbortError" && !error.said) throw error; }
  }

  let soon = 0, looked = Promise.resolve();
  const commands = ask("/palette").then((more) => { all = [...places(), ...more]; draw(); });
  const choose = () => Promise.all([commands, looked]).finally(() => found[at] && run(found[at]));
  input.oninput = () => { at = 0; if (input.value.trim().length < 2) hits = []; draw(); clearTimeout(soon); looked = new Promise((done) => { soon = setTimeout(() => done(look()), 90); }); };
  input.onkeydown = (event) => {
    if (event.key === "ArrowDown") at = (at + 1) % found.length;
    else if (event.key === "ArrowUp") at = (at + found.length - 1) % found.length;
    else if (event.key === "Enter") { event.preventDefault(); return choose(); }
    else return;
    event.preventDefault();
    draw();
  };
  draw();
  input.focus();
  if (input.value.trim().length > 1) looked = look();
  if (entered) choose();
}
