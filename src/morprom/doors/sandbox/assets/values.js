// Any JSON value as something to read: an object as names and values, a list of objects as a table.

import { el } from "./element.js";
import { say } from "./words.js";

const LONGEST_TABLE = 200;

/** A value of whatever shape. */
export function shown(value) {
  if (value === null || value === undefined || value === "") return el("span", { class: "quiet" }, "–");
  if (Array.isArray(value)) return list(value);
  if (typeof value === "object") return names(value);
  if (typeof value === "boolean") return value ? say("ใช่", "yes") : say("ไม่", "no");
  return document.createTextNode(String(value));
}

function list(values) {
  if (values.length === 0) return el("span", { class: "quiet" }, say("ไม่มี", "none"));
  if (values.every((one) => one === null || typeof one !== "object")) {
    return el("span", {}, values.map((one) => (one === null ? "–" : String(one))).join(", "));
  }
  const flat = values.every((one) => one && Object.values(one).every((cell) => cell === null || typeof cell !== "object"));
  if (flat && Object.keys(values[0]).length <= 8) return table(values, true);
  return el("ol", { class: "values" }, values.map((one) => el("li", {}, shown(one))));
}

function names(value) {
  const entries = Object.entries(value).filter(([, one]) => !isNothing(one));
  if (entries.length === 0) return el("span", { class: "quiet" }, say("ไม่มี", "none"));
  return el("dl", { class: "names" }, entries.map(([name, one]) => [el("dt", {}, name), el("dd", {}, shown(one))]));
}

export function isNothing(value) {
  return value === null || value === undefined || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}

/** Rows as a table; columns that are empty in every row are left out unless `all`. */
export function table(rows, all = false, name = "") {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row ?? {})))]
    .filter((column) => all || rows.some((row) => !isNothing(row?.[column])));
  const some = rows.slice(0, LONGEST_TABLE);
  return el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": name || columns.slice(0, 3).join(", ") },
    el("table", {},
      el("thead", {}, el("tr", {}, columns.map((column) => el("th", { scope: "col" }, column)))),
      el("tbody", {}, some.map((row) => el("tr", {}, columns.map((column) => el("td", {}, shown(row?.[column]))))))),
    rows.length > some.length ? el("p", { class: "quiet" }, say(`อีก ${rows.length - some.length} แถว`, `${rows.length - some.length} more rows`)) : null);
}
