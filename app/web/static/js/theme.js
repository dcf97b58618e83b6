/* Runs before the first paint: the theme chosen on this device, else that of the system. */
(function () {
  "use strict";
  let chosen = null;
  try {
    chosen = localStorage.getItem("ekarir-theme");
  } catch (refused) {
    chosen = null; // storage switched off: the page stays light
  }
  if (chosen === "dark" || chosen === "light") {
    document.documentElement.dataset.theme = chosen;
  }
})();
