// The grid: any number of rows, of which those in sight are in the page. The address is the state.
import { ask, go } from "./act.js";
import "./cells.js";
import "./choose.js";
import "./columns.js";

const CHUNK = +(document.getElementById("list")?.dataset.page ?? 40), AROUND = 20, TALLEST = 8e6, KEPT = 40;

class Grid {
  constructor(list) {
    this.list = list;
    this.path = list.dataset.path;
    this.query = list.dataset.query;
    this.box = list.querySelector(".grid");
    this.total = null;
    this.chunks = new Map(); // number -> rows, or a promise of them
    if (!this.box) return this.showTotal(0);
    this.table = this.box.querySelector("table");
    this.body = this.box.querySelector("tbody");
    this.height = parseFloat(getComputedStyle(this.box).getPropertyValue("--row")) || 40;
    this.columns = [...this.table.querySelectorAll("col[data-name]")].map((col) => ({ ...col.dataset }));
    const first = [...this.body.rows];
    this.chunks.set(0, first);
    this.total = first.length;
    this.top = 0; // of the window, in pixels of all rows
    this.last = 0; // where the box was scrolled to
    this.widen();
    this.box.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.drawn = "";
    this.draw();
    this.count(first.length);
  }

  widen() {
    const widths = [...this.table.querySelectorAll("col")].map((col) => +col.getAttribute("width"));
    this.table.style.minWidth = `${widths.reduce((a, b) => a + b, 0)}px`;
  }

  async count(known) {
    if (known < CHUNK) return this.showTotal(known);
    const { count } = await ask(`${this.path}/count?${this.query}`);
    if (!this.list.isConnected) return;
    this.showTotal(Math.max(count, known));
    this.drawn = "";
    this.draw();
  }

  showTotal(total) {
    this.total = total;
    this.table?.setAttribute("aria-rowcount", total + 1);
    const place = document.querySelector("[data-total]");
    if (place) place.textContent = total.toLocaleString("en");
  }

  /* Above some height browsers stop counting pixels: then the bar is to scale, and small moves
     are taken as they are. */
  get whole() { return this.total * this.height; }
  get tall() { return Math.min(this.whole, TALLEST); }
  get scale() { return (this.whole - this.box.clientHeight) / Math.max(1, this.tall - this.box.clientHeight); }

  scrolled() {
    const now = this.box.scrollTop, moved = now - this.last;
    this.last = now;
    if (this.isQuiet) this.isQuiet = false;
    else if (this.whole <= TALLEST) this.top = now;
    else if (now <= 0 || now >= this.tall - this.box.clientHeight - 1 || Math.abs(moved) > this.box.clientHeight) this.top = now * this.scale;
    else this.top = Math.min(Math.max(0, this.top + moved), this.whole - this.box.clientHeight);
    this.ask ??= requestAnimationFrame(() => { this.ask = undefined; this.draw(); });
  }

  /** Bring a row into sight. */
  reveal(index) {
    const head = this.table.tHead.offsetHeight, room = this.box.clientHeight - head;
    const at = index * this.height;
    if (at >= this.top && at + this.height <= this.top + room) return;
    this.top = Math.max(0, Math.min(at < this.top ? at : at + this.height - room, this.whole - room));
    this.box.scrollTop = this.top / (this.whole <= TALLEST ? 1 : this.scale);
    this.isQuiet = this.last !== this.box.scrollTop;
    this.last = this.box.scrollTop;
    this.draw();
  }

  /** Put the rows around what is in sight into the page, blank ones until they are there. */
  draw() {
    const shown = Math.ceil(this.box.clientHeight / this.height) + 1;
    const at = Math.floor(this.top / this.height);
    const isScaled = this.whole > TALLEST;
    const first = isScaled ? at : Math.max(0, Math.floor(at / AROUND) * AROUND - AROUND);
    const end = Math.min(this.total, at + shown + AROUND);
    const rows = [];
    let missing = 0;
    for (let index = first; index < end; index++) {
      const row = this.row(index);
      if (!row) missing++;
      rows.push(row ?? this.blank());
      rows.at(-1).setAttribute("aria-rowindex", index + 2);
    }
    const before = isScaled ? Math.max(0, this.box.scrollTop - (this.top - first * this.height)) : first * this.height;
    const after = Math.max(0, this.tall - before - rows.length * this.height);
    const drawn = `${first} ${end} ${missing} ${before} ${after}`;
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.first = first;
    this.body.replaceChildren(...(before ? [this.gap(before)] : []), ...rows, ...(after ? [this.gap(after)] : []));
    this.list.dispatchEvent(new Event("grid:drawn"));
    if (missing) this.load(first, end);
  }

  row(index) {
    const chunk = this.chunks.get(Math.floor(index / CHUNK));
    return Array.isArray(chunk) ? chunk[index % CHUNK] : undefined;
  }

