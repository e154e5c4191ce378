// Between a story and the test that plays it: one line of JSON each way, and a place that takes logout tokens.

import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { createRemoteJWKSet, jwtVerify } from "jose";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const LOGOUT = "http://schemas.openid.net/event/backchannel-logout";

/** The test's next line. */
export async function hear() {
  const { value } = await lines.next();
  return JSON.parse(value);
}

/** Tell the test what happened. */
export function say(step, told = {}) {
  process.stdout.write(JSON.stringify({ step, ...told }) + "\n");
}

/** Tell the test, and wait for where its browser comes back to. */
export async function browse(step, url) {
  say(step, { url: String(url) });
  return new URL((await hear()).back);
}

/** What an attempt that has to fail says of itself. */
export async function failing(attempt) {
  try {
    await attempt();
  } catch (error) {
    return { refused: true, code: error.code, error: error.error ?? error.cause?.error };
  }
  return { refused: false };
}

const KEYS = {
  ES256: { name: "ECDSA", namedCurve: "P-256" },
  PS256: { name: "RSA-PSS", hash: "SHA-256" },
  Ed25519: { name: "Ed25519" },
};

/** The client's own key, with its name in the set that it registered. */
export async function clientKey({ alg, jwk }) {
  const key = await crypto.subtle.importKey("jwk", { ...jwk, alg: undefined }, KEYS[alg], false, ["sign"]);
  return { key, kid: jwk.kid };
}

/** Listens where the provider posts logout tokens; `told` is the first, checked (Back-Channel Logout 1.0, 2.6). */
export async function backChannel({ port, issuer, client_id }, jwks_uri, alg) {
  const keys = createRemoteJWKSet(new URL(jwks_uri));
  let take, give;
  const told = new Promise((resolve, reject) => ((take = resolve), (give = reject)));
  const server = createServer(async (request, answer) => {
    let body = "";
    for await (const part of request) body += part;
    try {
      const token = new URLSearchParams(body).get("logout_token");
      const checks = { issuer, audience: client_id, typ: "logout+jwt", algorithms: [alg], requiredClaims: ["iat", "exp", "jti", "events"] };
      const { payload } = await jwtVerify(token, keys, checks);
      if (!(LOGOUT in payload.events) || "nonce" in payload) throw new Error("this is no logout token");
      answer.writeHead(200).end();
      take(payload);
    } catch (error) {
      answer.writeHead(400).end();
      give(error);
    }
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { told, close: () => server.close() };
}
