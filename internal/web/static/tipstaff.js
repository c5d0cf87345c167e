// Keys for those who like them. Everything that they do can be done without them, and without this file.
"use strict";

const rows = () => [...document.querySelectorAll(".inbox .case")];

// step moves the focus to the next or the previous case of the list.
function step(by) {
  const all = rows();
  if (all.length === 0) return;
  const at = all.indexOf(document.activeElement.closest(".case"));
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  next.querySelector("a.open").focus();
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  x: () => document.activeElement.closest(".case")?.querySelector("input[type=checkbox]")?.click(),
  "/": () => document.querySelector("input[type=search]")?.focus(),
  "?": () => document.querySelector("#keys")?.showModal(),
};

document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, textarea, select, [contenteditable]")) return;
  const act = keys[e.key];
  if (!act) return;
  e.preventDefault();
  act();
});

// On the board a case may be dragged to another column: that opens the form of the step which leads there, and moves nothing.
let dragged = null;
const leads = (to) => dragged?.querySelector(`a[data-to="${CSS.escape(to)}"]`);

for (const card of document.querySelectorAll(".board .case")) {
  card.draggable = true;
  card.addEventListener("dragstart", () => { dragged = card; });
}
for (const column of document.querySelectorAll(".board section")) {
  column.addEventListener("dragover", (e) => {
    if (!leads(column.dataset.state)) return;
    e.preventDefault();
    column.classList.add("over");
  });
  for (const end of ["dragleave", "drop"]) column.addEventListener(end, () => column.classList.remove("over"));
  column.addEventListener("drop", (e) => {
    e.preventDefault();
    leads(column.dataset.state)?.click();
  });
}

// A policy is checked while it is written: what the server says of it takes the place of what it said before.
const draft = document.querySelector("form[data-check]");
if (draft) {
  const says = document.querySelector("#checking");
  let soon, asking;
  const check = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(draft.dataset.check, { method: "POST", body: new URLSearchParams(new FormData(draft)), signal: asking.signal });
      if (!answer.ok) throw new Error(answer.status);
      document.querySelector("#results").innerHTML = await answer.text();
      says.textContent = document.querySelector("#results [data-says]")?.dataset.says ?? "";
      says.className = "hidden"; // for the eye: the heading below says it
    } catch (e) {
      if (e.name === "AbortError") return;
      says.className = "late";
      says.textContent = "This could not be checked while you write. Use the button: what you wrote is kept.";
    }
  };
  draft.addEventListener("input", (e) => {
    if (e.target.name === "because") return;
    clearTimeout(soon);
    soon = setTimeout(check, 600);
  });
}
