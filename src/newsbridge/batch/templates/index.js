"use strict";
const body = document.querySelector("tbody"), heads = [...document.querySelectorAll("th")];
const words = document.getElementById("words"), doubtful = document.getElementById("doubtful"), shown = document.getElementById("shown");
const rows = [...body.rows].map(row => ({
  row,
  keys: [...row.cells].map((cell, i) => i === 1 ? cell.textContent.toLocaleLowerCase() : Number(cell.textContent)),
}));
for (const each of rows) each.text = each.keys[1].normalize("NFC");
function find() {
  const wanted = words.value.toLocaleLowerCase().normalize("NFC").split(/\s+/).filter(Boolean);
  let count = 0;
  for (const { row, keys, text } of rows) {
    const fits = wanted.every(word => text.includes(word)) && (!doubtful.checked || keys[4] + keys[5] + keys[6] > 0);
    row.hidden = !fits;
    count += fits;
  }
  shown.value = count === rows.length ? "" : `${count} of ${rows.length}`;
}
heads.forEach((head, column) => head.firstElementChild.addEventListener("click", () => {
  const old = head.getAttribute("aria-sort");
  const down = old ? old === "ascending" : column > 1;
  for (const each of heads) each.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const sign = down ? -1 : 1;
  rows.sort((a, b) => {
    const [x, y] = [a.keys[column], b.keys[column]];
    return sign * (column === 1 ? x.localeCompare(y) : x - y) || a.keys[0] - b.keys[0];
  });
  body.append(...rows.map(each => each.row));
}));
words.addEventListener("input", find);
doubtful.addEventListener("change", find);
find();
