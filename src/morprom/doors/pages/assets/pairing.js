// How a page reaches the card station of this computer. The station opens the counter as /counter#card=<port>.<secret>;
// both stay in this browser, for pages of this site alone, until the station starts anew with others.
const KEPT = "morprom-station";
const DESK = "morprom-desk"; // of several tabs the one that was looked at last takes the cards
const self = crypto.getRandomValues(new Uint32Array(2)).join("-");

function sitDown() {
  if (!document.hidden) localStorage.setItem(DESK, self);
}

export function takeCards(returned = () => {}) {
  for (const moment of ["focus", "visibilitychange"]) {
    addEventListener(moment, () => {
      sitDown();
      returned();
    });
  }
  sitDown();
}

export function takesCards() {
  return localStorage.getItem(DESK) === self;
}

export function keepPairing() {
  const found = /^#card=([0-9]{4,5})\.([A-Za-z0-9_-]{16,200})$/.exec(location.hash);
  if (!found) return false;
  localStorage.setItem(KEPT, JSON.stringify({ port: Number(found[1]), secret: found[2] }));
  history.replaceState(null, "", location.pathname + location.search);
  return true;
}

export function pairing() {
  try {
    return JSON.parse(localStorage.getItem(KEPT));
  } catch {
    return null;
  }
}
