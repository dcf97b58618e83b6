/* Review of a claim by keyboard: a goes to the button that accepts, r opens the return form. */
(function () {
  "use strict";

  function typing(target) {
    return target.matches("input:not([type=radio]), textarea, select, [contenteditable]");
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "a") {
      const accept = document.querySelector("[data-accept] [type=submit]");
      if (accept) accept.focus();
    } else if (event.key === "r") {
      const details = document.querySelector("[data-return]");
      if (!details) return;
      event.preventDefault();
      details.open = true;
      const first = details.querySelector("input[type=radio]");
      if (first) first.focus();
    }
  });
})();
