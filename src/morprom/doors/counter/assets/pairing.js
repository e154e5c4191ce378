// The platform learns the port of the station that this browser is paired with, to name it in the policy of later pages.
import { keepPairing, pairing } from "/pages/pairing.js";

export function token() {
  return document.querySelector("meta[name=form-token]").content;
}

// Whether the page was asked for and did not come of a form, which must not be sent again.
export function isAsked(place) {
  return place.dataset.asked === "yes";
}

export async function pair() {
  const isNew = keepPairing();
  const known = pairing();
  const place = document.getElementById("station");
  if (!known || (!isNew && (!place || Number(place.dataset.port) === known.port))) return false;
  const body = new URLSearchParams({ form: token(), port: String(known.port) });
  const answer = await fetch("/counter/pair", { method: "POST", body, headers: { "x-form": token() } });
  if (answer.ok && place && Number(place.dataset.port) !== known.port && isAsked(place)) {
    location.reload();
    return true;
  }
  return false;
}
