// Passkeys: options from the server, the browser's answer back to it (WebAuthn level 3, 5.1). Pages work without this
// file by their other ways.
const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const toText = (buffer) => buffer === null || buffer === undefined ? null
  : btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const WORDS = {
  NotAllowedError: ["ไม่ได้ยืนยัน หรือหมดเวลา โปรดลองอีกครั้ง", "It was not confirmed in time; try again"],
  TypeError: ["ติดต่อระบบไม่ได้ โปรดตรวจอินเทอร์เน็ตแล้วลองอีกครั้ง", "No answer came; check the internet connection and try again"],
  InvalidStateError: ["เครื่องนี้มีพาสคีย์ของบัญชีนี้แล้ว", "This device has a passkey of this account already"],
  other: ["ใช้พาสคีย์ไม่ได้ โปรดลองอีกครั้งหรือใช้วิธีอื่น", "The passkey does not work; try again or another way"],
};

async function speak(path, body) {
  const token = document.querySelector("meta[name=form-token]").content;
  const reply = await fetch(path, {
    method: "POST", headers: { "content-type": "application/json", "x-form": token }, body: JSON.stringify(body),
  });
  const said = await reply.json();
  if (said.go && !reply.ok) {
    location.assign(said.go);
    return new Promise(() => {});
  }
  if (!reply.ok) throw Object.assign(new Error(said.code), { words: [said.th, said.en] });
  return said;
}

const described = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));

const forCreation = (options) => ({
  ...options, challenge: toBytes(options.challenge), user: { ...options.user, id: toBytes(options.user.id) },
  excludeCredentials: described(options.excludeCredentials),
});

const forRequest = (options) => ({
  ...options, challenge: toBytes(options.challenge), allowCredentials: described(options.allowCredentials),
});

function told(credential) {
  const made = credential.response;
  const response = { clientDataJSON: toText(made.clientDataJSON) };
  if (made.attestationObject) {
    response.attestationObject = toText(made.attestationObject);
    response.transports = made.getTransports ? made.getTransports() : [];
  } else {
    response.authenticatorData = toText(made.authenticatorData);
    response.signature = toText(made.signature);
    response.userHandle = toText(made.userHandle);
  }
  return {
    id: credential.id, rawId: toText(credential.rawId), type: credential.type, response,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment || null,
  };
}

let waiting = null;

async function ask(form, mediation) {
  waiting?.abort();
  waiting = new AbortController();
  const options = await speak(form.dataset.options, {});
  const credential = form.dataset.passkey === "create"
    ? await navigator.credentials.create({ publicKey: forCreation(options), signal: waiting.signal })
    : await navigator.credentials.get({ publicKey: forRequest(options), signal: waiting.signal, mediation });
  const fields = Object.fromEntries(new FormData(form));
  const said = await speak(form.dataset.answer, { ...fields, answer: told(credential) });
  location.assign(said.go);
}

function say(error) {
  const place = document.querySelector("[data-told]");
  if (!place || error.name === "AbortError") return;
  const [th, en] = error.words || WORDS[error.name] || WORDS.other;
  const english = document.createElement("span");
  english.lang = "en";
  english.textContent = en;
  place.replaceChildren(`${th} `, english);
  place.hidden = false;
}

async function begin(form) {
  if (form.dataset.passkey === "conditional") {
    if (await window.PublicKeyCredential.isConditionalMediationAvailable?.()) ask(form, "conditional").catch(say);
    return;
  }
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.ariaBusy === "true") return; // a button that is disabled would lose the focus
    form.ariaBusy = "true";
    document.querySelector("[data-told]").hidden = true;
    await ask(form).catch(say);
    form.ariaBusy = "false";
  });
}

if (window.PublicKeyCredential) {
  for (const one of document.querySelectorAll("[data-without]")) one.hidden = true;
  for (const form of document.querySelectorAll("[data-passkey]")) begin(form);
}
