// The QR code of a slip carries the code behind the "#", which never reaches a server.
// Take it from there into the field and out of the address.
(() => {
  const field = document.querySelector("[data-code-from-address] [name=code]");
  const code = decodeURIComponent(window.location.hash.slice(1)).toUpperCase();
  if (!field || field.value || !/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/.test(code)) return;
  field.value = code;
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
})();
