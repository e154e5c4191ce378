// Every page of the counter: keys, the station, and no page that comes back from the browser's memory.
import "/counter/assets/keys.js";
import { isAsked, pair } from "/counter/assets/pairing.js";
import { watch } from "/counter/assets/station.js";

addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  const place = document.getElementById("station");
  if (place && !isAsked(place)) location.replace(place.dataset.unit);
  else location.reload();
});

// A form is sent once, however often its key is pressed.
addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
// Who stopped the answer (Esc) can send it again.
window.navigation?.addEventListener("navigateerror", () => {
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
});

if (!(await pair())) {
  const place = document.getElementById("station");
  if (place) watch(place);
}
