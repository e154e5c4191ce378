// Any JSON value as something to read: an object as names and values, a list of objects as a table.

import { el } from "./element.js";
import { label, say } from "./words.js";

const LONGEST_TABLE = 200;
const WIDE = 12; // columns; few rows of more are easier to read one under the other
const FEW = 3;

/** A value of whatever shape. Where it says at which `path` it was read, `go` leads there. */
export function shown(value, go = null) {
  if (value === null || value === undefined || value === "") return el("span", { class: "quiet" }, "–");
  if (Array.isArray(value)) return list(value, go);
  if (typeof value === "object") return names(value, go);
  if (typeof value === "boolean") return value ? say("ใช่", "yes") : say("ไม่", "no");
  return document.createTextNode(String(value));
}

function list(values, go) {
  if (values.length === 0) return el("span", { class: "quiet" }, say("ไม่มี", "none"));
  if (values.every((one) => one === null || typeof one !== "object")) {
    return el("span", {}, values.map((one) => (one === null ? "–" : String(one))).join(", "));
  }
  const flat = values.every((one) => one && Object.values(one).every((cell) => cell === null || typeof cell !== "object"));
  if (flat && Object.keys(values[0]).length <= 9) return table(values, false, "", go);
  return el("ol", { class: "values" }, values.map((one) => el("li", {}, shown(one, go))));
}

function names(value, go, all = false) {
  const { path, from, ...members } = go ? value : { ...value, path: undefined, from: undefined };
  const given = go ? members : value;
  const entries = Object.entries(given).filter(([, one]) => all || !isNothing(one));
  if (entries.length === 0) return el("span", { class: "quiet" }, say("ไม่มี", "none"));
  return el("dl", { class: "names" },
    typeof path === "string" && [el("dt", {}, say("อ่านจาก", "read from")), el("dd", {}, placeButton(path, go, path))],
    entries.map(([name, one]) => [el("dt", {}, name), el("dd", {}, shown(one, go),
      typeof from?.[name] === "string" && placeButton(from[name], go, "↖"))]));
}

function placeButton(path, go, text) {
  return el("button", { type: "button", class: "place", title: path, "aria-label": `${label("ไปที่", "go to")} ${path}`, onclick: () => go(path) },
    el("code", {}, text));
}

export function isNothing(value) {
  return value === null || value === undefined || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}

/** Rows as a table; columns that are empty in every row are left out unless `all`. */
export function table(rows, all = false, name = "", go = null) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row ?? {})))]
    .filter((column) => all || rows.some((row) => !isNothing(row?.[column])));
  if (rows.length <= FEW && columns.length > WIDE) return el("ol", { class: "values" }, rows.map((row) => el("li", {}, names(row, null, all))));
  const some = rows.slice(0, LONGEST_TABLE);
  return el("div", { class: "wide", tabindex: "0", role: "group", "aria-label": name || columns.slice(0, 3).join(", ") },
    el("table", {},
      el("thead", {}, el("tr", {}, columns.map((column) => el("th", { scope: "col" }, column)))),
      el("tbody", {}, some.map((row) => el("tr", {}, columns.map((column) => el("td", {}, cell(row?.[column], column, go))))))),
    rows.length > some.length ? el("p", { class: "quiet" }, say(`อีก ${rows.length - some.length} แถว`, `${rows.length - some.length} more rows`)) : null);
}

const cell = (value, column, go) => (go && column === "path" && typeof value === "string" ? placeButton(value, go, "↖") : shown(value, go));
