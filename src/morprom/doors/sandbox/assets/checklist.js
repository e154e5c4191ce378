// The conformance checklist of the hospital that is signed in.

import { byId, el, fill } from "./element.js";
import { conformance, signedIn } from "./server.js";
import { signInBox } from "./sign-in.js";
import { label, say } from "./words.js";

let link = "";

async function refresh() {
  const account = signedIn();
  if (!account) return;
  fill(byId("told"), say("กำลังอ่าน…", "Reading…"));
  const reply = await conformance(account.hospital).catch(() => null);
  if (!reply?.result) {
    const [th, en] = String(reply?.Message ?? "ติดต่อระบบไม่ได้ / the server does not answer").split(" / ");
    fill(byId("told"), el("span", { class: "error" }, "✖ ", say(th, en ?? th)));
    byId("list").hidden = true;
    return;
  }
  fill(byId("told"));
  draw(reply.result);
}

function draw(result) {
  byId("list").hidden = false;
  byId("done").max = Math.max(result.total, 1);
  byId("done").value = result.done;
  byId("done-count").textContent = `${result.done} / ${result.total}`;
  fill(byId("since"), result.since ? [say("นับตั้งแต่", "Counted since"), ` ${local(result.since)}`] : null);
  URL.revokeObjectURL(link);
  link = URL.createObjectURL(new Blob([JSON.stringify(result, null, 2)], { type: "application/json" }));
  byId("as-json").href = link;
  byId("as-json").download = `checklist-${result.hospital_code}.json`;
  const groups = new Map();
  for (const item of result.items) {
    if (!groups.has(item.group)) groups.set(item.group, []);
    groups.get(item.group).push(item);
  }
  fill(byId("groups"), [...groups].map(([name, items]) => el("section", { class: "card group" },
    el("h2", {}, say(items[0].group_th ?? name, name), el("span", { class: "quiet" }, ` ${items.filter((one) => one.done).length} / ${items.length}`)),
    el("ul", { class: "plain checks" }, items.map(check)))));
  onlyLeft();
}

function check(item) {
  return el("li", { class: item.done ? "check-done" : "check-left" },
    el("span", { class: "tick", role: "img", "aria-label": item.done ? label("ทำแล้ว", "done") : label("เหลือ", "left") }, item.done ? "✔" : "○"),
    el("div", {}, el("p", { class: "what" }, say(item.th, item.en)),
      item.done && item.last_at ? el("p", { class: "quiet" }, say("ล่าสุด", "last"), ` ${local(item.last_at)}`) : null,
      item.done ? null : how(item)));
}

/** How to do it: the call to make, and what to send with it. */
function how(item) {
  return el("p", { class: "how" }, say("ทำอย่างไร: ", "How: "), el("code", {}, item.how), " ", say(item.how_th ?? "", item.how_en ?? ""));
}

function local(iso) {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : at.toLocaleString("th-TH", { dateStyle: "medium", timeStyle: "short" });
}

function onlyLeft() {
  byId("groups").classList.toggle("only-left", byId("only-left").checked);
}

byId("refresh").addEventListener("click", refresh);
byId("only-left").addEventListener("change", onlyLeft);
signInBox((account) => {
  byId("list").hidden = !account;
  if (account) refresh();
});
