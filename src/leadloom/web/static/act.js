// Acting without leaving the page: forms sent in the background, dialogs, toasts with undo.

const token = () => document.querySelector('meta[name="leadloom-token"]').content;

/** Ask the site; return the answer's JSON or text. Says what went wrong in a toast, and throws. */
export async function ask(url, { body, signal } = {}) {
  const headers = { "x-leadloom": "1" };
  if (body) headers["x-leadloom-token"] = token();
  let response;
  try {
    response = await fetch(url, { method: body ? "POST" : "GET", body, headers, signal });
  } catch (error) {
    if (error.name !== "AbortError") toast("Leadloom does not answer: is it still running?", { bad: true });
    throw error;
  }
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  const answer = isJson ? await response.json() : await response.text();
  if (response.ok) return answer;
  if (response.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  const said = answer.error ?? "Something went wrong: try again.";
  toast(said, { bad: true });
  throw Object.assign(new Error(said), { said });
}

/** Do something: post values (an object, FormData or form) and act on what comes back. */
export async function send(url, values) {
  const body = formData(values);
  let answer = await ask(url, { body });
  if (answer.ask && await confirmed(answer.ask, "Keep mine", "Take theirs")) {
    body.delete("at"); // what it says of now
    answer = await ask(url, { body });
  }
  act(answer);
  return answer;
}

export function formData(values) {
  if (values instanceof FormData) return values;
  if (values instanceof HTMLFormElement) return new FormData(values);
  const data = new FormData();
  for (const [name, value] of Object.entries(values))
    for (const one of Array.isArray(value) ? value : [value]) data.append(name, one);
  return data;
}

function act(answer) {
  if (answer.html !== undefined && answer.into) put(answer.into, answer.html);
  // A screen that shows by itself what has changed needs no reload.
  const isShown = !document.dispatchEvent(new CustomEvent("leadloom:done", { detail: answer, cancelable: true }));
  if (answer.go || (answer.go === "" && !isShown)) {
    if (answer.said) keep(answer);
    if (answer.go) location.assign(answer.go);
    else location.reload();
  } else if (answer.said) toast(answer.said, answer);
}

/** Put HTML in the place of the element with an id. */
export function put(id, html) {
  const old = document.getElementById(id);
  if (!old) return;
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  old.outerHTML = html;
  if (focused) document.getElementById(focused)?.focus();
  document.getElementById(id)?.dispatchEvent(new Event("leadloom:put", { bubbles: true }));
}

const keep = ({ said, undo }) => sessionStorage.setItem("toast", JSON.stringify({ said, undo }));

/** Say something at the edge of the page; with `undo`, run ids, it can be taken back. */
export function toast(said, { undo, bad } = {}) {
  const box = document.createElement("div");
  box.className = bad ? "toast bad" : "toast";
  box.setAttribute("role", bad ? "alert" : "status");
  box.append(Object.assign(document.createElement("span"), { textContent: said }));
  const button = (text, action) => {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    made.addEventListener("click", () => { box.remove(); action?.(); });
    box.append(made);
  };
  if (undo?.length) button("Undo", () => takeBack(undo));
  button("Close");
  const all = document.querySelector(".toasts");
  all.append(box);
  while (all.children.length > 4) all.firstChild.remove();
  setTimeout(() => box.remove(), bad || undo?.length ? 15000 : 5000);
}

/** Undo runs, the last first. */
export const takeBack = (runs) => send("/undo", { run: [...runs].reverse() });

/** Show HTML in a dialog, closed by Escape and by [data-close]. */
export function show(html) {
  const box = document.querySelector("dialog#dialog");
  box.innerHTML = html;
  if (!box.open) box.showModal();
  box.querySelector("[autofocus], input, select, textarea, button")?.focus();
  return box;
}

/** Ask a question; true when it is confirmed. */
export function confirmed(text, action = "OK", otherwise = "Cancel") {
  const box = show("<h2></h2><div class=bar><button class=button data-close></button><button class='button main-one' data-yes></button></div>");
  box.querySelector("h2").textContent = text;
  box.querySelector("[data-close]").textContent = otherwise;
  const yes = box.querySelector("[data-yes]");
  yes.textContent = action;
  yes.focus();
  return new Promise((resolve) => {
    box.addEventListener("close", () => resolve(false), { once: true });
    yes.addEventListener("click", () => { resolve(true); box.close(); }, { once: true });
  });
}

async function submit(form, button) {
  if (form.dataset.confirm && !(await confirmed(form.dataset.confirm, form.dataset.action))) return;
  const values = new FormData(form, button);
  if (button) button.disabled = true;
  form.setAttribute("aria-busy", "true");
  try {
    await send(button?.getAttribute("formaction") ?? form.action, values);
    form.closest("dialog")?.close();
  } catch (error) {
    if (!error.said) throw error;
  } finally {
    if (button) button.disabled = false;
    form.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-send]")) return;
  event.preventDefault();
  submit(event.target, event.submitter);
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-dialog]");
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    show(await ask(link.href ?? link.dataset.dialog));
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  for (const open of document.querySelectorAll("details.popover[open]"))
    if (!open.contains(event.target)) open.open = false;
});

const kept = sessionStorage.getItem("toast");
if (kept) {
  sessionStorage.removeItem("toast");
  const { said, undo } = JSON.parse(kept);
  toast(said, { undo });
}
