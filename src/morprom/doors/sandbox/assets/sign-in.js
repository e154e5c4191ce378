// The sign-in box. The password is hashed here and never leaves the page; the token stays in memory.

import { byId, fill } from "./element.js";
import { canHash, passwordHash, signedIn, signIn, signOut } from "./server.js";
import { say } from "./words.js";

/** Wire the box; `changed` is called after each sign-in and sign-out. */
export function signInBox(changed = () => {}) {
  const form = byId("sign-in-form");
  if (!canHash()) form.querySelector(".only-insecure").hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fill(byId("sign-in-said"), say("กำลังลงชื่อเข้าใช้…", "Signing in…"));
    fill(byId("sign-in-said"), await attempt(form));
    form.elements.password.value = "";
    shown(changed);
  });
  byId("sign-out").addEventListener("click", () => {
    signOut();
    fill(byId("sign-in-said"), say("ออกแล้ว", "Signed out."));
    shown(changed);
  });
}

async function attempt(form) {
  const { user, password, password_hash: given, hospital_code: hospital } = form.elements;
  const hash = given.value.trim() || (canHash() ? await passwordHash(password.value, form.dataset.hashKey) : "");
  const account = await signIn(user.value.trim(), hash, hospital.value.trim());
  if (account.fault) {
    signOut();
    const [th, en] = account.fault.split(" / ");
    return ["✖ ", say(th, en ?? th)];
  }
  const until = account.ends.toLocaleTimeString("th-TH", { hour: "2-digit", minute: "2-digit" });
  return ["✔ ", say(`ลงชื่อแล้ว ใช้ได้ถึง ${until}`, `Signed in until ${until}.`)];
}

function shown(changed) {
  const account = signedIn();
  byId("sign-out").hidden = !account;
  byId("who").textContent = account ? `${account.login} · ${account.hospital} ${account.name ?? ""}` : "";
  changed(account);
}
