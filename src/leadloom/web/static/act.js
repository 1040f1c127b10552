// Acting without leaving the page: forms sent in the background, pieces of pages put in place,
// dialogs, toasts with undo. All of it is asked for by attributes of the pages:
//   form[data-send]       is posted, and what comes back is acted upon
//   form[data-follow=URL] is posted there while one types, after a pause
//   a, form[data-into=ID] loads its address into the place of an element
//   details[data-src=URL] loads its menu when it is opened
//   [data-auto]           sends its form when it has changed

const token = () => document.querySelector('meta[name="leadloom-token"]').content;
const told = (error, said) => Object.assign(error, { said });

/** Ask the site; return the answer's JSON or text. Says what went wrong in a toast, and throws. */
export async function ask(url, { body, signal } = {}) {
  const headers = { "x-leadloom": "1" };
  if (body) headers["x-leadloom-token"] = token();
  const response = await fetch(url, { method: body ? "POST" : "GET", body, headers, signal }).catch((error) => {
    if (error.name === "AbortError") throw error;
    toast("Leadloom does not answer: is it still running?", { bad: true });
    throw told(error, error.message);
  });
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  const answer = isJson ? await response.json() : await response.text();
  if (response.ok) return answer;
  if (response.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  const said = answer.error ?? "Something went wrong: try again.";
  toast(said, { bad: true });
  throw told(new Error(said), said);
}

/** Do something: post values (an object, or a form's) and act on what comes back. */
export async function send(url, values) {
  const body = values instanceof FormData ? values : new URLSearchParams(values);
  let answer = await ask(url, { body });
  if (answer.ask && await confirmed(answer.ask, answer.yes, answer.no)) {
    body.append("agreed", "1");
    answer = await ask(url, { body });
  }
  act(answer);
  return answer;
}

function act(answer) {
  if (answer.html !== undefined && !put(answer.into, answer.html) && answer.dialog) show(answer.html);
  // A screen that shows by itself what has changed needs no reload.
  const isShown = !document.dispatchEvent(new CustomEvent("leadloom:done", { detail: answer, cancelable: true }));
  if (answer.go || (answer.go === "" && !isShown)) {
    const { said, undo } = answer;
    if (said) sessionStorage.setItem("toast", JSON.stringify({ said, undo }));
    if (answer.go) location.assign(answer.go);
    else location.reload();
  } else if (answer.said) toast(answer.said, answer);
}

/** Put HTML in the place of the element with an id, what is open there stays so; whether there is one. */
export function put(id, html) {
  const old = document.getElementById(id);
  if (!old || old.closest("dialog:not([open])")) return false;
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...old.querySelectorAll("details[open][data-src][id]")];
  old.outerHTML = html;
  const place = document.getElementById(id);
  for (const one of open) {
    const again = document.getElementById(one.id);
    again?.querySelector(".menu").replaceWith(one.querySelector(".menu")); // until it is loaded
    if (again) again.open = true;
  }
  if (focused) document.getElementById(focused)?.focus();
  inSight(place);
  place?.dispatchEvent(new Event("leadloom:put", { bubbles: true }));
  return true;
}
const inSight = (place) => place?.querySelector("[data-sight]")?.scrollIntoView({ block: "nearest" });

let going;
/** Load an address of this site into the place of an element, and let it be the page's. */
export async function go(url, into, { push = true } = {}) {
  going?.abort();
  going = new AbortController();
  const html = await ask(url, { signal: going.signal });
  const address = new DOMParser().parseFromString(html, "text/html").getElementById(into)?.dataset.url ?? url;
  history.replaceState({ into }, "");
  history[push ? "pushState" : "replaceState"]({ into }, "", address);
  put(into, html);
}
addEventListener("popstate", ({ state }) => state?.into && go(location.href, state.into, { push: false }));

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
export const takeBack = (runs) => send("/undo", [...runs].reverse().map((run) => ["run", run]));

/** Show HTML in a dialog, closed by Escape and by [data-close]. */
export function show(html) {
  const box = document.querySelector("dialog#dialog");
  box.innerHTML = html;
  if (!box.open) box.showModal();
  box.querySelector("[autofocus], input, select, textarea, button")?.focus();
  return box;
}

/** Ask a question; true when it is confirmed. */
function confirmed(text, action = "OK", otherwise = "Cancel") {
  const box = show("<h2></h2><div class=bar><button class=button data-close></button><button class='button main-one' data-yes></button></div>");
  const [no, yes] = box.querySelectorAll("button");
  box.querySelector("h2").textContent = text;
  no.textContent = otherwise;
  yes.textContent = action;
  yes.focus();
  return new Promise((resolve) => {
    box.addEventListener("close", () => resolve(false), { once: true });
    yes.addEventListener("click", () => { resolve(true); box.close(); }, { once: true });
  });
}

async function submit(form, button) {
  const { confirm, action } = { ...form.dataset, ...button?.dataset };
  if (confirm && !(await confirmed(confirm, action))) return;
  const values = new FormData(form, button);
  if (button) button.disabled = true;
  form.setAttribute("aria-busy", "true");
  try {
    await send(button?.getAttribute("formaction") ?? form.action, values);
    form.closest("dialog")?.close();
  } finally {
    if (button) button.disabled = false;
    form.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target, { send: isSent, into } = form.dataset;
  if (isSent === undefined && !into) return;
  event.preventDefault();
  if (!into) return submit(form, event.submitter);
  form.closest("dialog")?.close();
  go(`${form.action}?${new URLSearchParams(new FormData(form, event.submitter))}`, into);
});

let pause;
function follow(form) {
  clearTimeout(pause);
  pause = setTimeout(() => send(form.dataset.follow, new FormData(form)), 350);
}
document.addEventListener("input", ({ target: { form } }) => form?.dataset.follow && follow(form));
document.addEventListener("leadloom:put", ({ target }) => {
  const form = target.querySelector("[form]")?.form; // what stands elsewhere and belongs to it is new
  if (form?.dataset.follow) follow(form);
});
for (const form of document.querySelectorAll("[data-at-once]")) follow(form);
document.addEventListener("change", ({ target }) => target.matches("[data-auto]") && target.form.requestSubmit());

document.addEventListener("toggle", async ({ target: chip }) => {
  if (!chip.open || !chip.dataset.src) return;
  const menu = chip.querySelector(".menu"), focused = menu.contains(document.activeElement) && document.activeElement.id;
  menu.innerHTML = await ask(chip.dataset.src);
  (document.getElementById(focused) ?? menu.querySelector("input:not([type=hidden]), select, a"))?.focus();
}, true);

document.addEventListener("click", async (event) => {
  const { target } = event, isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
  const link = isPlain && target.closest("[data-dialog], a[data-into]");
  if (link) event.preventDefault();
  if (target.closest("[data-close]")) target.closest("dialog")?.close();
  for (const open of document.querySelectorAll("details.popover[open]"))
    if (!open.contains(target)) open.open = false;
  if (link?.dataset.into) go(link.href, link.dataset.into);
  else if (link) show(await ask(link.href ?? link.dataset.dialog));
});

inSight(document);
const kept = sessionStorage.getItem("toast");
if (kept) {
  sessionStorage.removeItem("toast");
  const { said, undo } = JSON.parse(kept);
  toast(said, { undo });
}
