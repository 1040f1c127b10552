// Settings are saved when they are changed; Undo sends the value from before.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-auto]")) event.target.form.requestSubmit();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-undo]");
  if (!button) return;
  event.preventDefault();
  const field = button.form.querySelector("[data-auto]");
  field.value = field.matches("select") ? button.value.toLowerCase() : button.value;
  button.form.requestSubmit();
});
