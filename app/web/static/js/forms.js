/* Forms: sent once, guarded against loss, files checked before they are sent. */
(function () {
  "use strict";

  // --- sent once -------------------------------------------------------------------------
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.getAttribute("method") !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    delete form.dataset.changed;
    if (form.hasAttribute("data-download")) {
      setTimeout(function () {
        delete form.dataset.sent;
      }, 3000);
      return;
    }
    // after the browser has read name and value of the button that was pressed
    setTimeout(function () {
      const id = form.getAttribute("id"); // a field named "id" must not answer instead
      const outside = id ? document.querySelectorAll('[type=submit][form="' + id + '"]') : [];
      [...form.querySelectorAll("[type=submit]"), ...outside].forEach(function (button) {
        button.setAttribute("aria-disabled", "true");
        if (button === event.submitter) button.classList.add("is-busy");
      });
    }, 0);
  });

  // back button: a page kept in memory must be usable again
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-disabled]").forEach(function (button) {
        button.removeAttribute("aria-disabled");
        button.classList.remove("is-busy");
      });
    });
  });

  // --- warn before leaving a changed form ------------------------------------------------
  document.addEventListener("input", function (event) {
    const form = event.target.closest("form[data-guard]");
    if (form) form.dataset.changed = "1";
  });
  window.addEventListener("beforeunload", function (event) {
    if (document.querySelector("form[data-guard][data-changed]")) event.preventDefault();
  });

  // --- filters apply as they are chosen --------------------------------------------------
  document.addEventListener("change", function (event) {
    const form = event.target.closest("form[data-submit-on-change]");
    if (form && event.target.matches("select, [type=checkbox], [type=date]")) form.requestSubmit();
  });

  // --- a number in a button follows the boxes that are ticked ------------------------------
  document.addEventListener("change", function (event) {
    const box = event.target;
    const button = box.form && box.type === "checkbox" && box.form.querySelector("[data-count]");
    if (!button) return;
    const count = [...box.form.elements].filter((field) => field.name === box.name && field.checked);
    const label = [...button.childNodes].find((node) => node.nodeType === 3 && /\d/.test(node.data));
    if (label) label.data = label.data.replace(/\d+/, String(count.length));
    button.disabled = count.length === 0;
  });

  // --- files -----------------------------------------------------------------------------
  function words(size) {
    const lang = document.documentElement.lang;
    const unit = size < 1e6 ? "KB" : "MB";
    const amount = size / (unit === "KB" ? 1e3 : 1e6);
    return amount.toLocaleString(lang, { maximumFractionDigits: amount < 10 ? 1 : 0 }) + " " + unit;
  }

  function complaint(drop, input, file) {
    const types = input.accept.split(",").map((type) => type.trim().toLowerCase()).filter(Boolean);
    const name = file.name.toLowerCase();
    if (types.length && !types.some((type) => name.endsWith(type))) return drop.dataset.wrongType;
    if (file.size > Number(drop.dataset.maxBytes)) return drop.dataset.tooBig;
    return "";
  }

  function show(drop, input) {
    const list = drop.querySelector("[data-drop-list]");
    const wrong = [];
    list.replaceChildren(
      ...[...input.files].map(function (file) {
        const item = document.createElement("li");
        const fault = complaint(drop, input, file);
        const name = document.createElement("span");
        const note = document.createElement("span");
        name.textContent = file.name;
        note.textContent = fault || words(file.size);
        if (fault) wrong.push(fault);
        item.className = fault ? "is-bad" : "";
        item.append(name, note);
        return item;
      })
    );
    input.setCustomValidity(wrong[0] || "");
  }

  function prepare(scope) {
    scope.querySelectorAll("[data-drop]:not(.is-live)").forEach(function (drop) {
      const input = drop.querySelector("input[type=file]");
      drop.classList.add("is-live");
      input.addEventListener("change", () => show(drop, input));
      ["dragenter", "dragover"].forEach((name) => drop.addEventListener(name, () => drop.classList.add("is-over")));
      ["dragleave", "drop"].forEach((name) => drop.addEventListener(name, () => drop.classList.remove("is-over")));
    });
  }
  prepare(document);
  document.addEventListener("htmx:load", (event) => prepare(event.target));
})();
