// From what was pasted, chosen or dropped to payloads: `{name, bytes, text, isUtf8}`, or `{name, fault: {th, en}}`.

import { members, ZipFault } from "./zip.js";

const UNPACKED_LIMIT = 50_000_000;

/** Yields payloads one by one; `told(done, total)` is called as they come. */
export async function* payloads(files, told) {
  let total = files.length;
  let done = 0;
  for (const file of files) {
    told(done, total);
    if (await isZip(file)) {
      try {
        const inside = (await members(file, UNPACKED_LIMIT)).filter((one) => !/(^|\/)(\.|__MACOSX)/.test(one.name));
        total += inside.length - 1;
        for (const member of inside) {
          yield await unpacked(file.name, member);
          told((done += 1), total);
        }
        continue;
      } catch (error) {
        if (!(error instanceof ZipFault)) throw error;
        yield { name: file.name, fault: { th: error.th, en: error.en } };
      }
    } else {
      yield payload(file.name, new Uint8Array(await file.arrayBuffer()));
    }
    told((done += 1), total);
  }
}

async function unpacked(zipName, member) {
  const name = `${zipName} › ${member.name}`;
  try {
    return payload(name, await member.bytes());
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    return { name, fault: { th: error.th, en: error.en } };
  }
}

async function isZip(file) {
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  return head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5);
}

/** Bytes as a payload; what is no UTF-8 is shown as Thai of Windows, which it mostly is. */
export function payload(name, bytes) {
  try {
    return { name, bytes, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), isUtf8: true };
  } catch {
    return { name, bytes, text: new TextDecoder("windows-874").decode(bytes), isUtf8: false };
  }
}

export const pasted = (text) => ({ name: "payload.json", bytes: new TextEncoder().encode(text), text, isUtf8: true });
