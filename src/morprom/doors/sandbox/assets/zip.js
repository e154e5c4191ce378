// Unpacks a .zip in the browser: the central directory, stored and deflated members, with a limit on what they become.

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const MOST_MEMBERS = 5000;

export class ZipFault extends Error {
  constructor(th, en) {
    super(en);
    Object.assign(this, { th, en });
  }
}

/** The members of a zip: `{name, size, bytes()}`; `bytes` unpacks one, at most `limit` bytes. Throws ZipFault. */
export async function members(blob, limit) {
  const tail = new DataView(await blob.slice(Math.max(0, blob.size - 65_557)).arrayBuffer());
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== END) end -= 1;
  if (end < 0) throw new ZipFault("ไม่ใช่ zip หรือ zip ไม่ครบ", "this is no zip, or it was cut off");
  const [count, size, start] = [tail.getUint16(end + 10, true), tail.getUint32(end + 12, true), tail.getUint32(end + 16, true)];
  if (start === 0xffffffff || count === 0xffff) throw new ZipFault("zip ใหญ่เกินไป (zip64)", "the zip is too large (zip64)");
  if (count > MOST_MEMBERS) throw new ZipFault(`มีแฟ้มใน zip เกิน ${MOST_MEMBERS}`, `there are more than ${MOST_MEMBERS} files in the zip`);
  const directory = new DataView(await blob.slice(start, start + size).arrayBuffer());
  const found = [];
  for (let at = 0, number = 0; number < count; number += 1) {
    if (at + 46 > directory.byteLength || directory.getUint32(at, true) !== ENTRY) {
      throw new ZipFault("สารบัญของ zip เสีย", "the directory of the zip is damaged");
    }
    const entry = entryAt(directory, at);
    at += entry.length;
    if (!entry.name.endsWith("/")) found.push({ name: entry.name, size: entry.size, bytes: () => unpack(blob, entry, limit) });
  }
  return found;
}

function entryAt(view, at) {
  const [name, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
  const flags = view.getUint16(at + 8, true);
  const letters = new Uint8Array(view.buffer, view.byteOffset + at + 46, name);
  return {
    locked: (flags & 1) === 1,
    method: view.getUint16(at + 10, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
    name: new TextDecoder((flags & 0x800) === 0 ? "windows-874" : "utf-8").decode(letters),
    length: 46 + name + extra + comment,
  };
}

async function unpack(blob, entry, limit) {
  if (entry.locked) throw new ZipFault("แฟ้มใน zip มีรหัสผ่าน", "the file in the zip has a password");
  if (entry.method !== 0 && entry.method !== 8) throw new ZipFault("zip ใช้วิธีบีบอัดที่ไม่รองรับ", "the zip is packed in a way that is not read here");
  const local = new DataView(await blob.slice(entry.offset, entry.offset + 30).arrayBuffer());
  const start = entry.offset + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  const packed = blob.slice(start, start + entry.packed);
  const stream = entry.method === 0 ? packed.stream() : packed.stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return gather(stream, limit);
}

async function gather(stream, limit) {
  const chunks = [];
  let size = 0;
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > limit) throw new ZipFault("แฟ้มที่คลายแล้วใหญ่เกินกำหนด", "the unpacked file is over the limit");
      chunks.push(value);
    }
  } catch (error) {
    if (error instanceof ZipFault) throw error;
    throw new ZipFault("คลายแฟ้มใน zip ไม่ได้", "the file in the zip cannot be unpacked");
  } finally {
    reader.cancel().catch(() => {});
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
