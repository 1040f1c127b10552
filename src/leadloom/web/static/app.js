// Every page: figures beside the places, the theme, the side bar on a phone, keys, the palette.
import { ask, toast } from "./act.js";
import "./live.js";

const root = document.documentElement;
const short = (n) => (n >= 1e6 ? `${+(n / 1e6).toFixed(n < 1e7 ? 1 : 0)}M` : n >= 1e3 ? `${+(n / 1e3).toFixed(n < 1e4 ? 1 : 0)}k` : n || "");

function showCounts(counts) {
  for (const place of document.querySelectorAll("[data-count]"))
    place.textContent = short(counts[place.dataset.count]);
}
async function count() {
  const counts = await ask("/counts");
  sessionStorage.setItem("counts", JSON.stringify(counts));
  showCounts(counts);
}
showCounts(JSON.parse(sessionStorage.getItem("counts") ?? "{}"));
count();
let soon = 0;
document.addEventListener("leadloom:happened", () => {
  clearTimeout(soon);
  soon = setTimeout(count, 1500);
});

function switchTheme() {
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  document.cookie = `leadloom-theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
}

const side = document.querySelector(".side");
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-side]")) side.classList.add("open");
  else if (!target.closest(".side")) side.classList.remove("open");
  if (target.closest("[data-palette]")) openPalette();
  if (target.closest("[data-theme-switch]")) switchTheme();
});

async function openPalette() {
  const box = document.querySelector("dialog#palette"), input = box.querySelector("input");
  if (box.open) return;
  let isEntered = false;
  input.value = "";
  input.onkeydown = ({ key }) => { isEntered ||= key === "Enter"; };
  box.showModal(); // at once, so that no key pressed while the rest is loaded is lost
  const { begin } = await import("./palette.js");
  begin(isEntered);
}

/** Press what a page has for a key, as its [data-key] says. */
function press(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const all = [...document.querySelectorAll(`main [data-key~="${CSS.escape(key)}"]:not(:disabled)`)];
  const wanted = all.find((one) => one.checkVisibility());
  if (!wanted || (event.repeat && !wanted.href) || document.querySelector("form[aria-busy]")) return;
  event.preventDefault();
  wanted.click();
}

document.addEventListener("keydown", (event) => {
  const isHeld = event.metaKey || event.ctrlKey;
  if (event.key === "Escape") {
    side.classList.remove("open");
    for (const menu of document.querySelectorAll("details.popover[open]")) menu.open = false;
  }
  if (isHeld && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
  } else if (isHeld || event.altKey || document.querySelector("dialog[open]") || event.target.matches("input, textarea, select")) return;
  else if (event.key === "/") {
    const search = document.querySelector("[data-search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  } else press(event);
});

addEventListener("unhandledrejection", (event) => {
  if (event.reason?.said || event.reason?.name === "AbortError") event.preventDefault();
  else if (event.reason) toast("Something went wrong on this page: load it again.", { bad: true });
});
