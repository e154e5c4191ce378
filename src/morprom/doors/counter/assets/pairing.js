// The station opens the counter as /counter#card=<port>.<secret>. The secret stays in this tab and goes to the station
// alone; the platform learns the port, to name it in the policy of later pages.
const SECRET = "morprom-station-secret";
const PORT = "morprom-station-port";

export function token() {
  return document.querySelector("meta[name=form-token]").content;
}

export function pairing() {
  const secret = sessionStorage.getItem(SECRET);
  return secret ? { port: Number(sessionStorage.getItem(PORT)), secret } : null;
}

export async function pair() {
  const found = /^#card=([0-9]{4,5})\.([A-Za-z0-9_-]{16,200})$/.exec(location.hash);
  if (found) {
    sessionStorage.setItem(PORT, found[1]);
    sessionStorage.setItem(SECRET, found[2]);
    history.replaceState(null, "", location.pathname + location.search);
  }
  const known = pairing();
  const place = document.getElementById("station");
  if (!known || (!found && (!place || Number(place.dataset.port) === known.port))) return false;
  const body = new URLSearchParams({ form: token(), port: String(known.port) });
  const answer = await fetch("/counter/pair", { method: "POST", body, headers: { "x-form": token() } });
  if (answer.ok && place && Number(place.dataset.port) !== known.port) {
    location.reload();
    return true;
  }
  return false;
}