  blank() {
    const row = document.createElement("tr");
    row.className = "blank";
    row.innerHTML = `<td class="pick"></td>${"<td></td>".repeat(this.columns.length)}`;
    return row;
  }

  gap(height) {
    const row = document.createElement("tr");
    row.className = "gap";
    row.setAttribute("aria-hidden", "true");
    row.innerHTML = `<td colspan="${this.columns.length + 1}"></td>`;
    row.firstChild.style.height = `${height}px`;
    return row;
  }

  /** Return the rows of some positions, loaded first where they are not. */
  async take(from, to) {
    const chunks = [];
    for (let n = Math.floor(from / CHUNK); n <= Math.floor(to / CHUNK); n++) chunks.push(await this.chunk(n));
    return chunks.flat().slice(from % CHUNK, (from % CHUNK) + to - from + 1);
  }

  /** Put a new row in the place of one. */
  replace(index, html) {
    const made = document.createElement("template");
    made.innerHTML = html;
    const row = made.content.querySelector("tr"), old = this.row(index);
    if (!row || !old) return;
    this.chunks.get(Math.floor(index / CHUNK))[index % CHUNK] = row;
    row.setAttribute("aria-rowindex", index + 2);
    if (old.isConnected) old.replaceWith(row);
    this.list.dispatchEvent(new Event("grid:drawn"));
  }

  /** Forget the rows out of sight, and load those in sight again; they stay until then. */
  async refresh() {
    const from = Math.floor(this.first / CHUNK), to = Math.floor((this.first + this.body.rows.length) / CHUNK);
    for (const n of [...this.chunks.keys()]) if (n < from || n > to) this.chunks.delete(n);
    const { count } = await ask(`${this.path}/count?${this.query}`);
    if (!this.list.isConnected) return;
    this.showTotal(count);
    for (let n = from; n <= to && n * CHUNK < count; n++) await this.fetch(n);
    this.drawn = "";
    this.draw();
  }

  /** Load what is missing, unless it is scrolled past within a moment. */
  load(first, end) {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => {
      for (let n = Math.floor(first / CHUNK); n <= Math.floor((end - 1) / CHUNK); n++) this.chunk(n);
    }, 30);
  }

  async chunk(n) {
    const have = this.chunks.get(n);
    if (Array.isArray(have) && have.length === Math.min(CHUNK, this.total - n * CHUNK)) return have;
    if (have instanceof Promise) return have;
    return this.fetch(n);
  }

  async fetch(n) {
    const asked = ask(`${this.path}/rows?${this.query}&offset=${n * CHUNK}&limit=${CHUNK}&of=${this.total}`).then((html) => {
      const made = document.createElement("template");
      made.innerHTML = html;
      return [...made.content.querySelectorAll("tr")];
    });
    if (!this.chunks.has(n)) this.chunks.set(n, asked);
    try {
      const rows = await asked;
      this.chunks.delete(n); // the oldest are forgotten first
      this.chunks.set(n, rows);
      if (this.chunks.size > KEPT) this.chunks.delete(this.chunks.keys().next().value);
      this.drawn = "";
      if (this.list.isConnected) this.draw();
      return rows;
    } catch (error) {
      this.chunks.delete(n);
      throw error;
    }
  }
}

let grid;

function start() {
  const list = document.getElementById("list");
  grid = new Grid(list);
  for (const link of document.querySelectorAll("[data-with-state]")) {
    const [path] = link.getAttribute("href").split("?");
    link.setAttribute("href", `${path}?${grid.query}`);
  }
  document.dispatchEvent(new CustomEvent("grid:started", { detail: grid }));
}
document.addEventListener("leadloom:put", (event) => event.target.id === "list" && start());

// What happens elsewhere is shown here too, a little later, unless somebody types.
let late = 0;
document.addEventListener("leadloom:happened", ({ detail }) => {
  const noun = grid?.list.dataset.noun;
  if (!grid?.box || !Object.keys(detail.types).some((type) => type.startsWith(`${noun}.`))) return;
  clearTimeout(late);
  late = setTimeout(() => grid.box.isConnected && !grid.box.querySelector(".typed") && grid.refresh(), 1200);
});
window.addEventListener("resize", () => { if (grid?.box) { grid.drawn = ""; grid.draw(); } });

const search = document.querySelector("[data-search]");
let typed = 0;
search.addEventListener("input", () => {
  clearTimeout(typed);
  typed = setTimeout(() => {
    const query = new URLSearchParams(grid.query), isFirst = !query.has("q");
    query.set("q", search.value.trim());
    go(`${grid.path}?${query}`, "list", { push: isFirst });
  }, 80);
});
search.form.addEventListener("submit", (event) => {
  event.preventDefault();
  grid.table?.focus();
});

start();
