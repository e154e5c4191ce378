// Every sentence in Thai and English; the page shows one or both.

import { el } from "./element.js";

/** A sentence as two spans, of which the page shows what its reader chose. */
export function say(th, en) {
  const both = document.createDocumentFragment();
  both.append(el("span", { class: "th", lang: "th" }, th), el("span", { class: "en", lang: "en" }, en));
  return both;
}

/** The same as plain text, for names that only a screen reader or an option shows. */
export function label(th, en) {
  const shown = document.documentElement.dataset.words;
  return shown === "th" ? th : shown === "en" ? en : `${th} / ${en}`;
}

export const SEVERITIES = {
  error: { mark: "✖", th: "ผิด", en: "error" },
  warning: { mark: "▲", th: "เตือน", en: "warning" },
  information: { mark: "●", th: "แจ้งให้ทราบ", en: "information" },
};

export const severityOf = (name) => SEVERITIES[name] ?? SEVERITIES.information;

/** A mark whose shape, colour and name say how bad. */
export function badge(severity, count = 0) {
  const { mark, th, en } = severityOf(severity);
  return el("span", { class: `mark ${severity}`, role: "img", "aria-label": `${count || ""} ${label(th, en)}`.trim() },
    count > 1 ? `${mark}${count}` : mark);
}
