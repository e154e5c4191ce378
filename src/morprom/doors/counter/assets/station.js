// The card station: its state in words, a card that starts the next case, and a reading on its way to the platform.
import { isAsked, token } from "/counter/assets/pairing.js";
import { pairing, takeCards, takesCards } from "/pages/pairing.js";

const HANDLED = "morprom-insertion"; // was read
const STARTED = "morprom-started"; // began a case
const AGAIN = [500, 1000, 2000, 4000];
const WINDOW = "popup,width=520,height=640";
const NONCE_MS = 12000; // the station waits for fifteen seconds
const READING_MS = 45000; // a reading counts for sixty seconds after its nonce
const PAUSE_MS = 1000;

class Station {
  constructor(place) {
    this.place = place;
    this.known = JSON.parse(place.dataset.known);
    this.stationId = "";
    this.insertion = "";
    this.tries = 0;
    this.opened = -Infinity;
    this.hasFailed = false;
    this.isOusted = false; // another page of this site asked after this one
    document.getElementById("ask")?.addEventListener("click", () => this.ask(true));
    document.getElementById("next-case").addEventListener("submit", () => this.started()); // by the card, or by F8
    takeCards(() => this.returned());
  }

  open() {
    const found = pairing();
    if (!found) {
      this.say("off", "ยังไม่ได้ต่อเครื่องอ่านบัตร เปิดหน้านี้จากหน้าต่างเครื่องอ่าน", "no card reader: open this page from the station's window");
      return;
    }
    if (found.port !== Number(this.place.dataset.port)) {
      this.moved();
      return;
    }
    this.socket = new WebSocket(`ws://127.0.0.1:${found.port}/counter`);
    this.socket.onopen = () => this.send({ type: "hello", secret: found.secret });
    this.socket.onmessage = (event) => this.hear(JSON.parse(event.data));
    this.socket.onclose = () => this.closed();
  }

  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  closed() {
    this.explain();
    setTimeout(() => this.open(), AGAIN[Math.min(this.tries++, AGAIN.length - 1)]);
  }

  // The station was started anew and has another port, which this page's policy does not name.
  moved() {
    const isTyped = [...document.querySelectorAll("main input:not([type=hidden]), main textarea")].some((one) => one.value !== one.defaultValue);
    if (isAsked(this.place) && !isTyped) location.reload();
    else this.say("off", "เครื่องอ่านบัตรเปิดขึ้นใหม่แล้ว จะต่อเองที่หน้าถัดไป", "the card station was started anew; the next page reaches it");
  }

  async explain() {
    const asked = await navigator.permissions.query({ name: "local-network-access" }).catch(() => null);
    if (asked?.state === "denied") {
      this.say("off", "Chrome ยังไม่ให้หน้านี้ต่อเครื่องอ่านบัตร: กดรูปแม่กุญแจหน้าที่อยู่เว็บ แล้วอนุญาตอุปกรณ์ในเครือข่าย", "Chrome does not let this page reach the station: allow it behind the icon beside the address");
    } else {
      this.say("off", "เครื่องอ่านบัตรไม่ตอบ ตรวจว่าโปรแกรมเครื่องอ่านเปิดอยู่ แล้วเปิดหน้านี้จากหน้าต่างนั้น ถ้า Chrome ถาม ให้กดอนุญาต", "the card station does not answer: start it, and open this page from its window; if Chrome asks, allow it");
    }
  }

  say(lamp, th, en) {
    this.place.dataset.lamp = lamp;
    this.place.querySelector("[data-th]").textContent = th;
    this.place.querySelector("[data-en]").textContent = en;
  }

  hear(message) {
    if (message.is_simulated) this.place.querySelector("[data-simulated]").hidden = false;
    const way = { hello: "greeted", state: "changed", waiting: "waits", go: "go", progress: "progressed", reading: "read", failed: "failed" }[message.type];
    if (way) this[way](message);
  }

  greeted(message) {
    this.tries = 0;
    this.stationId = this.known[message.fingerprint] ?? "";
    const enrol = document.querySelector("#enrol [name=public_key]");
    if (enrol && !this.stationId) {
      enrol.value = message.public_key;
      document.getElementById("enrolling").open = true;
    }
    for (const place of document.querySelectorAll("[data-station]")) place.hidden = place.dataset.station !== message.fingerprint;
  }

  changed(message) {
    this.insertion = message.state === "card" ? message.insertion : "";
    if (!this.stationId) {
      this.say("off", "เครื่องอ่านนี้ยังไม่ได้ลงทะเบียนกับหน่วยบริการ (กด T ที่หน้าคิว)", "this station is not enrolled with the unit (T on the queue's page)");
      return;
    }
    this.say(message.state === "card" ? "card" : "ready", message.th, message.en);
    if (this.insertion) {
      this.inserted();
      return;
    }
    document.getElementById("card-waits").hidden = true;
    if (!this.hasFailed) this.tell(message.th, message.en);
  }

