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
  try {
    const counts = await ask("/counts");
    sessionStorage.setItem("counts", JSON.stringify(counts));
    showCounts(counts);
  } catch { /* said already */ }
}
showCounts(JSON.parse(sessionStorage.getItem("counts") ?? "{}"));
count();
let soon = 0;
document.addEventListener("leadloom:happened", () => {
  clearTimeout(soon);
  soon = setTimeout(count, 1500);
});

document.querySelector("[data-theme-switch]")?.addEventListener("click", () => {
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  document.cookie = `leadloom-theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
});

const side = document.querySelector(".side");
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-side]")) side.classList.add("open");
  else if (!event.target.closest(".side")) side.classList.remove("open");
  if (event.target.closest("[data-palette]")) openPalette();
});

const isTyping = (target) => target.matches("input, textarea, select, [contenteditable]");
document.addEventListener("keydown", (event) => {
  if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
  } else if (event.key === "/" && !isTyping(event.target) && !document.querySelector("dialog[open]")) {
    const search = document.querySelector("[data-search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "Escape") side.classList.remove("open");
});

async function openPalette() {
  const box = document.querySelector("dialog#palette"), input = box.querySelector("input");
  if (box.open) return;
  let entered = false;
  input.value = "";
  input.onkeydown = (event) => { entered ||= event.key === "Enter"; };
  box.showModal(); // at once, so that no key pressed while the rest is loaded is lost
  const { open } = await import("./palette.js");
  open(entered);
}
window.addEventListener("unhandledrejection", (event) => {
  if (event.reason?.said || event.reason?.name === "AbortError") event.preventDefault();
  else if (event.reason) toast("Something went wrong on this page: load it again.", { bad: true });
});
