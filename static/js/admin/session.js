// A form of the newsroom is sent only if somebody is signed in to receive it.
//
// Before it goes, the server is asked who is signed in. If nobody is, signing in happens over the
// form; if the session was renewed in another tab, the form takes the new token. Then it is sent, as
// it stands.

const who = document.querySelector('meta[name="newsroom-user"]');
const dialog = document.getElementById("sign-in-again");
let allowed = null;
let asking = false;

async function session() {
  const answer = await fetch(who.dataset.session, { credentials: "same-origin", signal: AbortSignal.timeout(10000) });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return answer.json();
}

const isMine = (found) => found.user === who.content;

function takeToken(token) {
  for (const input of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) input.value = token;
}

async function guard(event) {
  const form = event.target;
  if (form.method !== "post" || form.closest("dialog") || form.id === "logout-form" || form.id === "login-form") return;
  if (allowed === form) {
    allowed = null;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (asking) return;
  asking = true;
  const { submitter } = event;
  try {
    const wait = [];
    form.dispatchEvent(new CustomEvent("newsroom:sending", { detail: { wait } }));
    await Promise.allSettled(wait);
    let found = await session();
    if (!isMine(found)) found = await signIn(found);
    if (!found) return;
    takeToken(found.token);
    allowed = form;
    form.requestSubmit(submitter);
  } catch {
    say(form, "The server cannot be reached. Nothing was sent; what you typed is still here. Try again in a moment.");
  } finally {
    asking = false;
  }
}

function say(form, words) {
  form.dispatchEvent(new CustomEvent("newsroom:stayed"));
  let note = form.querySelector(".not-sent");
  if (!note) {
    note = document.createElement("p");
    note.className = "errornote not-sent";
    note.setAttribute("role", "alert");
    form.prepend(note);
  }
  note.textContent = words;
  note.scrollIntoView({ block: "nearest" });
}

// Signing in over the form

// Resolves to the session, or to nothing if the writer goes back to the text.
function signIn(found) {
  const form = dialog.querySelector("form");
  const password = form.elements.password;
  const problem = dialog.querySelector(".errornote");
  const before = document.activeElement;
  const others = found.name ? `In another tab ${found.name} is signed in now.` : "Your session has ended.";
  dialog.querySelector(".why").textContent = others;
  problem.hidden = true;
  password.value = "";
  dialog.showModal();
  password.focus();
  return new Promise((resolve) => {
    const poll = setInterval(async () => {
      const now = await session().catch(() => null);
      if (now && isMine(now)) finish(now);
    }, 3000);

    function finish(answer) {
      clearInterval(poll);
      form.removeEventListener("submit", send);
      dialog.removeEventListener("close", goBack);
      if (dialog.open) dialog.close();
      before?.focus();
      resolve(answer);
    }

    const goBack = () => finish(null);

    async function send(event) {
      event.preventDefault();
      problem.hidden = true;
      try {
        const { token } = await session();
        const body = new URLSearchParams({
          username: who.dataset.name,
          password: password.value,
          next: who.dataset.home,
          csrfmiddlewaretoken: token,
        });
        const answer = await fetch(who.dataset.login, { method: "POST", body, credentials: "same-origin" });
        const now = await session();
        if (isMine(now)) return finish(now);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const words = page.querySelector(".errornote, .errorlist, main h1")?.textContent.trim();
        problem.textContent = words || "That did not sign you in.";
      } catch {
        problem.textContent = "The server cannot be reached. Try again in a moment.";
      }
      problem.hidden = false;
      password.select();
    }

    form.addEventListener("submit", send);
    dialog.addEventListener("close", goBack);
  });
}

async function copyText() {
  const texts = [...document.querySelectorAll("#content-main form textarea, #content-main form .vTextField")];
  const all = texts.map((one) => one.value).filter(Boolean).join("\n\n");
  await navigator.clipboard.writeText(all);
  dialog.querySelector(".copied").textContent = "Copied.";
}

if (who && dialog) {
  document.addEventListener("submit", guard, true);
  dialog.querySelector(".copy").addEventListener("click", copyText);
  dialog.querySelector(".back").addEventListener("click", () => dialog.close());
}
