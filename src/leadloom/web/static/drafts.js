// Editing a draft in its place: Ctrl+Enter saves, Escape leaves. Other keys: see app.js.
const desk = () => document.getElementById("desk");

function write(on) {
  const form = desk().querySelector("[data-write]");
  if (!form) return;
  form.hidden = !on;
  for (const part of desk().querySelectorAll("[data-read]")) part.hidden = on;
  if (on) form.querySelector("textarea").focus();
  else document.activeElement.blur();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-edit]")) write(true);
  if (event.target.closest("[data-cancel]")) write(false);
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-write]");
  if (!form || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") write(false);
  else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
