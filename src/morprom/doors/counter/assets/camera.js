// The live picture beside the card's. It is switched on by a click, stays in this page, and goes nowhere unless the
// officer lets the face service compare.
const video = document.getElementById("video");
const taken = document.getElementById("taken");
const button = document.getElementById("camera");
const service = document.getElementById("service");
const LONGEST_SIDE = 640;
let stream = null;

function show(on) {
  video.hidden = !on;
  document.getElementById("in-person").hidden = on;
  button.querySelector("[data-on]").hidden = !on;
  button.querySelector("[data-off]").hidden = on;
  if (service) service.hidden = !on;
}

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  video.srcObject = null;
  show(false);
}

async function start() {
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 } }, audio: false });
    video.srcObject = stream;
    await video.play();
    show(true);
  } catch {
    stop();
    document.getElementById("no-camera").hidden = false;
  }
}

button.addEventListener("click", () => (stream ? stop() : start()));
addEventListener("pagehide", stop);

service?.addEventListener("submit", () => {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight));
  taken.width = Math.round(video.videoWidth * scale);
  taken.height = Math.round(video.videoHeight * scale);
  taken.getContext("2d").drawImage(video, 0, 0, taken.width, taken.height);
  service.elements.live.value = taken.toDataURL("image/jpeg", 0.85).split(",")[1];
});
