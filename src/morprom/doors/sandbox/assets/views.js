// What is shown beside the tree: how it was read, what readers see, what is stored and comes back, what would change.

import { copyButton, el, fill } from "./element.js";
import { shown, table } from "./values.js";
import { label, say } from "./words.js";

const none = (th, en) => el("p", { class: "quiet" }, say(th, en));

/** How the parts were read. */
export function understood(result, go) {
  const read = result.understood;
  if (!read) return none("อ่านไม่ได้ จึงไม่มีอะไรให้แสดง", "It could not be read, so there is nothing to show.");
  const { person, visits, items, ...rest } = read;
  const parts = visits ?? items ?? [];
  return el("div", {},
    person ? [el("h4", {}, say("บุคคล", "The person")), shown(person, go)] : null,
    parts.length ? el("h4", {}, visits ? say("การรับบริการ", "Visits") : say("รายการ", "Items"), ` ${parts.length}`) : null,
    parts.map((part, number) => onePart(part, number, parts.length, go)),
    Object.keys(rest).length ? [el("h4", {}, say("อื่น ๆ", "The rest")), shown(rest, go)] : null);
}

function onePart(part, number, of, go) {
  const { ref, day, sensitive, ...rest } = part;
  return el("details", { class: "part", open: of <= 3 || number === 0 },
    el("summary", {}, el("code", {}, ref ?? number + 1), day ? ` · ${day}` : null,
      sensitive?.length ? el("span", { class: "tag" }, say("ข้อมูลอ่อนไหว", "sensitive")) : null),
    sensitive?.length ? el("div", { class: "sensitive" },
      el("p", {}, say("ผู้อ่านด้วยรหัสจะไม่เห็น เพราะ", "Who reads with a code does not see it, because of:")),
      el("ul", {}, sensitive.map((one) => el("li", {}, one.rule ? el("code", {}, one.rule) : null, " ", say(one.th ?? "", one.en ?? ""))))) : null,
    shown(rest, go));
}

/** What a reader with a code and what the owner sees, action by action. */
export function readers(result) {
  const actions = [...new Set([...Object.keys(result.reader ?? {}), ...Object.keys(result.owner ?? {})])];
  if (actions.length === 0) return none("ไม่มีอะไรให้ผู้อ่านเห็น", "There is nothing for readers to see.");
  const holder = el("div", {});
  const all = el("input", { type: "checkbox", onchange: draw });
  const select = el("select", { onchange: draw }, actions.map((action) => el("option", { value: action }, optionOf(result, action))));
  function draw() {
    fill(holder, oneReader(say("ผู้อ่านด้วยรหัส OTP", "A reader with a one-time code"), result.reader?.[select.value], all.checked, "OTP"),
      oneReader(say("เจ้าของข้อมูล", "The owner"), result.owner?.[select.value], all.checked, label("เจ้าของ", "owner")));
  }
  draw();
  return el("div", {},
    el("p", { class: "quiet" }, say("สิ่งที่ WebApp จะตอบ หากเก็บข้อมูลนี้ไว้เพียงชุดเดียว", "What WebApp would answer if this were all that is stored.")),
    el("div", { class: "row" }, el("label", { class: "grow" }, "Action ", select),
      el("label", { class: "check" }, all, " ", say("แสดงช่องว่างด้วย", "empty columns too"))), holder);
}

const sizeOf = (rows) => (Array.isArray(rows) ? rows.length : rows ? 1 : 0);

function optionOf(result, action) {
  const [reader, owner] = [sizeOf(result.reader?.[action]), sizeOf(result.owner?.[action])];
  return reader === owner ? `${action} (${reader})` : `${action} (OTP ${reader} / ${owner})`;
}

function oneReader(words, rows, all, name) {
  return el("div", { class: "reader" }, el("h4", {}, words, el("span", { class: "quiet" }, ` ${sizeOf(rows)}`)),
    Array.isArray(rows) && rows.length ? table(rows, all, name) : sizeOf(rows) === 0 ? none("ไม่เห็นอะไร", "Sees nothing.") : shown(rows));
}

/** Fingerprints, and what comes back on export. */
export function stored(result) {
  const hashes = result.content_hash ?? [];
  const exported = result.export ?? [];
  return el("div", {},
    el("h4", {}, say("รอยนิ้วมือของเนื้อหา", "Content hash")),
    none("ส่งซ้ำแล้วรอยนิ้วมือเดิม แปลว่าไม่มีอะไรต้องบันทึกใหม่", "The same hash again means that there is nothing new to store."),
    hashes.length ? table(hashes, true, label("รอยนิ้วมือ", "content hash")) : none("ไม่มี", "None."),
    el("h4", {}, say("สิ่งที่ได้คืนเมื่อส่งออก", "What comes back on export")),
    exported.map(oneExport), exported.length ? null : none("ไม่มี", "None."));
}

function oneExport({ call, payload }) {
  const text = () => JSON.stringify(payload, null, 2);
  const holder = el("pre", { tabindex: "0" });
  return el("details", { class: "part", ontoggle: () => holder.firstChild ?? holder.append(text()) },
    el("summary", {}, call), el("div", {}, copyButton(text, say("คัดลอก", "Copy")), holder));
}

const OUTCOMES = {
  new: ["ใหม่", "new"], same: ["เหมือนเดิม", "same"], changed: ["เปลี่ยน", "changed"], moved: ["ย้ายบุคคล", "moved to another person"],
};

/** What would change against what the signed-in hospital has stored. `go` shows a place in the tree. */
export function changes(result, account, go) {
  if (!result.changes) {
    return account
      ? none("เทียบได้เฉพาะข้อมูลของโรงพยาบาลที่ลงชื่อไว้", "Only payloads of the hospital that is signed in are compared.")
      : none("ลงชื่อเข้าใช้ด้วยบัญชีของโรงพยาบาลทดสอบ แล้วตรวจอีกครั้ง จะเห็นว่าต่างจากที่เก็บไว้ตรงไหน",
        "Sign in with an account of the test hospital and explain again to see what differs from what is stored.");
  }
  if (result.changes.length === 0) return none("ไม่มีรายการให้เทียบ", "There is nothing to compare.");
  const sent = asSent(result);
  return el("ul", { class: "plain" }, result.changes.map((one) => {
    const [th, en] = OUTCOMES[one.outcome] ?? [one.outcome, one.outcome];
    return el("li", { class: "finding" }, el("p", { class: "what" }, el("code", {}, one.ref), " ", el("span", { class: `tag ${one.outcome}` }, say(th, en))),
      one.paths?.length ? el("ul", { class: "places" }, one.paths.map((path) => el("li", {},
        el("button", { type: "button", class: "place", onclick: () => go(sent(one, path)) }, el("code", {}, sent(one, path) || "/"))))) : null);
  }));
}

/** Paths of changes lead into what is stored of one item; this tells where in the payload that is. */
function asSent(result) {
  const { visits = [], items = [] } = result.understood ?? {};
  const visit = new Map(visits.map((one) => [one.ref, one.path]));
  const item = new Map(items.map((one) => [one.ref, one.path]));
  return ({ ref }, path) => {
    if (visit.has(ref)) return visit.get(ref) + path;
    if (ref === "AllergyIntolerance") return `/${ref}${path}`;
    const array = item.get(ref)?.split("/")[1];
    return array && path.startsWith(`/${array}/0`) ? item.get(ref) + path.slice(array.length + 3) : path;
  };
}
