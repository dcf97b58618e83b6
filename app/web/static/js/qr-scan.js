/* Reads a certificate's QR code with the camera, or from a photo, into a field of its form.
   Nothing leaves the browser. Where the browser has no reader of its own, jsQR is loaded. */
(function () {
  "use strict";

  const box = document.querySelector("[data-scan]");
  if (!box) return;
  const field = document.querySelector(box.dataset.scan);
  const video = box.querySelector("video");
  const status = box.querySelector("[data-scan-status]");
  const start = box.querySelector("[data-scan-start]");
  const stop = box.querySelector("[data-scan-stop]");
  const photo = box.querySelector("[data-scan-photo]");
  const canvas = document.createElement("canvas");
  let stream = null;
  let reader = null;

  box.hidden = false;
  if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) start.hidden = true;

  function say(name) {
    status.textContent = name ? box.dataset[name] : "";
  }

  function load(address) {
    return new Promise(function (done, failed) {
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
  }

  async function ready() {
    if (reader) return;
    if ("BarcodeDetector" in window) {
      const formats = await window.BarcodeDetector.getSupportedFormats();
      if (formats.includes("qr_code")) {
        const native = new window.BarcodeDetector({ formats: ["qr_code"] });
        reader = async function (source) {
          const found = await native.detect(source);
          return found.length ? found[0].rawValue : null;
        };
        return;
      }
    }
    if (!window.jsQR) await load(box.dataset.reader);
    reader = async function (source, width, height) {
      canvas.width = width;
      canvas.height = height;
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context.drawImage(source, 0, 0, width, height);
      const pixels = context.getImageData(0, 0, width, height);
      const found = window.jsQR(pixels.data, width, height);
      return found && found.data ? found.data : null;
    };
  }

  function end() {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = stop.hidden = true;
    start.hidden = false;
  }

  function take(text) {
    end();
    say("found");
    field.value = text;
    field.form.requestSubmit();
  }

  async function look() {
    if (!stream) return;
    if (video.readyState >= 2) {
      const text = await reader(video, video.videoWidth, video.videoHeight);
      if (text && stream) return take(text);
    }
    setTimeout(look, 150);
  }

  start.addEventListener("click", async function () {
    try {
      await ready();
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch (_error) {
      return say("refused");
    }
    video.srcObject = stream;
    video.hidden = stop.hidden = false;
    start.hidden = true;
    say("looking");
    await video.play();
    look();
  });

  stop.addEventListener("click", function () {
    end();
    say("");
  });

  photo.addEventListener("change", async function () {
    if (!photo.files.length) return;
    try {
      await ready();
      const image = await createImageBitmap(photo.files[0]);
      const scale = Math.min(1, 1600 / Math.max(image.width, image.height));
      const text = await reader(image, Math.round(image.width * scale), Math.round(image.height * scale));
      if (text) return take(text);
      say("nothing");
    } catch (_error) {
      say("nothing");
    }
    photo.value = "";
  });
})();
