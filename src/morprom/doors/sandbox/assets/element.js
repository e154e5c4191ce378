// Building the page without markup in strings: what a payload holds is always text, never HTML.

/** An element. `given`: attributes; `on…` are listeners, `class` and `hidden` as in HTML; null and false are left out. */
export function el(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export const byId = (id) => document.getElementById(id);

/** Put `children` in place of all that `parent` holds. */
export function fill(parent, ...children) {
  parent.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return parent;
}

/** A button that copies `text`. */
export function copyButton(text, words) {
  const button = el("button", { type: "button", class: "small", onclick: copy }, words);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text());
      button.dataset.done = "true";
      setTimeout(() => delete button.dataset.done, 1500);
    } catch {
      const range = document.createRange();
      const shown = button.closest("section, div")?.querySelector("pre");
      if (!shown) return;
      range.selectNodeContents(shown);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }
  }
  return button;
}
