// The page: payloads in, each sent to /api/Explain, what came of the chosen one shown.

import { byId, el, fill } from "./element.js";
import { calls, exampleList } from "./examples.js";
import { curlView } from "./curl.js";
import { pasted, payloads } from "./files.js";
import { findingsList } from "./findings.js";
import { read } from "./json.js";
import { countBySeverity, worstFirst } from "./marks.js";
import { explain, signedIn } from "./server.js";
import { signInBox } from "./sign-in.js";
import { tabbed } from "./tabs.js";
import { Tree } from "./tree.js";
import { changes, readers, stored, understood } from "./views.js";
import { badge, label, say, severityOf } from "./words.js";

const AT_ONCE = 2;
const MOST_SHOWN = 400_000; // characters in the box; a larger payload is explained all the same

let queue = [];
let chosen = null;
let next = () => {};

// What goes in

async function explainBox() {
  const text = byId("payload").value;
  if (!text.trim()) {
    byId("payload").focus();
    return;
  }
  const loaded = chosen && queue.length === 1 && chosen.text === text ? chosen : pasted(text);
  await take([loaded]);
}

async function takeFiles(files) {
  if (files.length === 0) return;
  queue = [];
  const all = [];
  for await (const one of payloads([...files], progress)) all.push(one);
  await take(all);
}

