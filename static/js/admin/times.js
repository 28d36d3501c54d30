// Instants are typed in UTC, or with an offset. Beside each: buttons for those that are wanted most,
// and what it is on the editor's own clock.

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const CITY = ZONE.split("/").pop().replaceAll("_", " ");
const OWN = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

const WANTED = {
  now: () => new Date(),
  "in an hour": () => new Date(Date.now() + 3600000),
  "tomorrow at eight": () => {
    const day = new Date();
    day.setDate(day.getDate() + 1);
    day.setHours(8, 0, 0, 0);
    return day;
  },
};

function read(text) {
  const found = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?) ?(Z|UTC|[+-]\d\d:?\d\d)?$/i.exec(text.trim());
  if (!found) return null;
  const zone = !found[3] || /^[zu]/i.test(found[3]) ? "Z" : found[3].replace(/(\d\d)(\d\d)$/, "$1:$2");
  const at = new Date(`${found[1]}T${found[2]}${zone}`);
  return Number.isNaN(at.getTime()) ? null : at;
}

function equip(input) {
  if (input.dataset.equipped || input.readOnly || input.name.includes("__prefix__")) return;
  input.dataset.equipped = "1";
  const tools = document.createElement("span");
  tools.className = "instant-tools";
  const own = document.createElement("span");
  own.className = "instant-own";
  own.id = `${input.id}_own`;
  // Where a time is chosen from a list, the list has them.
  for (const [words, wanted] of input.closest(".when") ? [] : Object.entries(WANTED)) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", () => {
      input.value = wanted().toISOString().slice(0, 19).replace("T", " ");
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    tools.append(button);
  }
  tools.append(own);
  const zone = input.nextElementSibling;
  (zone?.classList.contains("zone") ? zone : input).after(tools);
  input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${own.id}`.trim());
  const tell = () => {
    const at = read(input.value);
    own.textContent = at ? `${OWN.format(at)} in ${CITY}` : "";
  };
  input.addEventListener("input", tell);
  tell();
}

const equipAll = (within) => within.querySelectorAll("input.instant").forEach(equip);

equipAll(document);
// Rows that are added to the page.
document.addEventListener("formset:added", (event) => equipAll(event.target));
