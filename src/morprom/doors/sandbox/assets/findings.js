// The list of findings: one entry a code and sentence, how to mend it, and every place where it is.

import { el } from "./element.js";
import { badge, label, say, severityOf } from "./words.js";
import { countBySeverity, worstFirst } from "./marks.js";

const PLACES = 8;

/** The list, and `point(finding)` which brings its entry into view. `go(pointer)` shows the place in the tree. */
export function findingsList(findings, go) {
  if (findings.length === 0) {
    return { element: el("p", { class: "good" }, "✔ ", say("ไม่พบอะไรที่ต้องแก้", "Nothing to mend.")), point: () => {} };
  }
  const groups = grouped(findings);
  const entries = new Map();
  const element = el("div", { class: "findings" });
  for (const severity of worstFirst(countBySeverity(findings))) {
    const { mark, th, en } = severityOf(severity);
    const ofThis = groups.filter((group) => group[0].severity === severity);
    element.append(el("h4", { class: severity }, `${mark} `, say(th, en), el("span", { class: "quiet" }, ` ${ofThis.flat().length}`)),
      el("ul", { class: "plain" }, ofThis.map((group) => {
        const made = entry(group, go);
        for (const finding of group) entries.set(finding, made);
        return made;
      })));
  }
  return {
    element,
    point(finding) {
      const found = entries.get(finding);
      if (!found) return;
      element.querySelector(".chosen")?.classList.remove("chosen");
      found.classList.add("chosen");
      const panel = found.closest(".scroll");
      if (panel) panel.scrollTop = found.offsetTop - panel.offsetTop - 12;
    },
  };
}

function grouped(findings) {
  const groups = new Map();
  for (const finding of findings) {
    const name = `${finding.code}\n${finding.text_en}`;
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(finding);
  }
  return [...groups.values()];
}

function entry(group, go) {
  const [first] = group;
  const places = el("ul", { class: "places" }, group.slice(0, PLACES).map((finding) => place(finding, go)));
  return el("li", { class: `finding ${first.severity}` },
    el("p", { class: "what" }, badge(first.severity), " ", say(first.text_th, first.text_en), " ",
      el("code", { class: "code" }, first.code), group.length > 1 ? el("span", { class: "quiet" }, ` ×${group.length}`) : null),
    first.mend_th || first.mend_en ? el("p", { class: "mend" },
      el("strong", {}, say("แก้อย่างไร", "How to mend it"), ": "), say(first.mend_th, first.mend_en)) : null,
    places,
    group.length > PLACES ? more(group, places, go) : null);
}

function place(finding, go) {
  return el("li", {}, el("button", {
    type: "button", class: "place", onclick: () => go(finding.path ?? ""),
    "aria-label": `${label("ไปที่", "go to")} ${finding.path || "/"}`,
  }, el("code", {}, finding.path || "/")));
}

function more(group, places, go) {
  const button = el("button", { type: "button", class: "small", onclick: () => {
    places.append(...group.slice(PLACES).map((finding) => place(finding, go)));
    button.remove();
  } }, say(`อีก ${group.length - PLACES} แห่ง`, `${group.length - PLACES} more places`));
  return button;
}
