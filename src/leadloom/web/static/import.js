// Import: files are dropped anywhere on the page, or chosen, and sent at once.
const form = document.querySelector("[data-drop]");
const input = form?.querySelector("input[type=file]");
const says = form?.querySelector("[data-chosen]");
let over = 0;

function begin() {
  const files = [...input.files];
  if (!files.length) return;
  const mb = files.reduce((sum, one) => sum + one.size, 0) / 1e6;
  if (mb > +form.dataset.most) {
    says.textContent = `These are ${Math.ceil(mb)} MB, ${form.dataset.most} MB go at a time: choose fewer, or pack them as zip.`;
    form.reset();
    return;
  }
  says.textContent = `Sending ${files.length === 1 ? files[0].name : `${files.length} files`} …`;
  form.requestSubmit();
}

if (form) {
  input.addEventListener("change", begin);
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (by) => { over += by; form.classList.toggle("over", over > 0); };
  addEventListener("dragenter", (event) => { if (carries(event)) mark(1); });
  addEventListener("dragleave", (event) => { if (carries(event)) mark(-1); });
  addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
  addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    mark(-over);
    input.files = event.dataTransfer.files;
    begin();
  });
}
