// What was sent as a tree (ARIA tree pattern): arrow keys, marks at their places, children made when they are opened.

import { el, fill } from "./element.js";
import { follow } from "./json.js";
import { marksOf, worstFirst } from "./marks.js";
import { badge, say } from "./words.js";

const AT_ONCE = 100;
const OPENED_FINDINGS = 60;
const LONGEST = 90;

export class Tree {
  /** `chosen(pointer)` is called when somebody opens the findings of a place. */
  constructor(holder, root, findings, chosen = () => {}) {
    Object.assign(this, { holder, root, chosen });
    this.marks = marksOf(root, findings);
    this.items = new Map();
    this.list = el("ul", { role: "tree", class: "tree", "aria-labelledby": "sent-title" });
    this.list.append(this.item(root, 1, 1, 1));
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => this.click(event));
    fill(holder, this.list);
    this.open(root);
    for (const child of root.children) if (child.holds && child.children.length <= 12) this.open(child);
    for (const finding of findings.filter((one) => one.severity !== "information").slice(0, OPENED_FINDINGS)) {
      this.openTo(finding.path ?? "");
    }
    this.focusable(this.items.get(root));
  }

  /** Bring the place of a pointer, or where it should have been, into view and to the keyboard. */
  reveal(pointer) {
    const item = this.openTo(pointer);
    this.focusable(item);
    item.focus({ preventScroll: true });
    item.firstElementChild.scrollIntoView({ block: "center", behavior: "auto" });
    item.classList.remove("found");
    void item.offsetWidth; // so that the mark flashes again
    item.classList.add("found");
  }

  /** Close everything but the top. */
  fold() {
    for (const [place, item] of this.items) {
      if (place.parent && item.getAttribute("aria-expanded") === "true") item.setAttribute("aria-expanded", "false");
    }
    this.focusable(this.items.get(this.root));
  }

  openTo(pointer) {
    const { place, missing } = follow(this.root, pointer);
    const way = [];
    for (let up = place; up; up = up.parent) way.unshift(up);
    for (const step of way.slice(0, -1)) this.open(step, step.children.indexOf(way[way.indexOf(step) + 1]));
    if (missing.length > 0 && place.holds) {
      this.open(place);
      return this.items.get(place).querySelector(`:scope > ul > li[data-missing="${CSS.escape(missing.join("/"))}"]`) ?? this.items.get(place);
    }
    return this.items.get(place);
  }

  /** Show the children of a place, at least up to the one numbered `upTo`. */
  open(place, upTo = 0) {
    if (!place.holds) return;
    const item = this.items.get(place);
    const mark = this.marks.get(place);
    if (place.children.length === 0 && !mark?.missing.size) return;
    let group = item.querySelector(":scope > ul");
    if (!group) {
      group = el("ul", { role: "group" });
      item.append(group);
      for (const [key, findings] of mark?.missing ?? []) group.append(this.missingItem(place, key, findings));
    }
    this.grow(place, group, upTo);
    item.setAttribute("aria-expanded", "true");
  }

  grow(place, group, upTo) {
    let shown = group.querySelectorAll(":scope > li[data-child]").length;
    const wanted = Math.min(place.children.length, Math.max(upTo + 1, shown || AT_ONCE));
    group.querySelector(":scope > .more")?.remove();
    const anchor = group.querySelector(":scope > li[data-missing]");
    for (; shown < wanted; shown += 1) {
      const made = this.item(place.children[shown], this.level(place) + 1, shown + 1, place.children.length);
      group.insertBefore(made, anchor);
    }
    if (shown < place.children.length) group.append(this.moreItem(place, shown));
  }

  level(place) {
    let level = 1;
    for (let up = place.parent; up; up = up.parent) level += 1;
    return level;
  }

  item(place, level, number, of) {
    const mark = this.marks.get(place);
    const openable = place.holds && (place.children.length > 0 || mark?.missing.size);
    const made = el("li", {
      role: "treeitem", tabindex: "-1", "data-child": "", "aria-level": level, "aria-posinset": number, "aria-setsize": of,
      "aria-expanded": openable ? "false" : null, class: mark?.own.length ? `marked ${worstFirst(ofOwn(mark))[0]}` : null,
    }, this.row(place, mark));
    named(made);
    made.place = place;
    this.items.set(place, made);
    return made;
  }

  row(place, mark) {
    return el("div", { class: "line" },
      el("span", { class: "caret", "aria-hidden": "true" }),
      place.parent ? el("span", { class: typeof place.key === "number" ? "index" : "key" }, String(place.key)) : null,
      place.parent ? el("span", { class: "colon" }, ": ") : null,
      value(place),
      mark ? el("span", { class: "badges" }, worstFirst(mark.below).map((severity) => badge(severity, mark.below[severity]))) : null,
      mark?.own.length ? notes(mark.own) : null);
  }

  missingItem(parent, key, findings) {
    const made = el("li", {
      role: "treeitem", tabindex: "-1", "data-missing": key, "aria-level": this.level(parent) + 1,
      class: `marked missing ${findings[0].severity}`,
    }, el("div", { class: "line" }, el("span", { class: "caret" }), el("span", { class: "key" }, key), el("span", { class: "colon" }, ": "),
      el("em", {}, say("ไม่ได้ส่งมา", "not sent")), el("span", { class: "badges" }, badge(findings[0].severity)), notes(findings)));
    made.finding = findings[0];
    named(made);
    return made;
  }

  moreItem(place, shown) {
    const left = place.children.length - shown;
    const made = el("li", { role: "treeitem", tabindex: "-1", class: "more", "aria-level": this.level(place) + 1 },
      el("div", { class: "line" }, say(`อีก ${left} รายการ`, `${left} more`)));
    made.grow = () => {
      this.open(place, shown + AT_ONCE - 1);
      this.focusable(this.items.get(place.children[shown])).focus();
    };
    return made;
  }

  click(event) {
    const item = event.target.closest("[role=treeitem]");
    if (!item) return;
    this.focusable(item).focus({ preventScroll: true });
    if (item.grow) item.grow();
    else if (item.getAttribute("aria-expanded") !== null && !event.target.closest(".notes")) this.toggle(item);
    this.tell(item);
  }

  toggle(item) {
    if (item.getAttribute("aria-expanded") === "true") item.setAttribute("aria-expanded", "false");
    else this.open(item.place);
  }

  /** Tell the list of findings that this place was chosen. */
  tell(item) {
    const finding = item.finding ?? (item.place && this.marks.get(item.place)?.own[0]);
    if (finding) this.chosen(finding);
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const item = document.activeElement.closest("[role=treeitem]");
    const act = item && KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    const next = act(this, item, this.visible());
    if (next) this.focusable(next).focus();
  }

  visible() {
    return [...this.list.querySelectorAll("[role=treeitem]")].filter((item) => item.offsetParent !== null);
  }

  /** Make this the one item that Tab reaches. */
  focusable(item) {
    this.list.querySelector("[tabindex='0']")?.setAttribute("tabindex", "-1");
    item.setAttribute("tabindex", "0");
    return item;
  }
}

