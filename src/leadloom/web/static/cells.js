// Cells of a grid: the keyboard, ranges, typing, copying and pasting. Positions count all rows.
import { ask, send, takeBack, toast } from "./act.js";

let grid, at, from; // the cell one is in, and where the range began: {row, col}
const done = []; // runs of what was typed, for Ctrl+Z

document.addEventListener("grid:started", ({ detail }) => {
  grid = detail;
  at = from = null;
  if (!grid.box) return;
  grid.list.addEventListener("grid:drawn", paint);
  grid.table.addEventListener("keydown", pressed);
  grid.table.addEventListener("pointerdown", pointed);
  grid.table.addEventListener("dblclick", (event) => cellOf(event.target) && type());
  grid.table.addEventListener("copy", copied);
  grid.table.addEventListener("paste", pasted);
  grid.table.addEventListener("focus", () => { if (!at) move(0, 0); });
});

const clamp = (value, most) => Math.max(0, Math.min(value, most));
const cell = ({ row, col }) => grid.row(row)?.cells[col + 1];
const range = () => ({
  top: Math.min(at.row, from.row), bottom: Math.max(at.row, from.row),
  left: Math.min(at.col, from.col), right: Math.max(at.col, from.col),
});

function cellOf(target) {
  const td = target.closest("tbody td");
  const row = td?.parentElement;
  if (!row?.dataset.id || td.cellIndex < 1) return null;
  return { row: +row.getAttribute("aria-rowindex") - 2, col: td.cellIndex - 1 };
}

