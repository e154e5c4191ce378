// Tabs (ARIA tabs pattern): arrow keys move, one panel is shown.

import { el } from "./element.js";

let made = 0;

/** `tabs`: `[{id, words, panel, note}]`; the element and a function that shows one by its id. */
export function tabbed(tabs, name) {
  const group = `tabs-${(made += 1)}`;
  const bar = el("div", { role: "tablist", class: "tabs", "aria-label": name });
  const buttons = tabs.map(({ id, words, note }) => el("button", {
    type: "button", role: "tab", id: `${group}-${id}`, "aria-controls": `${group}-${id}-panel`, "aria-selected": "false",
    tabindex: "-1", onclick: () => show(id),
  }, words, note ? el("span", { class: "note" }, note) : null));
  const panels = tabs.map(({ id, panel }) => el("div", {
    role: "tabpanel", id: `${group}-${id}-panel`, "aria-labelledby": `${group}-${id}`, tabindex: "0", hidden: true,
  }, panel));
  bar.append(...buttons);
  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    const to = (next + buttons.length) % buttons.length;
    show(tabs[to].id);
    buttons[to].focus();
  });

  function show(id) {
    for (const [number, tab] of tabs.entries()) {
      const chosen = tab.id === id;
      buttons[number].setAttribute("aria-selected", String(chosen));
      buttons[number].setAttribute("tabindex", chosen ? "0" : "-1");
      panels[number].hidden = !chosen;
    }
  }

  show(tabs[0].id);
  return { element: el("div", { class: "tabbed" }, bar, panels), show };
}
