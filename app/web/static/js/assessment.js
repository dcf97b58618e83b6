/* A rater's form keeps itself: a moment after a change the draft is sent, one at a time. */
(function () {
  "use strict";

  const form = document.querySelector("form[data-autosave]");
  if (!form || !window.fetch) return;
  const note = form.querySelector("[data-autosave-note]");
  let timer = 0;
  let running = false;
  let again = false;

  function marks() {
    document.querySelectorAll("[data-for]").forEach(function (item) {
      const chosen = form.querySelector('input[name="' + item.dataset.for + '"]:checked');
      item.dataset.answered = chosen ? "1" : "0";
    });
  }

  function save() {
    if (form.dataset.sent) return;
    if (running) {
      again = true;
      return;
    }
    running = true;
    fetch(form.dataset.autosave, {
      method: "POST",
      body: new FormData(form),
      credentials: "same-origin",
      headers: { Accept: "application/json" },
    })
      .then(function (answer) {
        if (!answer.ok && answer.status !== 409) throw new Error(String(answer.status));
        return answer.json();
      })
      .then(function (found) {
        if (found.version) form.elements.version.value = found.version;
        note.textContent = found.message;
        note.classList.toggle("ek-danger-text", !found.version);
        if (!found.version) again = false;
      })
      .catch(function () {
        note.classList.add("ek-danger-text");
        note.textContent = note.dataset.failed || note.textContent;
      })
      .finally(function () {
        running = false;
        if (again) {
          again = false;
          save();
        }
      });
  }

  form.addEventListener("input", function () {
    marks();
    clearTimeout(timer);
    timer = setTimeout(save, 900);
  });
  // a submit must carry the version of the last draft: stop what is planned
  form.addEventListener("submit", function () {
    clearTimeout(timer);
  });
  marks();
})();
