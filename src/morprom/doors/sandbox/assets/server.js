// Calls of the platform. The token lives in this module alone, and ends with the page.

const LARGE = 200_000;
const TRIES = 6;
let token = "";
let account = null;

export const signedIn = () => account;

/** The wire's password hash: hex HMAC-SHA256 under the published key. Needs https or this machine. */
export async function passwordHash(password, key) {
  const encode = (text) => new TextEncoder().encode(text);
  const hmac = await crypto.subtle.importKey("raw", encode(key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const signature = new Uint8Array(await crypto.subtle.sign("HMAC", hmac, encode(password)));
  return Array.from(signature, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const canHash = () => globalThis.crypto?.subtle !== undefined;

/** Sign in; the account's name and hospital, or `{fault}` with the server's words. */
export async function signIn(user, hash, hospital) {
  const reply = await fetch("/token?Action=get_moph_access_token", {
    method: "POST", credentials: "omit",
    body: JSON.stringify({ user, password_hash: hash, hospital_code: hospital }),
  });
  if (!reply.ok) return { fault: (await reply.json()).Message };
  token = await reply.text();
  account = claims(token);
  return account;
}

export function signOut() {
  token = "";
  account = null;
}

function claims(jwt) {
  const packed = jwt.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
  const { client, exp } = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(packed), (c) => c.charCodeAt(0))));
  return { login: client.login, hospital: client.hospital_code, name: client.hospital_name, ends: new Date(exp * 1000) };
}

/** What the server understood of `bytes`: the whole envelope. A server that is busy is asked again when it says so. */
export async function explain(bytes, call) {
  const query = call ? `?call=${encodeURIComponent(call)}` : "";
  return ask(`/api/Explain${query}`, { method: "POST", ...(await packed(bytes)) });
}

export const conformance = (hospital) => ask(`/api/Conformance?hospital_code=${encodeURIComponent(hospital)}`, {});

async function packed(bytes) {
  if (bytes.length < LARGE || typeof CompressionStream === "undefined") return { body: bytes, headers: {} };
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return { body: await new Response(stream).arrayBuffer(), headers: { "content-encoding": "gzip" } };
}

async function ask(path, { method = "GET", body, headers = {} }) {
  for (let left = TRIES; ; left -= 1) {
    const sent = token ? { ...headers, authorization: `Bearer ${token}` } : headers;
    const reply = await fetch(path, { method, body, headers: sent, credentials: "omit", cache: "no-store" });
    if (reply.status !== 429 || left <= 1) return reply.json();
    await new Promise((resume) => setTimeout(resume, 1000 * Math.min(20, Number(reply.headers.get("retry-after")) || 1)));
  }
}

/** A file of this door, such as the examples. */
export async function own(path) {
  const reply = await fetch(path, { credentials: "omit" });
  if (!reply.ok) throw new Error(`${path}: ${reply.status}`);
  return reply.json();
}
