// Shortcut keys by place on the keyboard, so that they are the same under a Thai layout. They can be switched off.
const KEPT = "morprom-keys";
const WRITTEN = "input:not([type=radio]):not([type=checkbox]):not([type=hidden]), textarea, select";
const IN_FIELDS = /^(Escape|F[0-9]+)$/;

let on = localStorage.getItem(KEPT) !== "off";

function show() {
  const button = document.querySelector("[data-keys]");
  if (!button) return;
  button.setAttribute("aria-pressed", String(on));
  button.querySelector("[data-on]").hidden = !on;
  button.querySelector("[data-off]").hidden = on;
  document.documentElement.classList.toggle("no-keys", !on);
}

function isVisible(element) {
  return element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
}

function wanted(code) {
  const same = code.startsWith("Numpad") ? `Digit${code.slice(6)}` : code;
  return [...document.querySelectorAll(`[data-key="${CSS.escape(same)}"]`)].find(isVisible);
}

function typeInto(field) {
  field.focus();
  field.select?.(); // what is typed takes the place of what stands there
}

addEventListener("keydown", (event) => {
  if (!on || event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
  if (event.target.matches?.(WRITTEN) && !IN_FIELDS.test(event.code)) return;
  const found = wanted(event.code);
  if (!found) return;
  event.preventDefault();
  found.click();
  if (found.matches("summary")) typeInto(found.parentElement.querySelector("input:not([type=hidden]), textarea") ?? found);
});

addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-keys]")) return;
  on = !on;
  localStorage.setItem(KEPT, on ? "on" : "off");
  show();
});

show();
