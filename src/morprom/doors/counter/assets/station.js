// The card station: its state in words, a card that starts the next case, and a reading on its way to the platform.
import { pairing, token } from "/counter/assets/pairing.js";

const HANDLED = "morprom-insertion";
const AGAIN = [500, 1000, 2000, 4000];

class Station {
  constructor(place) {
    this.place = place;
    this.known = JSON.parse(place.dataset.known);
    this.stationId = "";
    this.insertion = "";
    this.tries = 0;
    document.getElementById("ask")?.addEventListener("click", () => this.ask());
  }

  open() {
    const found = pairing();
    if (!found) {
      this.say("off", "ยังไม่ได้ต่อเครื่องอ่านบัตร เปิดหน้านี้จากหน้าต่างเครื่องอ่าน", "no card reader: open this page from the station's window");
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
    this.say("off", "เครื่องอ่านบัตรไม่ตอบ ตรวจว่าโปรแกรมเครื่องอ่านเปิดอยู่ แล้วเปิดหน้านี้จากหน้าต่างนั้น", "the card station does not answer: start it, and open this page from its window");
    setTimeout(() => this.open(), AGAIN[Math.min(this.tries++, AGAIN.length - 1)]);
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
    if (enrol && !this.stationId) enrol.value = message.public_key;
  }

  changed(message) {
    this.insertion = message.state === "card" ? message.insertion : "";
    if (!this.stationId) {
      this.say("off", "เครื่องอ่านนี้ยังไม่ได้ลงทะเบียนกับหน่วยบริการ (กด T ที่หน้าคิว)", "this station is not enrolled with the unit (T on the queue's page)");
      return;
    }
    this.say(message.state === "card" ? "card" : "ready", message.th, message.en);
    if (this.insertion) this.inserted();
  }

  inserted() {
    if (this.insertion === sessionStorage.getItem(HANDLED)) return;
    if (this.place.dataset.case) {
      this.ask();
    } else if ([...document.querySelectorAll("main input:not([type=hidden]), main textarea")].some((field) => field.value && field.type !== "radio" && field.type !== "checkbox") || document.getElementById("slip")) {
      document.getElementById("card-waits").hidden = false;
    } else {
      document.getElementById("next-case").requestSubmit();
    }
  }

  ask() {
    if (!this.place.dataset.case) return;
    this.send({ type: "ask" });
  }

  waits(message) {
    this.say("card", message.th, message.en);
    this.tell(message.th, message.en);
  }

  async go() {
    const body = new URLSearchParams({ form: token(), station_id: this.stationId });
    const answer = await fetch(`${this.place.dataset.case}/nonce`, { method: "POST", body, headers: { "x-form": token() } });
    if (!answer.ok || answer.redirected || !answer.headers.get("content-type")?.startsWith("application/json")) {
      this.send({ type: "cancel" });
      location.reload();
      return;
    }
    this.send({ type: "nonce", ...(await answer.json()) });
  }

  progressed(message) {
    const bar = document.getElementById("progress");
    if (!bar) return;
    bar.hidden = false;
    bar.max = message.of;
    bar.value = message.done;
  }

  read(message) {
    const form = document.getElementById("reading");
    if (!form) return;
    sessionStorage.setItem(HANDLED, this.insertion);
    for (const name of ["station_id", "nonce", "read_at", "fields", "photo", "signature"]) {
      form.elements[name].value = message.reading[name];
    }
    form.elements.is_simulated.value = String(message.reading.is_simulated === true);
    form.requestSubmit();
  }

  failed(message) {
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

export function watch(place) {
  new Station(place).open();
}
