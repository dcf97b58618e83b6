/* Words and answer of the offline check; the reading of seals is in offline-verify.js. */
(function () {
  "use strict";

  const form = document.querySelector("[data-offline]");
  const place = document.querySelector("[data-offline-answer]");
  const data = JSON.parse(document.getElementById("data-luring").textContent);
  const tones = { valid: "success", expired: "warning", revoked: "danger", replaced: "warning" };
  const order = ["holder", "title", "predicate", "role", "jp", "startsOn", "endsOn", "number", "issuedOn", "validUntil", "printedUntil", "code"];

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  const lang = document.documentElement.lang || "id";

  function longDay(moment) {
    return moment.toLocaleDateString(lang, { day: "numeric", month: "long", year: "numeric" });
  }

  function lastDay(value) {
    return value ? longDay(new Date(value + "T12:00:00Z")) : data.words.forever;
  }

  function shown(name, value) {
    if (/On$|Until$/.test(name)) return lastDay(value);
    if (name === "jp") return Number(value).toLocaleString(lang) + " JP";
    return name === "role" ? data.roles[value] || value : String(value);
  }

  /* A sentence with {names} filled in. */
  function filled(text, values) {
    return text.replace(/\{(\w+)\}/g, function (whole, name) {
      return name in values ? String(values[name]) : whole;
    });
  }

  function fields(answer) {
    const list = element("dl", "", "ek-summary");
    const values = Object.assign({}, answer.fields, { validUntil: answer.validUntil });
    if (answer.changed) values.printedUntil = answer.fields.validUntil;
    order.forEach(function (name) {
      if (!(name in values)) return;
      const value = values[name];
      if ((value === null || value === "") && !/Until$/.test(name)) return;
      const row = element("div");
      row.append(element("dt", data.words[name]), element("dd", shown(name, value)));
      list.append(row);
    });
    return list;
  }

  /* What happened after the certificate was printed, one sentence each. */
  function laterChanges(answer) {
    const said = [];
    if (answer.since && answer.state !== "expired") {
      said.push(filled(data.words.since, { day: lastDay(answer.since) }));
    }
    if (answer.replacedBy) said.push(filled(data.words.replaced_by, { number: answer.replacedBy }));
    if (answer.changed) {
      said.push(filled(data.words.changed_until, {
        now: lastDay(answer.validUntil), printed: lastDay(answer.fields.validUntil)
      }));
    }
    return said;
  }

  function listNote(list) {
    const text = filled(list.size ? data.words.list : data.words.list_empty, {
      from: longDay(list.issuedAt), next: longDay(list.nextUpdate), count: list.size
    });
    return list.stale ? data.words.stale + " " + text : text;
  }

  /* How fresh the list is, before anything is checked. */
  async function showList() {
    const note = document.querySelector("[data-offline-list]");
    if (!note) return;
    try {
      const list = await globalThis.eKarirOffline.readList(data.revocations, data.keys, new Date());
      note.textContent = listNote(list);
      note.classList.toggle("ek-offline-stale", list.stale);
    } catch (error) {
      if (!error.reason) throw error;
      note.textContent = data.words[error.reason] || error.reason;
      note.classList.add("ek-offline-stale");
    }
    note.hidden = false;
  }

  form.addEventListener("submit", async function (event) {
    event.preventDefault();
    const text = form.querySelector("textarea").value;
    const answer = await globalThis.eKarirOffline.check(text, data.keys, data.revocations, new Date());
    const box = element("div", "", "ek-answer ek-tone-" + (tones[answer.state] || "danger"));
    const words = element("div");
    words.append(element("h2", data.words[answer.state] || answer.state));
    laterChanges(answer).forEach((text) => words.append(element("p", text)));
    if (answer.list) words.append(element("p", listNote(answer.list)));
    box.append(words);
    place.replaceChildren(box);
    if (answer.fields && answer.state !== "changed") place.append(fields(answer), element("p", data.words.summary_only, "ek-muted"));
  });

  showList();
})();
