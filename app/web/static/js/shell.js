/* Small helpers of the frame; every page also works without them. All are delegated. */
(function () {
  "use strict";

  const root = document.documentElement;

  function remember(theme) {
    try {
      localStorage.setItem("ekarir-theme", theme);
    } catch (refused) {
      return; // storage switched off: the choice holds for this page only
    }
  }

  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (!dialog || typeof dialog.showModal !== "function") return false;
    dialog.showModal();
    return true;
  }

  async function copy(button) {
    const source = button.dataset.copy ? document.querySelector(button.dataset.copy) : null;
    const text = source ? source.value || source.textContent.trim() : button.dataset.copyText;
    await navigator.clipboard.writeText(text || "");
    const label = button.innerHTML;
    button.textContent = button.dataset.copied || "✓";
    setTimeout(function () {
      button.innerHTML = label;
    }, 1500);
  }

  document.addEventListener("click", function (event) {
    const opener = event.target.closest("[data-dialog-open]");
    if (opener && openDialog(opener.dataset.dialogOpen)) return event.preventDefault();

    const closer = event.target.closest("[data-dialog-close]");
    if (closer && closer.closest("dialog").open) {
      event.preventDefault();
      return closer.closest("dialog").close();
    }

    const toggle = event.target.closest("[data-theme-toggle]");
    if (toggle) {
      root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
      return remember(root.dataset.theme);
    }

    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) return dismiss.closest("[data-toast]").remove();

    const copier = event.target.closest("[data-copy], [data-copy-text]");
    if (copier) return void copy(copier);

    if (event.target.closest("[data-print]")) window.print();

    // a click elsewhere closes open menus
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    const menu = event.target.closest("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  document.querySelectorAll("[data-theme-toggle], [data-dismiss]").forEach(function (item) {
    item.hidden = false;
  });
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
})();
