// What a page gains with a script: tables sort and filter in place, charts say the figures under the pointer.
// Without it the same links and forms work, and the table below a chart has its figures.
"use strict";

const textOf = (cell) => cell.textContent.trim();

// As the server orders cells: by the published number, else by the text that files hold.
function keyOf(cell) {
  if (cell.dataset.value !== undefined) return Number(cell.dataset.value);
  return (cell.dataset.text ?? textOf(cell)).toLowerCase();
}

function compareKeys(one, other) {
  const kinds = [typeof one === "number" ? 0 : 1, typeof other === "number" ? 0 : 1];
  if (kinds[0] !== kinds[1]) return kinds[0] - kinds[1];
  if (kinds[0] === 0) return one - other;
  return one < other ? -1 : Number(one > other);
}

// Only a table that is there as a whole: of a list in parts the server sorts all rows.
function sortTable(table, rows, index) {
  const header = table.tHead.rows[0].cells[index];
  const sign = header.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: keyOf(row.cells[index]) }));
  const isEmpty = (each) => each.key === "" || each.key === "–";
  const sorted = keyed.filter((each) => !isEmpty(each));
  sorted.sort((one, other) => sign * compareKeys(one.key, other.key));
  table.tBodies[0].append(...[...sorted, ...keyed.filter(isEmpty)].map((each) => each.row));
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", sign < 0 ? "descending" : "ascending");
}

function followSorting(table) {
  const rows = [...table.tBodies[0].rows];  // equal ones stay in this order, as on the server
  [...table.tHead.rows[0].cells].forEach((header, index) => {
    const link = header.querySelector("a.sort");
    if (!link) return;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      sortTable(table, rows, index);
    });
  });
}

function followFilter(form, table) {
  const input = form.querySelector("input[type=search]");
  const count = table.caption.querySelector(".count");
  const rows = [...table.tBodies[0].rows].map((row) => ({ row, text: row.textContent.toLowerCase() }));
  const status = document.createElement("span");  // read out; a table may not hold it
  status.className = "unseen";
  status.setAttribute("role", "status");
  form.append(status);
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, text } of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      shown += Number(!row.hidden);
    }
    status.textContent = `${shown.toLocaleString("en-GB")} of ${rows.length.toLocaleString("en-GB")} rows`;
    if (count) count.textContent = status.textContent;
  });
}

// The points of a chart lie side by side, one for each of the first rows of its table.
function followChart(drawing) {
  const figure = drawing.closest("figure");
  const [first, last] = [Number(drawing.dataset.first), Number(drawing.dataset.last)];
  const headers = [...figure.querySelectorAll("thead th")].map(textOf);
  const texts = [...figure.querySelectorAll("tbody tr")].slice(0, Number(drawing.dataset.count)).map((row) => {
    const [period, ...cells] = [...row.cells].map(textOf);
    const figures = cells.map((cell, index) => cell && `${headers[index + 1]} ${cell}`).filter(Boolean);
    return `${period}: ${figures.join("; ")}`;
  });
  const line = document.createElement("span");
  line.className = "at-point";
  line.hidden = true;
  drawing.append(line);
  const steps = document.createElement("input");
  Object.assign(steps, { type: "range", min: 0, max: texts.length - 1, value: texts.length - 1, className: "steps" });
  steps.setAttribute("aria-label", `Quarters of: ${textOf(figure.querySelector("figcaption"))}`);
  const readout = document.createElement("p");
  readout.className = "readout";
  drawing.after(steps, readout);

  const width = () => drawing.querySelector("svg").getBoundingClientRect().width;
  const show = (index, isAtPoint) => {
    steps.value = index;
    steps.setAttribute("aria-valuetext", texts[index]);
    readout.textContent = texts[index];
    line.hidden = !isAtPoint;
    line.style.left = `${(first + ((last - first) * index) / Math.max(texts.length - 1, 1)) * width()}px`;
  };
  const nearest = (event) => {
    const share = (event.clientX - drawing.getBoundingClientRect().left) / width();
    const index = Math.round(((share - first) / (last - first)) * (texts.length - 1));
    return Math.min(Math.max(index, 0), texts.length - 1);
  };
  drawing.addEventListener("pointermove", (event) => show(nearest(event), true));
  drawing.addEventListener("pointerleave", () => { line.hidden = true; });
  steps.addEventListener("input", () => show(Number(steps.value), true));
  steps.addEventListener("focus", () => show(Number(steps.value), true));
  steps.addEventListener("blur", () => { line.hidden = true; });
  show(texts.length - 1, false);
}

for (const drawing of document.querySelectorAll(".drawing[data-count]")) followChart(drawing);

for (const table of document.querySelectorAll("table[data-whole]")) {
  followSorting(table);
  const form = table.parentElement.querySelector("form.find");
  if (form) followFilter(form, table);
}
