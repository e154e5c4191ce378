// Every page of the counter: keys, the station, and no page that comes back from the browser's memory.
import "/counter/assets/keys.js";
import { pair } from "/counter/assets/pairing.js";
import { watch } from "/counter/assets/station.js";

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// A form is sent once, however often its key is pressed.
addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});

if (!(await pair())) {
  const place = document.getElementById("station");
  if (place) watch(place);
}
