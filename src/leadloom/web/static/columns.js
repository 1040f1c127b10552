// Columns of a grid: in what order, how wide.
import { go } from "./act.js";

let grid;
document.addEventListener("grid:started", ({ detail }) => {
  grid = detail;
  grid.table?.tHead.addEventListener("pointerdown", grip);
});

function grip(event) {
  const name = event.target.dataset?.grip;
  if (!name) return;
  event.preventDefault();
  const col = grid.table.querySelector(`col[data-name="${CSS.escape(name)}"]`);
  const width = +col.getAttribute("width"), from = event.clientX;
  const move = (now) => {
    col.setAttribute("width", Math.round(Math.min(900, Math.max(50, width + now.clientX - from))));
    grid.widen();
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", () => {
    removeEventListener("pointermove", move);
    const cols = [...grid.table.querySelectorAll("col[data-name]")];
    const query = new URLSearchParams(grid.query);
    query.set("c", cols.map((one) => `${one.dataset.name}:${one.getAttribute("width")}`));
    go(`${grid.path}?${query}`, "list");
  }, { once: true });
}

document.addEventListener("click", ({ target }) => {
  const item = target.closest("[data-up]")?.closest("li");
  if (item?.previousElementSibling) item.previousElementSibling.before(item);
  target.closest("[data-up]")?.focus();
});
let dragged;
document.addEventListener("dragstart", ({ target }) => { dragged = target.closest?.(".column-list li"); });
document.addEventListener("dragover", (event) => {
  const over = event.target.closest?.(".column-list li");
  if (!dragged || !over) return;
  event.preventDefault();
  const { top, height } = over.getBoundingClientRect();
  over[event.clientY < top + height / 2 ? "before" : "after"](dragged);
});
