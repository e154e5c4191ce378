"use strict";
// The station's own window. Its secret came behind "#", is kept for this address alone, and leaves the address bar.

const KEPT = "morprom-card-station";
const STEADY_MS = 600; // a press that was meant for what stood here before is none
const part = (id) => document.getElementById(id);
let socket = null;
let readyAt = Infinity;
let phase = "";

function secret() {
  const given = location.hash.slice(1);
  if (given) {
    localStorage.setItem(KEPT, given);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return localStorage.getItem(KEPT) ?? "";
}

function words(element, th, en) {
  const english = document.createElement("span");
  english.lang = "en";
  english.textContent = en;
  element.replaceChildren(th, " ", english);
}

function settle() {
  readyAt = performance.now() + STEADY_MS;
  part("press").disabled = true;
  setTimeout(() => {
    const isReady = phase === "waiting" && performance.now() >= readyAt - 5;
    part("press").disabled = !isReady;
    if (isReady) part("press").focus();
  }, STEADY_MS);
}

const hear = {
  stations(said) {
    part("stations").replaceChildren(...said.stations.map((station) => {
      const row = part("station").content.cloneNode(true);
      const link = row.querySelector("a");
      link.href = station.open;
      link.textContent = `${station.origin}/counter`;
      row.querySelector("b").textContent = station.name;
      row.querySelector("code").textContent = station.fingerprint;
      row.querySelector("textarea").value = station.public_key;
      return row;
    }));
  },
  state(said) {
    words(part("state"), said.reader ? `${said.th} (${said.reader})` : said.th, said.en);
    part("state").className = `state ${said.state}`;
    if (said.state !== "card") part("progress").hidden = true;
  },
  asked(said) {
    phase = said.phase;
    part("progress").hidden = phase !== "reading";
    if (phase === "waiting") {
      words(part("who"), `${said.by} ขออ่านบัตรที่อยู่ในเครื่อง`, "asks to read the card in the reader");
      part("said").replaceChildren();
    } else if (phase) {
      words(part("who"), `กำลังอ่านให้ ${said.by} อย่าดึงบัตรออก`, "reading; leave the card in");
    } else {
      words(part("who"), "ยังไม่มีหน้าใดขออ่านบัตร", "No page asks for a card");
    }
    settle();
  },
  progress(said) {
    part("progress").max = said.of;
    part("progress").value = said.done;
  },
  failed(said) {
    words(part("said"), said.th, said.en);
  },
  done() {
    words(part("said"), "อ่านแล้ว", "Read");
    if (location.search === "?ask") window.close(); // a counter's page opened it for this one card
  },
};

function open() {
  socket = new WebSocket(`ws://${location.host}/station`);
  socket.onopen = () => socket.send(JSON.stringify({ type: "hello", secret: secret() }));
  socket.onmessage = (event) => {
    const said = JSON.parse(event.data);
    part("simulated").hidden = !said.is_simulated;
    hear[said.type]?.(said);
  };
  socket.onclose = (event) => {
    phase = "";
    settle();
    words(part("state"), "ไม่ได้เชื่อมกับโปรแกรมอ่านบัตร", "not connected with the card program");
    part("state").className = "state";
    if (event.code === 4401) words(part("said"), "เปิดหน้านี้จากโปรแกรมอ่านบัตรอีกครั้ง", "open this page from the card program again");
    else setTimeout(open, 2000);
  };
}

part("press").addEventListener("click", (event) => {
  if (!event.isTrusted || performance.now() < readyAt - 5) return;
  part("press").disabled = true;
  part("said").replaceChildren();
  socket.send(JSON.stringify({ type: "press" }));
  setTimeout(() => { if (phase === "waiting") settle(); }, 400); // nothing came of it: there is no card
});
document.addEventListener("visibilitychange", () => { if (!document.hidden) settle(); });
window.addEventListener("focus", settle);
open();