const KEYS = {
  ArrowDown: (tree, item, shown) => shown[shown.indexOf(item) + 1],
  ArrowUp: (tree, item, shown) => shown[shown.indexOf(item) - 1],
  Home: (tree, item, shown) => shown[0],
  End: (tree, item, shown) => shown.at(-1),
  ArrowRight: (tree, item, shown) => {
    if (item.getAttribute("aria-expanded") === "false") tree.toggle(item);
    else if (item.getAttribute("aria-expanded") === "true") return shown[shown.indexOf(item) + 1];
    return null;
  },
  ArrowLeft: (tree, item) => {
    if (item.getAttribute("aria-expanded") === "true") tree.toggle(item);
    else return item.parentElement.closest("[role=treeitem]");
    return null;
  },
  "*": (tree, item) => {
    for (const one of item.parentElement.querySelectorAll(":scope > [aria-expanded=false]")) tree.toggle(one);
    return null;
  },
  Enter: (tree, item) => {
    if (item.grow) item.grow();
    else if (item.getAttribute("aria-expanded") !== null) tree.toggle(item);
    tree.tell(item);
    return null;
  },
};
KEYS[" "] = KEYS.Enter;

function ofOwn(mark) {
  const counts = {};
  for (const { severity } of mark.own) counts[severity] = 1;
  return counts;
}

let lines = 0;

/** An item is named by its own line, and not by all that is below it. */
function named(item) {
  const line = item.firstElementChild;
  line.id = `line-${(lines += 1)}`;
  item.setAttribute("aria-labelledby", line.id);
}

function notes(findings) {
  return el("div", { class: "notes" }, findings.slice(0, 4).map((one) => el("div", { class: one.severity },
    el("code", {}, one.code), " ", say(one.text_th, one.text_en))));
}

function value(place) {
  if (place.kind === "object") return el("span", { class: "size" }, place.children.length ? `{ ${keys(place)} }` : "{ }");
  if (place.kind === "array") return el("span", { class: "size" }, place.children.length ? `[ ${place.children.length} ]` : "[ ]");
  return el("span", { class: `value ${place.kind}` }, place.kind === "string" ? cut(place.raw) : cut(place.raw));
}

function keys(place) {
  const named = place.children.slice(0, 4).map((child) => cut(String(child.key), 24)).join(", ");
  return place.children.length > 4 ? `${named}, …` : named;
}

const cut = (text, most = LONGEST) => (text.length > most ? `${text.slice(0, most)}…` : text);
