// A template: the preview follows what is typed, and the lead it is for.
import { send } from "./act.js";

const texts = document.getElementById("texts");
const preview = document.querySelector("[data-preview]");

async function show() {
  const values = new FormData(texts);
  values.set("lead", preview.querySelector("[name=lead]").value);
  try { await send(preview.action, values); } catch (error) { if (!error.said) throw error; }
}
if (preview) {
  let soon = 0;
  texts.addEventListener("input", () => { clearTimeout(soon); soon = setTimeout(show, 500); });
  preview.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    show();
  });
}
