/* The attendance grid by keys: P or H present, I permitted, S ill, A absent, Delete clears;
   arrows walk; a column of scores can be pasted from a spreadsheet. */
(function () {
  "use strict";

  const grid = document.querySelector("[data-attendance]");
  if (!grid) return;
  const keys = { p: "present", h: "present", i: "permitted", s: "ill", a: "absent" };
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  function paint(cell) {
    if (!cell.matches("select")) return;
    cell.classList.remove("is-present", "is-permitted", "is-ill", "is-absent");
    if (cell.value) cell.classList.add("is-" + cell.value);
  }

  function cells(row) {
    return [...row.querySelectorAll("[data-cell]")];
  }

  function go(cell, down, right) {
    const rows = [...grid.querySelectorAll("tbody tr")];
    const row = rows.indexOf(cell.closest("tr"));
    const place = cells(rows[row]).indexOf(cell);
    const target = cells(rows[Math.min(Math.max(row + down, 0), rows.length - 1)])[place + right];
    if (target) target.focus();
  }

  // Every change of the page until it is saved; a fill or a paste is one step.
  const done = [];
  let step = null;
  const undoButton = document.querySelector("[data-undo]");
  const last = new Map();
  grid.querySelectorAll("[data-cell]").forEach((cell) => last.set(cell, cell.value));

  function note(cell) {
    if (last.get(cell) === cell.value) return;
    const entry = [cell, last.get(cell)];
    if (step) step.push(entry);
    else done.push([entry]);
    last.set(cell, cell.value);
    if (undoButton) undoButton.disabled = false;
  }

  function together(work) {
    step = [];
    work();
    if (step.length) done.push(step);
    step = null;
  }

  function undo() {
    const entries = done.pop();
    if (!entries) return;
    entries.reverse().forEach(function ([cell, value]) {
      cell.value = value;
      last.set(cell, value);
      paint(cell);
    });
    entries[0][0].focus();
    if (undoButton) undoButton.disabled = done.length === 0;
  }

  function set(cell, value) {
    if (cell.disabled || cell.value === value) return;
    cell.value = value;
    note(cell);
    cell.dispatchEvent(new Event("input", { bubbles: true }));
    paint(cell);
  }

  grid.addEventListener("keydown", function (event) {
    const cell = event.target.closest("[data-cell]");
    if (cell && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && done.length) {
      event.preventDefault();
      return undo();
    }
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in steps && (cell.matches("select") || event.key.length > 9 || event.key === "ArrowUp")) {
      event.preventDefault();
      return go(cell, ...steps[event.key]);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      return go(cell, 1, 0);
    }
    if (!cell.matches("select")) return;
    const value = keys[event.key.toLowerCase()];
    if (value === undefined && event.key !== "Delete" && event.key !== "Backspace") return;
    event.preventDefault();
    set(cell, value || "");
    if (value) go(cell, 1, 0);
  });

  grid.addEventListener("change", function (event) {
    if (!event.target.matches("[data-cell]")) return;
    paint(event.target);
    note(event.target);
  });
  if (undoButton) {
    undoButton.hidden = false;
    undoButton.addEventListener("click", undo);
  }

  grid.addEventListener("click", function (event) {
    const button = event.target.closest("[data-fill]");
    if (!button) return;
    together(function () {
      grid.querySelectorAll('[data-meeting="' + button.dataset.fill + '"]').forEach(function (cell) {
        if (!cell.value) set(cell, "present");
      });
    });
  });

  // A column copied from a spreadsheet fills the cells below the one it is pasted into.
  grid.addEventListener("paste", function (event) {
    const cell = event.target.closest("input[data-cell]");
    const lines = event.clipboardData.getData("text").replace(/\r/g, "").replace(/\n$/, "").split("\n");
    if (!cell || lines.length < 2) return;
    event.preventDefault();
    const all = [...grid.querySelectorAll("input[data-cell]")];
    const first = all.indexOf(cell);
    together(function () {
      lines.forEach(function (line, place) {
        const target = all[first + place];
        if (target) set(target, line.split("\t").pop().trim());
      });
    });
  });

  grid.querySelectorAll("select[data-cell]").forEach(paint);
  grid.querySelectorAll("[data-fill]").forEach((button) => (button.hidden = false));
})();
