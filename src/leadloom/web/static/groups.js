// A new group: says how many leads meet the conditions while they are typed.
import { formData, send } from "./act.js";

let soon = 0;
document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-count-url]");
  if (!form || !event.target.matches("[name=field], [name=sign], [name=value], [name=f]")) return;
  clearTimeout(soon);
  soon = setTimeout(async () => {
    const hasConditions = [...form.querySelectorAll("[name=field]")].some((one) => one.value) || form.querySelector("[name=f]:checked");
    if (!hasConditions) return;
    try { await send(form.dataset.countUrl, formData(form)); } catch (error) { if (!error.said) throw error; }
  }, 350);
});
