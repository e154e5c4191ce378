// Printing the slip on the paper that this counter has. It leaves the page when the next person comes.
const PAPER = "morprom-paper";
const slip = document.getElementById("slip");
const papers = [...document.querySelectorAll("[name=paper]")];

function choose(size) {
  slip.className = `slip ${size}`;
  for (const paper of papers) paper.checked = paper.value === size;
  for (const sheet of document.querySelectorAll("link[data-paper]")) sheet.media = sheet.dataset.paper === size ? "print" : "not all";
}

for (const paper of papers) {
  paper.addEventListener("change", () => {
    localStorage.setItem(PAPER, paper.value);
    choose(paper.value);
  });
}
const kept = localStorage.getItem(PAPER);
if (papers.some((paper) => paper.value === kept)) choose(kept);

document.getElementById("print").addEventListener("click", () => {
  print();
  document.getElementById("done").focus();
});
addEventListener("pagehide", () => slip.remove());
