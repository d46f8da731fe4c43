// What a page gains with a script: tables sort and filter in place. Without it the same links and forms work.
"use strict";

const numberOf = (cell) => (cell.dataset.value === undefined ? NaN : Number(cell.dataset.value));
const textOf = (cell) => cell.textContent.trim();

function keyOf(cell) {
  const number = numberOf(cell);
  if (!Number.isNaN(number)) return number;
  const text = textOf(cell);
  return /^-?\d[\d,]*(\.\d+)?$/.test(text) ? Number(text.replaceAll(",", "")) : text.toLowerCase();
}

function compareKeys(one, other) {
  const kinds = [typeof one === "number" ? 0 : 1, typeof other === "number" ? 0 : 1];
  if (kinds[0] !== kinds[1]) return kinds[0] - kinds[1];
  if (kinds[0] === 0) return one - other;
  return one < other ? -1 : Number(one > other);
}

// Only a table that is there as a whole: of a list in parts the server sorts all rows.
function sortTable(table, index) {
  const header = table.tHead.rows[0].cells[index];
  const isDescending = header.getAttribute("aria-sort") === "ascending";
  const rows = [...table.tBodies[0].rows].map((row) => ({ row, key: keyOf(row.cells[index]) }));
  const isEmpty = (each) => each.key === "" || each.key === "–";
  const sorted = rows.filter((each) => !isEmpty(each)).sort((one, other) => compareKeys(one.key, other.key));
  if (isDescending) sorted.reverse();
  table.tBodies[0].append(...[...sorted, ...rows.filter(isEmpty)].map((each) => each.row));
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", isDescending ? "descending" : "ascending");
}

function followSorting(table) {
  [...table.tHead.rows[0].cells].forEach((header, index) => {
    const link = header.querySelector("a.sort");
    if (!link) return;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      sortTable(table, index);
    });
  });
}

function followFilter(form, table) {
  const input = form.querySelector("input[type=search]");
  const count = table.caption.querySelector(".count");
  const rows = [...table.tBodies[0].rows].map((row) => ({ row, text: row.textContent.toLowerCase() }));
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, text } of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      shown += Number(!row.hidden);
    }
    if (count) count.textContent = `${shown.toLocaleString("en-GB")} of ${rows.length.toLocaleString("en-GB")} rows`;
  });
  if (count) count.setAttribute("role", "status");
}

for (const table of document.querySelectorAll("table[data-whole]")) {
  followSorting(table);
  const form = table.parentElement.querySelector("form.find");
  if (form) followFilter(form, table);
}
