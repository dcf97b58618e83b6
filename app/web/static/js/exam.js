/* Taking a test: one question a screen, each answer sent by itself and kept until the server has
   it, the remaining time as the server counts it. Without this script the page is a plain list. */
(function () {
  "use strict";

  const exam = document.querySelector("[data-exam]");
  if (!exam) return;
  const words = exam.dataset;
  const key = "ekarir-exam-" + words.exam;
  const items = [...exam.querySelectorAll("[data-question]")];
  const find = (name) => exam.querySelector("[data-" + name + "]");
  let stamp = Number(words.stamp);
  let now = 0;
  let sending = false;
  let leaving = false;
  let pending = read();

  // --- what the server does not have yet ---------------------------------------------------
  function read() {
    try {
      return JSON.parse(localStorage.getItem(key)) || {};
    } catch (error) {
      return {}; // storage is closed to us: answers are then kept in memory alone
    }
  }

  function keep() {
    try {
      if (Object.keys(pending).length) localStorage.setItem(key, JSON.stringify(pending));
      else localStorage.removeItem(key);
    } catch (error) {
      console.warn("answers are kept in memory alone", error.name);
    }
  }

  function values(form) {
    return [...form.elements]
      .filter((field) => field.name === "jawaban" && (field.type === "text" || field.checked))
      .map((field) => field.value);
  }

  function put(form, given) {
    [...form.elements].forEach(function (field) {
      if (field.name !== "jawaban") return;
      if (field.type === "text") field.value = given[0] || "";
      else field.checked = given.includes(field.value);
    });
  }

  function note(form) {
    stamp += 1;
    pending[form.getAttribute("action")] = { given: values(form), stamp: stamp };
    keep();
    count();
    send();
  }

  function say(text, waiting) {
    find("saved").classList.toggle("is-waiting", Boolean(waiting));
    find("saved-words").textContent = text;
  }

  async function send() {
    if (sending) return;
    sending = true;
    while (Object.keys(pending).length) {
      const address = Object.keys(pending)[0];
      const entry = pending[address];
      const body = new FormData();
      body.set("csrf_token", exam.querySelector("[name=csrf_token]").value);
      body.set("stempel", entry.stamp);
      entry.given.forEach((value) => body.append("jawaban", value));
      say(words.wordSaving);
      let answer;
      try {
        answer = await fetch(address, { method: "POST", body: body, headers: { Accept: "application/json" } });
      } catch (error) {
        return later();
      }
      if (answer.status >= 500 || answer.status === 429) return later();
      const isJson = (answer.headers.get("Content-Type") || "").includes("json");
      if (!isJson) {
        leaving = true; // signed out or a stale page: the server explains, the answer is kept here
        return location.reload();
      }
      const told = await answer.json();
      if (pending[address] === entry) delete pending[address];
      keep();
      if (told.over) {
        pending = {};
        keep();
        return location.replace(words.result);
      }
      if (answer.ok) say(words.wordSaved + " " + told.saved_at);
      else say(told.message, true);
    }
    sending = false;
    exam.dispatchEvent(new Event("settled"));
  }

  function later() {
    sending = false;
    say(words.wordWaiting + " " + Object.keys(pending).length, true);
    setTimeout(send, 4000);
  }

  window.addEventListener("online", send);
  window.addEventListener("beforeunload", function (event) {
    if (Object.keys(pending).length && !leaving) event.preventDefault();
  });

  // --- answering ---------------------------------------------------------------------------
  let typing;
  let typed; // the form whose text has not been noted yet

  function noteTyped() {
    clearTimeout(typing);
    if (typed) note(typed);
    typed = undefined;
  }

  items.forEach(function (item, place) {
    const form = item.querySelector("form");
    form.addEventListener("change", function () {
      typed = form;
      noteTyped();
    });
    form.addEventListener("input", function (event) {
      if (event.target.type !== "text") return;
      clearTimeout(typing);
      typed = form;
      typing = setTimeout(noteTyped, 900);
    });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      show(Math.min(place + 1, items.length - 1));
    });
    const waiting = pending[form.getAttribute("action")];
    if (waiting) {
      put(form, waiting.given);
      stamp = Math.max(stamp, waiting.stamp);
    }
  });

  function isDone(item) {
    return values(item.querySelector("form")).some((value) => value.trim());
  }

  function count() {
    const done = items.map(isDone);
    const total = done.filter(Boolean).length;
    find("progress").value = total;
    find("answered").textContent = total;
    exam.querySelectorAll("[data-go]").forEach(function (link) {
      link.classList.toggle("is-done", done[Number(link.dataset.go)]);
    });
    find("left-words").textContent = find("left-words").textContent.replace(/^\d+/, total);
  }

  // --- one question a screen ---------------------------------------------------------------
  function show(place, focus = true) {
    now = place;
    items.forEach((item, number) => item.classList.toggle("is-now", number === place));
    find("back").disabled = place === 0;
    find("next").disabled = place === items.length - 1;
    exam.querySelectorAll("[data-go]").forEach(function (link) {
      if (Number(link.dataset.go) === place) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    });
    if (!focus) return;
    history.replaceState(null, "", "#soal-" + (place + 1));
    window.scrollTo(0, 0);
    const field = items[place].querySelector("[name=jawaban]:checked, [name=jawaban]");
    if (field) field.focus({ preventScroll: true });
  }

  find("back").addEventListener("click", () => show(Math.max(now - 1, 0)));
  find("next").addEventListener("click", () => show(Math.min(now + 1, items.length - 1)));
  exam.addEventListener("click", function (event) {
    const link = event.target.closest("[data-go]");
    if (!link) return;
    event.preventDefault();
    show(Number(link.dataset.go));
  });

  // --- handing in waits for what is under way ----------------------------------------------
  const end = find("hand-in");
  end.addEventListener("submit", function (event) {
    if (!Object.keys(pending).length && !sending) return;
    event.preventDefault();
    say(words.wordHold, true);
    exam.addEventListener("settled", () => end.requestSubmit(), { once: true });
    send();
  });

  // --- time: what the server said was left, counted by a clock that nobody can set ----------
  if (words.left !== undefined) {
    const started = performance.now();
    const told = new Set();
    const box = find("clock-box");
    const tick = function () {
      const left = Math.max(0, Number(words.left) - Math.floor((performance.now() - started) / 1000));
      const text = Math.floor(left / 60) + "." + String(left % 60).padStart(2, "0");
      find("clock").textContent = text;
      box.classList.toggle("is-ending", left <= 300);
      [300, 60].forEach(function (mark) {
        if (left <= mark && left > mark - 5 && !told.has(mark)) {
          told.add(mark);
          find("say").textContent = words.wordEnding + " " + text;
        }
      });
      if (left <= 2) noteTyped(); // the last words still reach the server in time
      if (left > 0) return setTimeout(tick, 500);
      pending = {};
      keep();
      location.replace(words.result);
    };
    tick();
  }

  exam.classList.add("is-live");
  find("saved").hidden = false;
  find("nav").hidden = false;
  const wanted = Number((location.hash.match(/^#soal-(\d+)$/) || [])[1]) - 1;
  const open = items.findIndex((item) => !isDone(item));
  show(wanted >= 0 && wanted < items.length ? wanted : Math.max(open, 0), false);
  count();
  send();
})();
