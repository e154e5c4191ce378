// The lines of curl that make the real call.

import { copyButton, el } from "./element.js";
import { say } from "./words.js";

const quoted = (text) => `'${String(text).replaceAll("'", "'\\''")}'`;

/** Lines that sign in and put the token into $TOKEN. */
export function signInLines(account, hashKey) {
  const { login = "USER", hospital = "99999" } = account ?? {};
  return [
    `HASH=$(printf %s "$PASSWORD" | openssl dgst -sha256 -hmac ${quoted(hashKey)} | sed 's/.*= //')`,
    `TOKEN=$(curl -sS ${quoted(`${location.origin}/token?Action=get_moph_access_token`)} \\`,
    `  -d '{"user":"${login}","password_hash":"'$HASH'","hospital_code":"${hospital}"}')`,
  ].join("\n");
}

/** The line of one call. `file` is a file's name, `body` JSON to write out; neither for a call without a body. */
export function callLines({ method, path, query = {}, file, body, signed = true }) {
  const parameters = new URLSearchParams(query).toString();
  const lines = [`curl -sS${method === "POST" || (method === "GET" && !file && body === undefined) ? "" : ` -X ${method}`} ${quoted(`${location.origin}${path}${parameters ? `?${parameters}` : ""}`)}`];
  if (signed) lines.push(`  -H "Authorization: Bearer $TOKEN"`);
  if (file) lines.push(`  -H 'Content-Type: application/json' --data-binary ${quoted(`@${file}`)}`);
  else if (body !== undefined && body !== null) lines.push(`  -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(body))}`);
  else if (method === "POST") lines.push("  -d ''");
  return lines.join(" \\\n");
}

/** Lines to copy under a heading. */
export function lines(words, text) {
  return el("div", { class: "lines" }, el("div", { class: "pane-head" }, el("h4", {}, words), copyButton(() => text, say("คัดลอก", "Copy"))),
    el("pre", { tabindex: "0" }, text));
}

export function curlView(account, hashKey, call, file) {
  return el("div", {},
    lines(say("ลงชื่อเข้าใช้ครั้งเดียว (รหัสผ่านอยู่ใน $PASSWORD)", "Sign in once (the password is in $PASSWORD)"), signInLines(account, hashKey)),
    lines(say("ส่งจริง", "The real call"), callLines({ method: "POST", path: `/api/${call}`, file })),
    lines(say("ตรวจอย่างเดียว ไม่บันทึก", "Explain it, nothing stored"),
      callLines({ method: "POST", path: "/api/Explain", query: { call }, file, signed: Boolean(account) })));
}
