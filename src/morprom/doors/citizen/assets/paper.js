// What belongs on paper: print it, copy it, save it as a file. Without this file it is written down by hand.
const source = document.querySelector("[data-text]");
const text = () => [...source.querySelectorAll("code")].map((one) => one.textContent.trim()).join("\n");

function offer(name, action) {
  const button = document.querySelector(`[data-${name}]`);
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => action(button));
}

offer("print", () => window.print());
if (navigator.clipboard) offer("copy", async () => {
  await navigator.clipboard.writeText(text());
  const said = document.querySelector("[data-copied]");
  said.hidden = false;
});
offer("save", (button) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${text()}\n`], { type: "text/plain" }));
  link.download = button.dataset.save;
  link.click();
  URL.revokeObjectURL(link.href);
});
