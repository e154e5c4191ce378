// Reads JSON into a tree that keeps what JSON.parse forgets: order, repeated keys, digits as written, and places.
// It does not recurse, so that nesting of any depth is read.

const SPACE = new Set([" ", "\t", "\n", "\r"]);
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPES = new Set(['"', "\\", "/", "b", "f", "n", "r", "t"]);

export class Place {
  /** `kind` is object, array, string, number, boolean or null; `raw` is the text of what is no object and no array. */
  constructor(kind, key, parent, start) {
    Object.assign(this, { kind, key, parent, start, end: start, raw: "", children: [] });
  }

  get holds() {
    return this.kind === "object" || this.kind === "array";
  }

  /** The string's text, or the scalar as written. */
  get text() {
    return this.kind === "string" ? JSON.parse(this.raw) : this.raw;
  }
}

class Fault extends Error {
  constructor(at, th, en) {
    super(en);
    Object.assign(this, { at, th, en });
  }
}

/** `{root}`, or `{fault: {at, line, column, excerpt, th, en}}` with both counted from 1. */
export function read(text) {
  try {
    return { root: new Reader(text).read() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { fault: placed(text, error) };
  }
}

function placed(text, { at, th, en }) {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf("\n") + 1;
  const lineEnd = text.indexOf("\n", at);
  const line = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd);
  const column = at - lineStart + 1;
  const from = Math.max(0, column - 41);
  return {
    at, th, en, column, line: before.split("\n").length,
    excerpt: line.slice(from, column + 40).replaceAll("\t", " "), caret: column - 1 - from,
  };
}

class Reader {
  constructor(text) {
    this.text = text;
    this.at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  read() {
    this.skip();
    if (this.at >= this.text.length) throw new Fault(this.at, "ไม่มีข้อมูล", "there is nothing");
    const root = this.value(null, null);
    let open = root.holds ? root : null;
    while (open) open = this.step(open);
    this.skip();
    if (this.at < this.text.length) {
      throw new Fault(this.at, "มีข้อความเกินหลังจบ JSON", "there is more behind the end of the JSON");
    }
    return root;
  }

  /** One more child of `open`, or its end; the place that is open afterwards. */
  step(open) {
    const close = open.kind === "object" ? "}" : "]";
    this.skip();
    const first = open.children.length === 0;
    if (this.peek() === close) return this.closed(open);
    if (!first) {
      if (this.peek() !== ",") {
        throw this.odd(`ต้องเป็น , หรือ ${close}`, `expected , or ${close}`);
      }
      this.at += 1;
      this.skip();
      if (this.peek() === close) throw new Fault(this.at, `มี , เกินก่อน ${close}`, `there is a , too many before ${close}`);
    }
    let key = open.children.length;
    if (open.kind === "object") {
      if (this.peek() !== '"') throw this.odd('ชื่อคีย์ต้องอยู่ใน "…"', 'a key stands in "…"');
      key = JSON.parse(this.string());
      this.skip();
      if (this.peek() !== ":") throw this.odd("ต้องมี : หลังชื่อคีย์", "a : follows the key");
      this.at += 1;
      this.skip();
    }
    const child = this.value(key, open);
    open.children.push(child);
    return child.holds ? child : open;
  }

  closed(open) {
    this.at += 1;
    open.end = this.at;
    return open.parent;
  }

  value(key, parent) {
    const start = this.at;
    const character = this.peek();
    if (character === "{" || character === "[") {
      this.at += 1;
      return new Place(character === "{" ? "object" : "array", key, parent, start);
    }
    const made = new Place("null", key, parent, start);
    if (character === '"') {
      made.kind = "string";
      made.raw = this.string();
    } else {
      [made.kind, made.raw] = this.plain();
    }
    made.end = this.at;
    return made;
  }

  plain() {
    for (const [word, kind] of [["true", "boolean"], ["false", "boolean"], ["null", "null"]]) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return [kind, word];
      }
    }
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (!found) throw this.odd("ต้องเป็นค่า JSON", "expected a value");
    this.at = NUMBER.lastIndex;
    return ["number", found[0]];
  }

  /** The string's text with its quotation marks. */
  string() {
    const start = this.at;
    for (this.at += 1; this.at < this.text.length; this.at += 1) {
      const code = this.text.charCodeAt(this.at);
      if (code === 34) {
        this.at += 1;
        return this.text.slice(start, this.at);
      }
      if (code === 92) this.escape();
      else if (code < 32) {
        throw new Fault(this.at, "ขึ้นบรรทัดใหม่หรืออักขระควบคุมในข้อความ ต้องเขียนเป็น \\n",
          "a line break or control character inside a text: write it as \\n");
      }
    }
    throw new Fault(start, 'ข้อความที่เริ่มตรงนี้ไม่มี " ปิด', 'the text that begins here has no closing "');
  }

  escape() {
    const next = this.text[this.at + 1];
    if (ESCAPES.has(next)) this.at += 1;
    else if (next === "u" && /^[\da-fA-F]{4}$/.test(this.text.slice(this.at + 2, this.at + 6))) this.at += 5;
    else throw new Fault(this.at, "\\ ตามด้วยอักขระที่ JSON ไม่รู้จัก", "the \\ is followed by what JSON does not know");
  }

  /** What is wrong here, in words that name the usual slip. */
  odd(th, en) {
    const rest = this.text.slice(this.at, this.at + 12);
    if (!rest) return new Fault(this.at, "JSON จบก่อนครบ ข้อมูลถูกตัด", "the JSON ends too early: it was cut off");
    if (rest[0] === "'" || rest[0] === "“" || rest[0] === "”") {
      return new Fault(this.at, 'ใช้ " เท่านั้น ใช้ \' หรือ “ ไม่ได้', 'only " is a quotation mark in JSON');
    }
    if (rest.startsWith("//") || rest.startsWith("/*")) return new Fault(this.at, "JSON ไม่มี comment", "JSON has no comments");
    const word = /^[A-Za-z]+/.exec(rest)?.[0];
    if (word) return new Fault(this.at, `JSON ไม่มีคำว่า ${word}`, `JSON knows no ${word}`);
    if (/^[-+.]?\d/.test(rest)) return new Fault(this.at, "ตัวเลขเขียนไม่ถูกแบบ", "the number is not written as JSON writes it");
    return new Fault(this.at, th, en);
  }

  peek() {
    return this.text[this.at];
  }

  skip() {
    while (SPACE.has(this.text[this.at])) this.at += 1;
  }
}

/** The place a pointer leads to, as far as it is there, and the steps that are not: `{place, missing}`. */
export function follow(root, pointer) {
  const steps = pointer.split("/").slice(1).map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  let place = root;
  for (const [number, step] of steps.entries()) {
    const next = place.kind === "array" ? place.children[Number(step)]
      : place.children.findLast((child) => String(child.key) === step);
    if (!next) return { place, missing: steps.slice(number) };
    place = next;
  }
  return { place, missing: [] };
}
