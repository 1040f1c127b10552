// Enrich: the estimate follows what is chosen; conditions are asked for when their chip is opened.
import { ask, send } from "./act.js";

const form = document.querySelector("form.enrich");
const mayAsk = form?.querySelector(".main-one");
let soon = 0;

async function reckon() {
  document.getElementById("estimate").setAttribute("aria-busy", "true");
  try {
    await send(form.dataset.estimate, form);
  } catch (error) {
    if (!error.said) throw error;
    document.getElementById("estimate").removeAttribute("aria-busy");
  }
}

const changed = (change) => {
  const query = new URLSearchParams(form.dataset.query);
  change(query);
  location.assign(`/enrich?${query}`);
};

document.addEventListener("toggle", async ({ target: chip }) => {
  if (!chip.open || !chip.dataset?.filter) return;
  const menu = chip.querySelector(".menu");
  menu.innerHTML = await ask(`${chip.dataset.filter}?${form.dataset.query}`);
  // A form cannot stand in another: its fields are read when Enter or its button is pressed.
  menu.querySelector("input, select, a")?.focus();
}, true);

function condition(box) {
  const said = Object.fromEntries([...box.querySelectorAll("[name]")].map((one) => [one.name, one.value]));
  const { field = box.closest("[data-filter]").dataset.filter.split("/").pop(), sign = "~", value } = said;
  changed((query) => query.append("f", field + sign + value));
}

if (form) {
  form.addEventListener("change", (event) => {
    if (event.target.closest(".menu") || !mayAsk) return;
    clearTimeout(soon);
    soon = setTimeout(reckon, 300);
  });
  form.addEventListener("keydown", (event) => {
    const box = event.target.closest(".menu");
    if (event.key !== "Enter" || !box || event.target.matches("a")) return;
    event.preventDefault();
    condition(box);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest(".menu button");
    if (!button) return;
    event.preventDefault();
    condition(button.closest(".menu"));
  });
  document.querySelector("[data-search]")?.form.addEventListener("submit", (event) => {
    event.preventDefault();
    changed((query) => query.set("q", event.target.elements.q.value));
  });
  if (mayAsk) reckon();
}
