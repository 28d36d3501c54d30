// How a search and other sites show a story, as it is typed, and how much of each text they show.
// Without this script it is so after a save.

const form = document.getElementById("article_form");
const typed = (name) => (form.elements[name]?.value ?? "").trim().replace(/\s+/g, " ");
const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

function show() {
  for (const one of form.querySelectorAll("[data-says]")) {
    const fields = one.dataset.says.split(" ").filter((name) => form.elements[name]);
    if (fields.length) one.textContent = cut(fields.map(typed).find(Boolean) ?? "", Number(one.dataset.most));
  }
}

function count(area) {
  const length = typed(area.name).length;
  const said = area.parentElement.querySelector(".shared-length");
  said.textContent = length ? `${length} characters; about ${area.dataset.shown} are shown` : "";
}

if (form) {
  for (const area of form.querySelectorAll("[data-shown]")) {
    const said = document.createElement("span");
    said.className = "shared-length";
    area.after(said);
    area.addEventListener("input", () => count(area));
    count(area);
  }
  form.addEventListener("input", show);
  show();
}
