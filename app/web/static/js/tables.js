/* Tables: j and k walk the rows, Enter opens, x ticks, / goes to the search; bulk selection. */
(function () {
  "use strict";

  function rows() {
    return [...document.querySelectorAll("[data-table] [data-row]")];
  }

  function typing(target) {
    return target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
  }

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const now = all.findIndex((row) => row.classList.contains("is-current"));
    const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
    all.forEach((row) => row.classList.toggle("is-current", row === next));
    next.scrollIntoView({ block: "nearest" });
    const target = next.querySelector("[data-row-link]") || next.querySelector("a, input, button");
    if (target) target.focus({ preventScroll: true });
  }

  function tick() {
    const box = document.querySelector("[data-row].is-current [data-check]");
    if (box) box.click();
  }

  const search = () => document.querySelector("[data-search], .ek-top-search input");
  const keys = { j: () => move(1), k: () => move(-1), x: tick };

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "/" && search()) {
      event.preventDefault();
      return search().focus();
    }
    if (keys[event.key] && rows().length) keys[event.key]();
  });

  // --- bulk selection --------------------------------------------------------------------
  function boxes(id) {
    return [...document.querySelectorAll('[data-check="' + id + '"]')];
  }

  function recount(form) {
    // not form.id: a row checkbox named "id" would answer instead
    const id = form.getAttribute("id");
    const all = boxes(id);
    const ticked = all.filter((box) => box.checked).length;
    const everything = form.querySelector("[data-bulk-all]");
    const whole = Boolean(everything && everything.checked);
    const head = document.querySelector('[data-check-all="' + id + '"]');
    if (head) {
      head.checked = ticked > 0 && ticked === all.length;
      head.indeterminate = ticked > 0 && ticked < all.length;
    }
    const lang = document.documentElement.lang;
    const count = whole ? Number(everything.dataset.bulkAll) : ticked;
    form.querySelector("[data-bulk-count]").textContent = count.toLocaleString(lang);
    form.classList.toggle("is-on", whole || ticked > 0);
  }

  function live() {
    document.querySelectorAll("[data-bulk]:not(.is-live)").forEach(function (form) {
      form.classList.add("is-live");
      recount(form);
    });
  }

  document.addEventListener("change", function (event) {
    const head = event.target.closest("[data-check-all]");
    if (head) boxes(head.dataset.checkAll).forEach((box) => (box.checked = head.checked));
    const id = head ? head.dataset.checkAll : event.target.dataset && event.target.dataset.check;
    const form = (id && document.getElementById(id)) || event.target.closest("[data-bulk]");
    if (form) recount(form);
  });

  live();
  document.addEventListener("htmx:load", live);
})();
