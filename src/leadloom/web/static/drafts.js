// The desk of drafts by keyboard: A accept, E edit, S skip, U undo, J next; Ctrl+Enter saves.
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
  if (document.querySelector("dialog[open]")) return;
  const form = event.target.closest?.("[data-write]");
  if (form && event.key === "Escape") write(false);
  else if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  else if (!event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat && !event.target.matches("input, textarea, select")) {
    const button = desk().querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]:not(:disabled)`);
    if (!button || desk().querySelector("form[aria-busy]")) return;
    event.preventDefault();
    button.click();
  }
});
