// The slip's secret stands behind "#", which no server sees. It is put into the form and taken out of the address.
// Where the browser reads QR codes itself (BarcodeDetector) the camera can be opened here, too.
const SECRET = /^[\w-]{16,64}$/;

function show(secret) {
  if (!SECRET.test(secret)) return false;
  const form = document.getElementById("scanned");
  form.elements.qr.value = secret;
  form.hidden = false;
  document.getElementById("typed").hidden = true;
  document.querySelector("main > .fault")?.remove(); // of the slip before
  form.querySelector("button").focus();
  return true;
}

function secretOf(text) {
  const at = text.indexOf("/id/redeem#");
  return at < 0 ? "" : text.slice(at + "/id/redeem#".length);
}

async function look(video, detector) {
  while (!video.hidden) {
    const found = await detector.detect(video).catch(() => []);
    if (found.some((one) => show(secretOf(one.rawValue)))) return;
    await new Promise((done) => setTimeout(done, 150));
  }
}

async function scan(place, button) {
  const video = place.querySelector("video");
  const told = place.querySelector("[data-told]");
  told.hidden = true;
  let stream = null;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    video.hidden = false;
    button.hidden = true;
    await video.play();
    await look(video, new BarcodeDetector({ formats: ["qr_code"] }));
  } catch {
    told.hidden = false;
    button.hidden = false;
  }
  video.hidden = true;
  stream?.getTracks().forEach((track) => track.stop());
}

async function offer() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return;
  if (!(await BarcodeDetector.getSupportedFormats()).includes("qr_code")) return;
  const place = document.getElementById("scan");
  const button = place.querySelector("button");
  place.hidden = false;
  button.addEventListener("click", () => scan(place, button));
}

function read() {
  const secret = location.hash.slice(1);
  if (secret) history.replaceState(null, "", location.pathname);
  return show(secret);
}

window.addEventListener("hashchange", read); // the slip's address, opened where this page stands already
if (!read()) offer();
