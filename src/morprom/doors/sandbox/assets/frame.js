// What every page has: language and size of type, kept for the next visit.

for (const name of ["words", "type"]) {
  let kept = null;
  try {
    kept = localStorage.getItem(name);
  } catch {
    // storage may be closed; the choice then lasts as long as the page
  }
  for (const choice of document.querySelectorAll(`input[name=${name}]`)) {
    if (choice.value === kept) choice.checked = true;
    if (choice.checked) document.documentElement.dataset[name] = choice.value;
    choice.addEventListener("change", () => {
      document.documentElement.dataset[name] = choice.value;
      try {
        localStorage.setItem(name, choice.value);
      } catch {
        // as above
      }
      document.dispatchEvent(new CustomEvent(`${name}-chosen`));
    });
  }
}
