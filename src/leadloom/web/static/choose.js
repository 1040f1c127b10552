// Choosing rows of a grid, and what to do with those that were chosen.
import { ask, show } from "./act.js";

let grid, all, ids, last; // `ids` are chosen; when `all` are, they are those left out

document.addEventListener("grid:started", ({ detail }) => {
  const isSame = grid?.list.dataset.query === detail.list.dataset.query;
  grid = detail;
  if (!isSame) clear();
  if (!grid.box) return draw();
  grid.list.addEventListener("grid:drawn", draw);
  grid.list.addEventListener("grid:choose", ({ detail: { row, extend } }) => toggle(row, extend));
  grid.list.addEventListener("grid:all", () => { all = true; ids.clear(); draw(); });
  grid.list.addEventListener("grid:escape", () => { clear(); draw(); });
  grid.table.addEventListener("click", (event) => {
    const box = event.target.closest("td.pick")?.querySelector("input") ?? null;
    if (!box) return;
    if ("all" in box.dataset) {
      all = number() === 0;
      ids.clear();
    } else return toggle(+box.closest("tr").getAttribute("aria-rowindex") - 2, event.shiftKey);
    draw();
  });
  draw();
});

function clear() {
  all = false;
  ids = new Set();
  last = null;
}
const number = () => (all ? grid.total - ids.size : ids.size);
const isChosen = (id) => ids.has(id) !== all;

async function toggle(index, extend) {
  const rows = await grid.take(extend && last !== null ? Math.min(last, index) : index, extend && last !== null ? Math.max(last, index) : index);
  const wanted = extend && last !== null ? true : !isChosen(grid.row(index).dataset.id);
  for (const { dataset: { id } } of rows) if (isChosen(id) !== wanted) ids.has(id) ? ids.delete(id) : ids.add(id);
  last = index;
  draw();
}

function draw() {
  for (const row of grid.body?.rows ?? []) {
    if (!row.dataset.id) continue;
    const chosen = isChosen(row.dataset.id);
    row.setAttribute("aria-selected", chosen);
    row.cells[0].firstElementChild.checked = chosen;
  }
  const head = grid.list.querySelector("[data-all]"), count = number();
  if (head) {
    head.checked = count > 0 && count === grid.total;
    head.indeterminate = count > 0 && count < grid.total;
  }
  const bar = grid.list.querySelector(".chosen-bar");
  if (!bar) return;
  bar.hidden = count === 0;
  bar.querySelector("[data-number]").textContent = `${count.toLocaleString("en")} chosen`;
  const rest = bar.querySelector("[data-rest]");
  rest.hidden = all || count === grid.total;
  rest.textContent = `Choose all ${grid.total.toLocaleString("en")}`;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest(".chosen-bar button");
  if (!button) return;
  if ("rest" in button.dataset) { all = true; ids.clear(); }
  else if ("none" in button.dataset) clear();
  else {
    const chosen = JSON.stringify(all ? { list: grid.query, besides: [...ids] } : { ids: [...ids] });
    const answer = await ask(`${grid.path}/bulk/${button.dataset.bulk}`, { body: new URLSearchParams({ chosen }) });
    show(answer.html ?? answer);
  }
  draw();
});
document.addEventListener("leadloom:done", (event) => {
  if (!event.detail.changed || !grid?.box) return;
  event.preventDefault();
  grid.refresh();
});
document.addEventListener("submit", ({ target }) => {
  if (target.id === "bulk" && !target.matches("[data-send]")) setTimeout(() => target.closest("dialog")?.close());
});
