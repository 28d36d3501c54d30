// Says who else has the form open, and who saved it meanwhile, while it is open.
//
// The form gives a sign of life now and then, and says when it is closed. Without scripts the page
// says who had it open when it was asked for.

const form = document.querySelector('#content-main form[method="post"][id$="_form"]');
const copy = form?.elements._copy; // Named by keep.js.
const EVERY = 20000; // milliseconds; a form that is silent for a minute counts as closed

if (copy?.dataset.open) {
  const shown = form.querySelector(".present");

  function send(words = {}, leaving = false) {
    const body = new URLSearchParams({
      page: location.pathname,
      copy: copy.value,
      saves: copy.dataset.saves,
      csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
      ...words,
    });
    return fetch(copy.dataset.open, { method: "POST", body, keepalive: leaving, credentials: "same-origin" });
  }

  async function live(words) {
    try {
      const answer = await send(words);
      if (answer.ok) show((await answer.json()).words);
    } catch {
      // Nobody can be asked now; the next time may do.
    }
  }

  function show(sentences) {
    const now = [...shown.children].map((one) => one.textContent);
    if (now.join() === sentences.join()) return;
    shown.replaceChildren(
      ...sentences.map((words) => {
        const one = document.createElement("p");
        one.textContent = words;
        return one;
      }),
    );
  }

  let last = live({ arrived: "1" });
  setInterval(() => (last = live()), EVERY);
  // What is on its way comes before the form does.
  form.addEventListener("newsroom:sending", (event) => event.detail.wait.push(last));
  window.addEventListener("pagehide", () => send({ closed: "1" }, true).catch(() => {}));
  window.addEventListener("pageshow", (event) => event.persisted && live({ arrived: "1" }));
}
