// The card page of a hospital's programme: the station reads, this page hands on what it signed.
import { pairing, takeCards } from "/pages/pairing.js";

const place = document.getElementById("station");
const form = document.getElementById("reading");
const known = JSON.parse(place.dataset.known);
const found = pairing();
let station = "";
let socket = null;

function say(th, en) {
  const english = document.createElement("span");
  english.lang = "en";
  english.textContent = en;
  document.getElementById("state").replaceChildren(th, " ", english);
}

async function nonce() {
  const body = new URLSearchParams({ form: form.elements.form.value, nonce_for: station });
  const answer = await fetch(location.href, { method: "POST", body, redirect: "error" });
  return answer.ok ? answer.json() : null;
}

const hear = {
  hello(said) {
    station = known[said.fingerprint] ?? "";
    document.getElementById("read").disabled = !station;
    if (!station) say("เครื่องอ่านนี้ไม่ได้ลงทะเบียนกับหน่วยบริการนี้", "this station is not enrolled with this unit");
  },
  state(said) {
    if (station) say(said.th, said.en);
  },
  waiting(said) {
    say(said.th, said.en);
  },
  failed(said) {
    say(said.th, said.en);
  },
  progress(said) {
    say(`กำลังอ่าน ${said.done}/${said.of}`, "reading, leave the card in");
  },
  async go() {
    const given = await nonce().catch(() => null);
    if (given) socket.send(JSON.stringify({ type: "nonce", ...given }));
    else {
      socket.send(JSON.stringify({ type: "cancel" }));
      say("หน้านี้เปิดไว้นานเกินไป เริ่มใหม่จากโปรแกรม", "this page was open for too long; start again in the programme");
    }
  },
  reading(said) {
    for (const name of ["station_id", "nonce", "read_at", "fields", "photo", "signature"]) form.elements[name].value = said.reading[name];
    form.elements.is_simulated.value = String(said.reading.is_simulated === true);
    form.requestSubmit(document.getElementById("hand-on"));
  },
};

function open() {
  socket = new WebSocket(`ws://127.0.0.1:${found.port}/counter`);
  socket.onopen = () => socket.send(JSON.stringify({ type: "hello", secret: found.secret }));
  socket.onmessage = (event) => {
    const said = JSON.parse(event.data);
    if (said.is_simulated) document.getElementById("simulated").hidden = false;
    hear[said.type]?.(said);
  };
  socket.onclose = () => {
    document.getElementById("read").disabled = true;
    say("เครื่องอ่านบัตรไม่ตอบ เปิดโปรแกรมเครื่องอ่าน แล้วเปิดหน้าเคาน์เตอร์จากหน้าต่างนั้นหนึ่งครั้ง", "the station does not answer: start it, and open the counter from its window once");
    setTimeout(open, 3000);
  };
}

document.getElementById("read").addEventListener("click", () => {
  if (!form.reportValidity()) return;
  socket.send(JSON.stringify({ type: "ask" }));
  window.open(`http://127.0.0.1:${found.port}/?ask`, "_blank", "popup,width=520,height=640");
});
takeCards();
if (found) open();
else say("ยังไม่ได้ต่อเครื่องอ่านบัตร เปิดหน้าเคาน์เตอร์จากหน้าต่างเครื่องอ่านหนึ่งครั้ง แล้วเปิดหน้านี้ใหม่", "no card station yet: open the counter from its window once, and then this page again");