/** Explain every payload, two at a time, and show the first that has something to mend. */
async function take(given) {
  queue = given;
  chosen = null;
  byId("queue-card").hidden = given.length < 2;
  byId("result").hidden = true;
  drawQueue();
  let done = 0;
  progress(0, given.length);
  const waiting = [...given];
  const work = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      await explained(one);
      if (queue !== given) return;
      progress((done += 1), given.length);
      drawQueue();
      if (given.length === 1 || (!chosen && one.answer)) show(one, given.length === 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function explained(one) {
  if (one.fault) return;
  one.call = byId("call").value;
  const tree = read(one.text);
  one.root = tree.root;
  one.broken = tree.fault;
  if (one.bytes.length > Number(byId("result").dataset.bodyLimit)) {
    one.fault = { th: "ใหญ่เกินที่ระบบรับ แบ่งส่งเป็นหลายครั้ง", en: "larger than is received; send it in several uploads" };
    return;
  }
  try {
    one.answer = await explain(one.bytes, one.call);
  } catch {
    one.fault = { th: "ติดต่อระบบไม่ได้", en: "the server does not answer" };
  }
}

// The list of files

function progress(done, total) {
  byId("progress").max = Math.max(total, 1);
  byId("progress").value = done;
  byId("progress-said").textContent = `${done} / ${total}`;
}

function drawQueue() {
  fill(byId("queue"), queue.map((one) => el("li", {}, el("button", {
    type: "button", "aria-pressed": String(one === chosen), disabled: !one.answer && !one.fault && !one.broken, onclick: () => show(one, true),
  }, el("span", { class: "file" }, one.name), " ", summary(one)))));
}

function summary(one) {
  if (one.fault) return el("span", { class: "error" }, "✖ ", say(one.fault.th, one.fault.en));
  if (!one.answer) return el("span", { class: "quiet" }, say("รอ", "waiting"));
  const counts = countBySeverity(findingsOf(one));
  const worst = worstFirst(counts);
  return worst.length ? el("span", { class: "badges" }, worst.map((severity) => badge(severity, counts[severity])))
    : el("span", { class: "good" }, "✔");
}

const resultOf = (one) => one.answer?.result ?? null;
const findingsOf = (one) => resultOf(one)?.findings ?? one.answer?.processing_issue ?? [];

// What came of one

function show(one, focus) {
  chosen = one;
  drawQueue();
  const box = byId("payload");
  if (one.text !== undefined && box.value !== one.text) {
    box.value = one.text.length > MOST_SHOWN ? "" : one.text;
  }
  byId("result").hidden = false;
  fault(one);
  const result = resultOf(one);
  fill(byId("verdict"), verdict(one, result));
  const findings = findingsOf(one);
  const tree = one.root ? new Tree(byId("tree"), one.root, findings, (finding) => {
    tabs.show("findings");
    list.point(finding);
  }) : unread(one);
  const go = (pointer) => tree?.reveal(pointer);
  const list = findingsList(findings, go);
  const tabs = views(one, result, findings, list, go);
  fill(byId("views"), tabs.element);
  let at = -1;
  next = () => {
    if (findings.length) go(findings[(at += 1) % findings.length].path ?? "");
  };
  byId("next-finding").disabled = findings.length === 0 || !tree;
  byId("fold-tree").disabled = !tree;
  byId("fold-tree").onclick = () => tree?.fold();
  if (focus) announce(one, findings);
}

function announce(one, findings) {
  const counts = countBySeverity(findings);
  const said = worstFirst(counts).map((severity) => `${counts[severity]} ${label(severityOf(severity).th, severityOf(severity).en)}`);
  byId("told").textContent = `${one.name}: ${said.join(", ") || label("ไม่พบอะไรที่ต้องแก้", "nothing to mend")}`;
  byId("result-title").focus({ preventScroll: true });
  byId("result").scrollIntoView({ block: "start" });
}

/** Where the JSON is broken, by line and column, with the text around it. */
function fault(one) {
  const { broken } = one;
  byId("payload").setAttribute("aria-invalid", String(Boolean(broken)));
  fill(byId("payload-fault"), broken && el("div", { class: "broken" },
    el("p", {}, el("strong", {}, say(`บรรทัด ${broken.line} คอลัมน์ ${broken.column}: `, `Line ${broken.line}, column ${broken.column}: `)), say(broken.th, broken.en)),
    el("pre", { tabindex: "0" }, `${broken.excerpt}\n${" ".repeat(broken.caret)}^`),
    el("button", { type: "button", class: "small", onclick: () => select(broken.at) }, say("ไปที่จุดนั้น", "Go there"))),
  one.isUtf8 === false && el("p", {}, say("แฟ้มนี้ไม่ใช่ UTF-8 ที่เห็นคือการเดาว่าเป็น TIS-620 (windows-874)",
    "This file is not UTF-8; what you see is a guess that it is TIS-620 (windows-874).")));
}

function select(at) {
  const box = byId("payload");
  box.focus();
  box.setSelectionRange(at, Math.min(at + 1, box.value.length));
  const lines = box.value.slice(0, at).split("\n").length;
  box.scrollTop = Math.max(0, (lines - 4) * Number.parseFloat(getComputedStyle(box).lineHeight));
}

function unread(one) {
  fill(byId("tree"), one.text === undefined ? el("p", { class: "quiet" }, one.name) : el("pre", { tabindex: "0" }, one.text.slice(0, 20_000)));
  return null;
}

function verdict(one, result) {
  if (one.fault) return el("p", { class: "verdict no" }, "✖ ", say(one.fault.th, one.fault.en));
  if (!result) {
    const [th, en] = String(one.answer?.Message ?? "").split(" / ");
    return el("p", { class: "verdict no" }, `✖ ${one.answer?.MessageCode ?? ""} `, say(th, en ?? th));
  }
  const counts = countBySeverity(findingsOf(one));
  return el("p", { class: `verdict ${result.accepted ? "yes" : "no"}` },
    el("strong", {}, result.accepted ? "✔ " : "✖ ", result.accepted ? say("ระบบรับ", "Accepted") : say("ระบบไม่รับ", "Refused")),
    ` ${result.status} · `, el("code", {}, result.call ?? ""), " · ",
    Object.keys(counts).length ? worstFirst(counts).map((severity) => [badge(severity), " ", String(counts[severity]), " ", say(severityOf(severity).th, severityOf(severity).en), " "])
      .flat() : say("ไม่มีคำเตือน", "no warnings"));
}

function views(one, result, findings, list, go) {
  const call = result?.call || one.call || "UpdatePHRv1";
  const file = one.name.split(" › ").at(-1).split("/").at(-1);
  const read = result ?? {};
  return tabbed([
    { id: "findings", words: say("สิ่งที่พบ", "Findings"), note: String(findings.length), panel: el("div", { class: "scroll" }, list.element) },
    { id: "understood", words: say("ที่ระบบเข้าใจ", "Understood"), panel: el("div", { class: "scroll" }, understood(read, go)) },
    { id: "readers", words: say("ที่ผู้อ่านเห็น", "Readers"), panel: el("div", { class: "scroll" }, readers(read)) },
    { id: "stored", words: say("เก็บและคืน", "Stored"), panel: el("div", { class: "scroll" }, stored(read)) },
    { id: "changes", words: say("ต่างจากเดิม", "Changes"), panel: el("div", { class: "scroll" }, changes(read, signedIn(), go)) },
    { id: "curl", words: "curl", panel: el("div", { class: "scroll" }, curlView(signedIn(), byId("sign-in-form").dataset.hashKey, call, file)) },
  ], label("มุมมอง", "views"));
}

// Wiring

async function fillCalls() {
  const uploads = (await calls()).filter((call) => call.upload);
  byId("call").append(el("option", { value: "" }, label("ให้ระบบเดาจากข้อมูล", "let the server tell")),
    ...uploads.map((call) => el("option", { value: call.upload }, call.upload)));
}

function load(text, call) {
  byId("call").value = call;
  byId("payload").value = text;
  explainBox();
}

function wire() {
  byId("explain").addEventListener("click", explainBox);
  byId("payload").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) explainBox();
  });
  byId("files").addEventListener("change", (event) => {
    takeFiles([...event.target.files]);
    event.target.value = "";
  });
  byId("clear").addEventListener("click", () => {
    queue = [];
    chosen = null;
    byId("payload").value = "";
    fill(byId("payload-fault"));
    byId("result").hidden = true;
    byId("queue-card").hidden = true;
    byId("payload").focus();
  });
  byId("next-finding").addEventListener("click", () => next());
  dropping(byId("drop"));
  byId("examples").addEventListener("toggle", () => {
    if (!byId("examples-list").firstChild) exampleList(byId("examples-list"), load);
  });
  signInBox(() => {
    if (chosen?.text !== undefined) explainBox();
  });
}

function dropping(target) {
  for (const type of ["dragenter", "dragover"]) {
    document.addEventListener(type, (event) => {
      event.preventDefault();
      target.classList.add("over");
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) target.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    target.classList.remove("over");
    const text = event.dataTransfer.getData("text/plain");
    if (event.dataTransfer.files.length) takeFiles([...event.dataTransfer.files]);
    else if (text) load(text, byId("call").value);
  });
}

wire();
fillCalls();
