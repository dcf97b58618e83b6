/* Words and answer of the offline check; the reading of seals is in offline-verify.js. */
(function () {
  "use strict";

  const form = document.querySelector("[data-offline]");
  const place = document.querySelector("[data-offline-answer]");
  const data = JSON.parse(document.getElementById("data-luring").textContent);
  const tones = { valid: "success", expired: "warning", revoked: "danger", replaced: "warning" };
  const order = ["holder", "title", "predicate", "role", "jp", "startsOn", "endsOn", "number", "issuedOn", "validUntil", "code"];

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function shown(name, value) {
    const lang = document.documentElement.lang || "id";
    if (name === "validUntil" && !value) return data.words.forever;
    if (/On$|Until$/.test(name)) {
      return new Date(value + "T12:00:00Z").toLocaleDateString(lang, { day: "numeric", month: "long", year: "numeric" });
    }
    return String(value);
  }

  function fields(found) {
    const list = element("dl", "", "ek-summary");
    order.forEach(function (name) {
      const value = found[name];
      if ((value === null || value === "") && name !== "validUntil") return;
      const row = element("div");
      row.append(element("dt", data.words[name]), element("dd", shown(name, value)));
      list.append(row);
    });
    return list;
  }

  function listNote(list) {
    const lang = document.documentElement.lang || "id";
    const day = (moment) => moment.toLocaleDateString(lang, { day: "numeric", month: "long", year: "numeric" });
    const text = data.words.list_from + " " + day(list.issuedAt) + ", " + data.words.next_update + " " + day(list.nextUpdate) + ".";
    return element("p", list.stale ? data.words.stale + " " + text : text);
  }

  form.addEventListener("submit", async function (event) {
    event.preventDefault();
    const text = form.querySelector("textarea").value;
    const answer = await globalThis.eKarirOffline.check(text, data.keys, data.revocations, new Date());
    const box = element("div", "", "ek-answer ek-tone-" + (tones[answer.state] || "danger"));
    const words = element("div");
    words.append(element("h2", data.words[answer.state] || answer.state));
    if (answer.list) words.append(listNote(answer.list));
    box.append(words);
    place.replaceChildren(box);
    if (answer.fields && answer.state !== "changed") place.append(fields(answer.fields));
  });
})();
