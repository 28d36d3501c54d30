// The preview of a leaderboard follows its rule while it is being edited in the admin.
//
// The page already holds the preview of the saved rule and a button that asks for a new one; this
// asks by itself, a moment after the last change. A newer question takes the place of an older one.

const form = document.getElementById("leaderboard_form");
const panel = document.getElementById("leaderboard-preview");
const PAUSE = 350;
let timer = 0;
let asking = null;

function rule() {
  const names = panel.dataset.fields.split(" ");
  const sent = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (names.includes(name) && value !== "") sent.append(name, value);
  }
  return sent.toString();
}

async function show() {
  asking?.abort();
  asking = new AbortController();
  panel.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`${panel.dataset.url}?${rule()}`, {
      signal: asking.signal,
      headers: { Accept: "text/html" },
      credentials: "same-origin",
    });
    if (!answer.ok || answer.redirected) throw new Error(`answered ${answer.status}`);
    panel.querySelector(".answer").innerHTML = await answer.text();
  } catch (error) {
    if (error.name === "AbortError") return;
    const words = document.createElement("p");
    words.className = "errornote";
    words.textContent = "The preview is not to be had just now; the button asks again.";
    panel.querySelector(".answer").replaceChildren(words);
  }
  panel.removeAttribute("aria-busy");
}

function shortly(event) {
  if (!panel.dataset.fields.split(" ").includes(event.target.name)) return;
  clearTimeout(timer);
  timer = setTimeout(show, PAUSE);
}

// The autocomplete selects tell only jQuery of a change.
if (form && panel) window.django.jQuery(form).on("input change", shortly);