  // A card starts a case from pages where nothing is open; elsewhere it is told, and waits for a key.
  inserted() {
    if (this.insertion === sessionStorage.getItem(HANDLED) || !takesCards()) return;
    if (this.place.dataset.case) {
      this.started();
      this.ask(false);
    } else if (this.insertion === sessionStorage.getItem(STARTED) || !document.querySelector("[data-rest]")) {
      this.offer();
    } else {
      document.getElementById("next-case").requestSubmit();
    }
  }

  offer() {
    document.getElementById("card-waits").hidden = this.insertion === sessionStorage.getItem(HANDLED);
  }

  // Looked at again: a card that was put in while another tab took the cards is offered; it may have been meant for that one.
  returned() {
    if (!this.insertion || !takesCards()) return;
    if (!this.place.dataset.case) this.offer();
    else if (this.isOusted) this.ask(false);
  }

  // Remembered before the page is left: who goes back to the queue at once does not start over.
  started() {
    if (this.insertion) sessionStorage.setItem(STARTED, this.insertion);
  }

  // The button is in the station's own window; it opens when the officer asks for it, and closes by itself.
  ask(isWished) {
    if (!this.place.dataset.case) return;
    this.send({ type: "ask" });
    if (!isWished || !this.insertion || performance.now() - this.opened < 1500) return;
    this.opened = performance.now();
    open(`http://127.0.0.1:${pairing().port}/?ask`, "_blank", WINDOW);
  }

  waits(message) {
    this.hasFailed = false;
    this.isOusted = false;
    if (!this.insertion) return; // what stands there says to put one in
    this.say("card", message.th, message.en);
    this.tell(message.th, message.en);
  }

  async go() {
    const given = await this.nonce().catch(() => null);
    if (given) {
      this.send({ type: "nonce", ...given });
      return;
    }
    this.send({ type: "cancel" });
    this.failed({ th: "ติดต่อระบบไม่ได้ชั่วขณะ ยังไม่ได้อ่านบัตร กด 1 เพื่ออ่านใหม่", en: "the platform cannot be reached just now; nothing was read: press 1 to read again" });
  }

  // A nonce for one reading; null while the platform is away. Whose session or case is over is led on by the case's page.
  async nonce() {
    const body = new URLSearchParams({ form: token(), station_id: this.stationId });
    const signal = AbortSignal.timeout(NONCE_MS);
    const answer = await fetch(`${this.place.dataset.case}/nonce`, { method: "POST", body, headers: { "x-form": token() }, signal });
    if (answer.status >= 500) return null;
    if (answer.ok && !answer.redirected && answer.headers.get("content-type")?.startsWith("application/json")) return answer.json();
    location.assign(this.place.dataset.case);
    return null;
  }

  progressed(message) {
    const bar = document.getElementById("progress");
    if (!bar) return;
    bar.hidden = false;
    bar.max = message.of;
    bar.value = message.done;
  }

  // A form that is sent into a dead network takes the page and the reading with it, so the platform is looked for first.
  async read(message) {
    const form = document.getElementById("reading");
    if (!form) return;
    sessionStorage.setItem(HANDLED, message.insertion);
    for (const name of ["station_id", "nonce", "read_at", "fields", "photo", "signature"]) {
      form.elements[name].value = message.reading[name];
    }
    form.elements.is_simulated.value = String(message.reading.is_simulated === true);
    for (const until = performance.now() + READING_MS; performance.now() < until && !(await isThere()); ) {
      this.tell("อ่านบัตรแล้ว รอเครือข่าย อย่าปิดหน้านี้", "the card was read; waiting for the network, leave this page open");
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
    form.requestSubmit();
  }

  failed(message) {
    this.hasFailed = true;
    this.isOusted = message.code === "busy";
    const bar = document.getElementById("progress");
    if (bar) bar.hidden = true;
    this.say("off", message.th, message.en);
    this.tell(message.th, message.en);
  }

  tell(th, en) {
    const place = document.getElementById("do");
    if (!place) return;
    const english = document.createElement("span");
    english.lang = "en";
    english.textContent = en;
    place.replaceChildren(`${th} `, english);
  }
}

async function isThere() {
  const answer = await fetch("/pages/mark.svg", { cache: "no-store", signal: AbortSignal.timeout(NONCE_MS) }).catch(() => null);
  return answer !== null && answer.status < 500;
}

export function watch(place) {
  new Station(place).open();
}
