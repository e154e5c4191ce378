// Ready examples of every call: an upload goes into the box and is explained, any other shows its line and its answer.

import { el, fill } from "./element.js";
import { callLines, lines } from "./curl.js";
import { read } from "./json.js";
import { own } from "./server.js";
import { Tree } from "./tree.js";
import { say } from "./words.js";

let listed = null;

/** Every call that has examples, as the server lists them. */
export const calls = () => (listed ??= own("/sandbox/examples"));

/** Fill the list. `load(text, call)` takes the body of an upload. */
export async function exampleList(holder, load) {
  const groups = Map.groupBy ? Map.groupBy(await calls(), (call) => call.group_en) : groupBy(await calls());
  const shown = el("div", { class: "example-shown", tabindex: "-1" });
  fill(holder, shown, [...groups.values()].map((group, number) => el("details", { class: "part", open: number < 2 },
    el("summary", {}, say(group[0].group_th, group[0].group_en), el("span", { class: "quiet" }, ` ${group.length}`)),
    el("ul", { class: "plain calls" }, group.map((call) => el("li", {},
      el("code", {}, call.title), " ", el("span", { class: "quiet" }, say(call.th, call.en)),
      el("div", { class: "row small" }, call.examples.map((one, place) => el("button", {
        type: "button", class: "small", "data-example": `${call.operation}/${one.name}`, onclick: () => open(call, place),
      }, say(one.th, one.en))))))))));

  async function open(call, number) {
    const example = (await own(`/sandbox/examples/${call.operation}`))[number];
    if (call.upload) {
      load(JSON.stringify(example.body, null, 2), call.upload);
      return;
    }
    fill(shown, other(call, example));
    shown.scrollIntoView({ block: "start" });
    shown.focus({ preventScroll: true });
  }
}

function groupBy(all) {
  const groups = new Map();
  for (const call of all) {
    if (!groups.has(call.group_en)) groups.set(call.group_en, []);
    groups.get(call.group_en).push(call);
  }
  return groups;
}

function other(call, example) {
  const holder = el("div", { class: "scroll low" });
  const answer = typeof example.answer === "string" ? el("pre", { tabindex: "0" }, example.answer) : holder;
  if (typeof example.answer !== "string") {
    new Tree(holder, read(JSON.stringify(example.answer)).root, []);
    holder.querySelector("[role=tree]").removeAttribute("aria-labelledby");
    holder.querySelector("[role=tree]").setAttribute("aria-label", `${call.title}: ${example.status}`);
  }
  const line = callLines({ method: example.method, path: call.path, query: example.query, body: example.body ?? undefined, signed: call.signed });
  return el("div", { class: "card inner" }, el("h4", {}, el("code", {}, call.title), " ", say(example.th, example.en)),
    lines("curl", line), el("h4", {}, say("คำตอบ", "The answer"), ` ${example.status}`), answer);
}
