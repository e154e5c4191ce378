// A session that nobody uses ends (30 minutes, or 15). This says so before, asks for more when somebody types or presses
// the button, and keeps what was typed into fields marked `data-kept` until the page is open again after signing in.
const NOTICE = 120_000;
const QUIET = 300_000;
const KEPT = "kept";
const box = document.getElementById("stay");
const soon = box.querySelector("[data-soon]");
const over = box.querySelector("[data-over]");
const button = box.querySelector("[data-stay]");
let endsAt = Date.now() + Number(box.dataset.left) * 1000;
let askedAt = Date.now();
let isOver = false;

const fields = () => [...document.querySelectorAll("[data-kept]")];

function keep() {
  const typed = Object.fromEntries(fields().map((one) => [one.name, one.value]));
  if (Object.keys(typed).length) sessionStorage.setItem(KEPT, JSON.stringify({ path: location.pathname, typed }));
}

function restore() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  if (!kept || /^\/id\/(sign-in|thaid)/.test(location.pathname)) return;
  if (kept.path === location.pathname) for (const one of fields()) one.value = kept.typed[one.name] || one.value;
  sessionStorage.removeItem(KEPT);
}

async function stay() {
  askedAt = Date.now();
  const token = document.querySelector("meta[name=form-token]").content;
  const reply = await fetch("/id/stay", { method: "POST", headers: { "x-form": token } }).catch(() => null);
  if (reply?.status === 401) return finish();
  if (!reply?.ok) return;
  endsAt = Date.now() + (await reply.json()).left * 1000;
  look();
}

function finish() {
  isOver = true;
  keep();
  box.hidden = over.hidden = false;
  soon.hidden = true;
  box.parentElement.classList.add("over");
  button.replaceChildren("เข้าสู่ระบบอีกครั้ง ", Object.assign(document.createElement("span"), { lang: "en", textContent: "Sign in again" }));
  button.focus();
}

function look() {
  if (isOver) return;
  const left = endsAt - Date.now();
  if (left <= 0) return finish();
  box.hidden = soon.hidden = left > NOTICE;
}

button.addEventListener("click", () => {
  if (isOver) location.assign(`/id/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
  else stay();
});
document.addEventListener("input", () => { if (!isOver && Date.now() - askedAt > QUIET) stay(); });
document.addEventListener("submit", (event) => { if (event.target.getAttribute("action") !== "/id/sign-out") keep(); });
document.addEventListener("visibilitychange", look);
window.addEventListener("pageshow", (event) => { if (event.persisted) stay(); });
setInterval(look, 5_000);
restore();