function move(row, col, { extend = false, quiet = false } = {}) {
  at = { row: clamp(row, grid.total - 1), col: clamp(col, grid.columns.length - 1) };
  if (!extend || !from) from = at;
  if (!quiet) grid.reveal(at.row);
  paint();
  if (!quiet) cell(at)?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function paint() {
  for (const td of grid.body.querySelectorAll(".at, .in")) td.classList.remove("at", "in");
  document.getElementById("cell-at")?.removeAttribute("id");
  if (!at) return;
  const { top, bottom, left, right } = range();
  if (top !== bottom || left !== right)
    for (let row = Math.max(top, grid.first); row <= Math.min(bottom, grid.first + 200); row++)
      for (let col = left; col <= right; col++) cell({ row, col })?.classList.add("in");
  const here = cell(at);
  if (!here?.isConnected) return;
  here.classList.add("at");
  here.id = "cell-at";
  grid.table.setAttribute("aria-activedescendant", "cell-at");
}

function pointed(event) {
  const place = cellOf(event.target);
  if (!place || event.button || event.target.closest("input, select, .typed")) return;
  if (event.target.closest("a") && !event.shiftKey) return;
  move(place.row, place.col, { extend: event.shiftKey, quiet: true });
  const drag = (now) => {
    const over = cellOf(document.elementFromPoint(now.clientX, now.clientY) ?? grid.table);
    if (over && (over.row !== at.row || over.col !== at.col)) move(over.row, over.col, { extend: true, quiet: true });
  };
  if (event.pointerType === "mouse") {
    event.preventDefault();
    grid.table.focus({ preventScroll: true });
    addEventListener("pointermove", drag);
    addEventListener("pointerup", () => removeEventListener("pointermove", drag), { once: true });
  }
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function pressed(event) {
  if (event.target !== grid.table || event.altKey || !at) return;
  const held = event.ctrlKey || event.metaKey, extend = event.shiftKey;
  const page = Math.max(1, Math.floor(grid.box.clientHeight / grid.height) - 2);
  const last = grid.total - 1, edge = grid.columns.length - 1;
  const step = STEPS[event.key];
  if (step) {
    const [down, right] = step;
    move(held && down ? (down > 0 ? last : 0) : at.row + down, held && right ? (right > 0 ? edge : 0) : at.col + right, { extend });
  } else if (event.key === "PageDown") move(at.row + page, at.col, { extend });
  else if (event.key === "PageUp") move(at.row - page, at.col, { extend });
  else if (event.key === "Home") move(held ? 0 : at.row, 0, { extend });
  else if (event.key === "End") move(held ? last : at.row, edge, { extend });
  else if (event.key === "Enter") openOrType();
  else if (event.key === "F2") type();
  else if (event.key === " ") choose(extend);
  else if (event.key === "Escape") { from = at; paint(); grid.list.dispatchEvent(new Event("grid:escape")); }
  else if (event.key === "Delete" || event.key === "Backspace") write("");
  else if (held && event.key === "z") { if (done.length) takeBack(done.pop()); }
  else if (held && event.key === "a") grid.list.dispatchEvent(new Event("grid:all"));
  else if (!held && event.key.length === 1 && event.key !== "/" ) type(event.key);
  else return;
  event.preventDefault();
}

const choose = (extend) => grid.list.dispatchEvent(new CustomEvent("grid:choose", { detail: { row: at.row, extend } }));

function openOrType() {
  const link = cell(at)?.querySelector("a[href]");
  if (link) link.click();
  else type();
}

function typing(column, value) {
  const choices = column.edit === "flag" ? ["yes", "no"] : column.choices?.split(",");
  const box = document.createElement(choices ? "select" : "input");
  for (const one of choices ?? []) box.add(new Option(one.replaceAll("_", " "), one));
  box.className = "typed";
  box.setAttribute("aria-label", column.name.replaceAll("_", " "));
  box.value = value;
  return box;
}

function valueOf(td) {
  return td.dataset.v ?? (td.querySelector(".cut") ?? td).textContent.trim();
}

/** Type in the present cell; `start` takes the place of what is there. */
function type(start) {
  const column = grid.columns[at.col], td = cell(at), place = at;
  if (!td || column.edit === "none") return;
  if (column.edit === "long") return location.assign(`${grid.path}/${td.parentElement.dataset.id}`);
  const before = valueOf(td);
  const box = typing(column, start !== undefined && !column.choices ? start : before);
  td.append(box);
  box.focus();
  if (start === undefined) box.select?.();
  let isOver = false;
  const end = async (keep, [down, right] = [0, 0]) => {
    if (isOver) return;
    isOver = true;
    const value = box.value.trim();
    box.remove();
    grid.table.focus({ preventScroll: true });
    if (down || right) move(place.row + down, place.col + right);
    if (keep && value !== before) await save(place, td, column.name, value, before);
  };
  box.addEventListener("blur", () => end(true));
  if (box.tagName === "SELECT") box.addEventListener("change", () => end(true));
  box.addEventListener("keydown", (event) => {
    const ends = { Enter: [true, [event.shiftKey ? -1 : 1, 0]], Tab: [true, [0, event.shiftKey ? -1 : 1]], Escape: [false] }[event.key];
    event.stopPropagation();
    if (!ends) return;
    event.preventDefault();
    end(...ends);
  });
}

async function save(place, td, field, value, was) {
  const row = td.parentElement;
  const shown = td.innerHTML;
  td.textContent = value;
  try {
    const answer = await send(`${grid.path}/${row.dataset.id}/cell?${grid.query}`, { field, value, was, at: row.dataset.at });
    if (answer.undo) done.push(answer.undo);
    grid.replace(place.row, answer.row);
  } catch (error) {
    td.innerHTML = shown;
    if (!error.said) throw error;
  }
}

/** Write text, cells as spreadsheets copy them, from the top left of the range on; one fills it. */
async function write(text) {
  const { top, left, bottom, right } = range(), high = bottom - top + 1;
  const last = top + Math.max(high, text.split("\n").length) - 1;
  const rows = await grid.take(top, Math.min(last, grid.total - 1));
  const answer = await send(`${grid.path}/cells`, [
    ["text", text], ["high", high], ["wide", right - left + 1],
    ...rows.map((row) => ["row", row.dataset.id]),
    ...grid.columns.slice(left).map((column) => ["column", column.name]),
  ]);
  if (answer.undo) done.push(answer.undo);
  grid.table.focus();
}

async function copied(event) {
  if (event.target.matches("input, textarea")) return;
  const { top, bottom, left, right } = range();
  event.preventDefault();
  if (!navigator.clipboard) return event.clipboardData.setData("text/plain", valueOf(cell(at)));
  const names = grid.columns.slice(left, right + 1).map((one) => one.name);
  const text = await ask(`${grid.path}/text?${grid.query}&offset=${top}&limit=${bottom - top + 1}&columns=${encodeURIComponent(names)}`);
  await navigator.clipboard.writeText(text.replace(/\n$/, ""));
  toast(top === bottom && left === right ? "Copied." : `Copied ${bottom - top + 1} × ${right - left + 1} cells.`);
}

function pasted(event) {
  if (event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  const text = event.clipboardData.getData("text/plain");
  if (text && at) write(text);
}
