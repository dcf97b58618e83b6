/* Reads the seal in a certificate's QR code without the server.
 *
 * A classic script, so that a saved copy of the page works from a disk. It touches no page element:
 * `eKarirOffline.check(...)` answers with an object, and the page puts words to it. The byte layout
 * of a seal is described in courses/certificates/seal.py; both must be changed together.
 *
 * keys: the published JWK set, {keys: [{kty: "OKP", crv: "Ed25519", x: "..."}]}.
 */
(function (root) {
  "use strict";

  var ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  var CODE_LENGTH = 26;
  var HEAD = 16;
  var SIGNATURE = 64;
  var DAY = 86400000;
  var EPOCH = Date.UTC(2000, 0, 1);
  var ROLES = ["peserta", "narasumber", "fasilitator", "moderator", "panitia", "penguji"];
  var subtle = root.crypto && root.crypto.subtle;

  function fault(reason) {
    var error = new Error(reason);
    error.reason = reason;
    return error;
  }

  function decode32(text) {
    var bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
    var buffer = 0, bits = 0, place = 0;
    for (var i = 0; i < text.length; i++) {
      var value = ALPHABET.indexOf(text[i]);
      if (value < 0) { throw fault("malformed"); }
      buffer = (buffer << 5) | value;
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes[place++] = (buffer >> bits) & 255;
        buffer &= (1 << bits) - 1;
      }
    }
    if (bits >= 5 || buffer !== 0) { throw fault("malformed"); }
    return bytes;
  }

  function fromBase64url(text) {
    var padded = text.replace(/-/g, "+").replace(/_/g, "/");
    var binary = root.atob(padded + "===".slice((padded.length + 3) % 4));
    return Uint8Array.from(binary, function (c) { return c.charCodeAt(0); });
  }

  function normaliseCode(text) {
    var code = text.replace(/[\s.\-–]+/g, "").toUpperCase()
      .replace(/O/g, "0").replace(/[IL]/g, "1");
    var known = code.split("").every(function (c) { return ALPHABET.indexOf(c) >= 0; });
    if (code.length !== CODE_LENGTH || !known) { throw fault("malformed"); }
    return code;
  }

  function isoDay(days) {
    return new Date(EPOCH + days * DAY).toISOString().slice(0, 10);
  }

  /* Text of a QR code -> fields, and what is needed to check the signature. */
  function parseSeal(text) {
    var hash = text.indexOf("#");
    if (hash < 0) { throw fault("malformed"); }
    var address = text.slice(0, hash).trim().replace(/\/+$/, "");
    var code = normaliseCode(address.slice(address.lastIndexOf("/") + 1));
    var data = decode32(text.slice(hash + 1).trim().toUpperCase());
    if (data.length < HEAD + SIGNATURE + 4) { throw fault("malformed"); }
    var body = data.subarray(0, data.length - SIGNATURE);
    var view = new DataView(body.buffer, body.byteOffset, body.length);
    if (view.getUint8(0) !== 1) { throw fault("unknown-layout"); }
    var texts = [], place = HEAD, decoder = new TextDecoder("utf-8", { fatal: true });
    for (var i = 0; i < 4; i++) {
      if (place >= body.length) { throw fault("malformed"); }
      var end = place + 1 + body[place];
      if (end > body.length) { throw fault("malformed"); }
      try {
        texts.push(decoder.decode(body.subarray(place + 1, end)));
      } catch (error) {
        throw fault("malformed");
      }
      place = end;
    }
    var role = ROLES[view.getUint8(15)];
    if (place !== body.length || !role) { throw fault("malformed"); }
    return {
      fields: {
        code: code,
        number: texts[0],
        holder: texts[1],
        title: texts[2],
        predicate: texts[3],
        role: role,
        jp: view.getUint16(13) / 10,
        issuedOn: isoDay(view.getUint16(5)),
        validUntil: view.getUint16(7) ? isoDay(view.getUint16(7)) : null,
        startsOn: isoDay(view.getUint16(9)),
        endsOn: isoDay(view.getUint16(11))
      },
      keyName: body.slice(1, 5),
      message: concatenate(new TextEncoder().encode("e-karir seal 1\n" + code + "\n"), body),
      signature: data.slice(data.length - SIGNATURE)
    };
  }

  function concatenate(first, second) {
    var whole = new Uint8Array(first.length + second.length);
    whole.set(first);
    whole.set(second, first.length);
    return whole;
  }

  function equal(a, b) {
    return a.length === b.length && a.every(function (value, i) { return value === b[i]; });
  }

  async function accepts(jwk, signature, message) {
    if (!subtle) { throw fault("unsupported-browser"); }
    var key;
    try {
      key = await subtle.importKey("raw", fromBase64url(jwk.x), { name: "Ed25519" }, false, ["verify"]);
    } catch (error) {
      throw fault("unsupported-browser");
    }
    return subtle.verify({ name: "Ed25519" }, key, signature, message);
  }

  async function keyNamed(keys, name) {
    for (var i = 0; i < keys.keys.length; i++) {
      var digest = await subtle.digest("SHA-256", fromBase64url(keys.keys[i].x));
      if (equal(new Uint8Array(digest).slice(0, 4), name)) { return keys.keys[i]; }
    }
    return null;
  }

  /* Text of a QR code and key set -> fields, or an error with `reason`. */
  async function verifySeal(text, keys) {
    if (!subtle) { throw fault("unsupported-browser"); }
    var seal = parseSeal(text);
    var key = await keyNamed(keys, seal.keyName);
    if (!key) { throw fault("foreign-key"); }
    if (!(await accepts(key, seal.signature, seal.message))) { throw fault("changed"); }
    return seal.fields;
  }

  /* Signed list of withdrawn certificates -> its content, or an error with `reason`. */
  async function verifyRevocations(token, keys) {
    var parts = token.trim().split(".");
    if (parts.length !== 3) { throw fault("malformed-list"); }
    var header, payload;
    try {
      header = JSON.parse(new TextDecoder().decode(fromBase64url(parts[0])));
      payload = JSON.parse(new TextDecoder().decode(fromBase64url(parts[1])));
    } catch (error) {
      throw fault("malformed-list");
    }
    var key = keys.keys.find(function (item) { return item.kid === header.kid; });
    if (header.alg !== "EdDSA" || !key) { throw fault("foreign-key"); }
    var message = new TextEncoder().encode(parts[0] + "." + parts[1]);
    if (!(await accepts(key, fromBase64url(parts[2]), message))) { throw fault("changed-list"); }
    return payload;
  }

  async function entryKey(code) {
    var digest = await subtle.digest("SHA-256", new TextEncoder().encode(code));
    return Array.from(new Uint8Array(digest).slice(0, 12), function (value) {
      return value.toString(16).padStart(2, "0");
    }).join("");
  }

  function entryOf(entries, key) {
    return Object.prototype.hasOwnProperty.call(entries, key) ? entries[key] : undefined;
  }

  /* The last day counts to its end in the westernmost zone of the country (UTC+7). */
  function isOver(lastDay, now) {
    return lastDay !== null && now.getTime() >= Date.parse(lastDay + "T00:00:00+07:00") + DAY;
  }

  /* Signed list -> {issuedAt, nextUpdate, stale, size, withdrawn, lastDays}, or an error. */
  async function readList(token, keys, now) {
    var content = await verifyRevocations(token, keys);
    return {
      issuedAt: new Date(content.iat * 1000),
      nextUpdate: new Date(content.nxt * 1000),
      stale: now.getTime() > content.nxt * 1000,
      size: Object.keys(content.rev).length + Object.keys(content.val || {}).length,
      withdrawn: content.rev,
      lastDays: content.val || {}
    };
  }

  /* The whole offline check.
   *
   * text: what the QR code says. keys: JWK set. list: signed list or null. now: Date.
   * Answers {state, fields, validUntil, changed, since, replacedBy, list}, where state is "valid",
   * "expired", "revoked", "replaced", or the reason why the code is not accepted; validUntil is the
   * last day in force, which the list may have changed; list is as from readList, or null.
   */
  async function check(text, keys, list, now) {
    var answer = {
      state: "valid", fields: null, validUntil: null, changed: false,
      since: null, replacedBy: null, list: null
    };
    try {
      answer.fields = await verifySeal(text, keys);
      answer.validUntil = answer.fields.validUntil;
      var withdrawn = null;
      if (list) {
        answer.list = await readList(list, keys, now);
        var key = await entryKey(answer.fields.code);
        withdrawn = entryOf(answer.list.withdrawn, key);
        var lastDay = entryOf(answer.list.lastDays, key);
        if (lastDay !== undefined && lastDay !== answer.validUntil) {
          answer.validUntil = lastDay;
          answer.changed = true;
        }
      }
      if (withdrawn) {
        answer.state = withdrawn[0];
        answer.since = withdrawn[1];
        answer.replacedBy = withdrawn[2] || null;
      } else if (isOver(answer.validUntil, now)) {
        answer.state = "expired";
        answer.since = answer.validUntil;
      }
    } catch (error) {
      if (!error.reason) { throw error; }
      answer.state = error.reason;
    }
    return answer;
  }

  var api = {
    parseSeal: parseSeal,
    verifySeal: verifySeal,
    verifyRevocations: verifyRevocations,
    readList: readList,
    check: check
  };
  if (typeof module !== "undefined" && module.exports) {
    module.exports = api;
  } else {
    root.eKarirOffline = api;
  }
})(globalThis);
