// Nothing that is typed into a form of the newsroom is lost.
//
// A copy of the form is kept in this browser a moment after each change and when the page goes; that
// of a story on the server, too. Leaving with unsaved text is warned of. When the form is opened
// again, the copy is offered; it goes once the form is saved, which the server says by a cookie.

const who = document.querySelector('meta[name="newsroom-user"]');
const form = document.querySelector('#content-main form[method="post"][id$="_form"]');
const AT_REST = 400; // milliseconds after the last change
const ON_SERVER = 2000;
const TOO_OLD = 30 * 86400 * 1000;
const NOT_KEPT = /^csrfmiddlewaretoken$|password|__prefix__/;
const prefix = who ? `kept:${who.content}:` : "";
const path = location.pathname;

// Copies in this browser, one entry of localStorage each

function stored() {
  const found = [];
  for (let place = 0; place < localStorage.length; place++) {
    const key = localStorage.key(place);
    if (!key.startsWith(prefix)) continue;
    try {
      found.push({ key, ...JSON.parse(localStorage.getItem(key)) });
    } catch {
      localStorage.removeItem(key);
    }
  }
  return found;
}

function store(copy) {
  const key = `${prefix}${copy.copy}`;
  for (;;) {
    try {
      localStorage.setItem(key, JSON.stringify(copy));
      return true;
    } catch {
      // Full: the oldest copy of another form makes room.
      const others = stored().filter((one) => one.key !== key);
      if (!others.length) return false;
      localStorage.removeItem(others.sort((a, b) => (a.at < b.at ? -1 : 1))[0].key);
    }
  }
}

function drop(copy) {
  localStorage.removeItem(`${prefix}${copy}`);
}

function dropSaved() {
  const saved = /(?:^|; )saved_copy=([a-z0-9-]{1,40})/.exec(document.cookie)?.[1];
  if (saved) {
    drop(saved);
    document.cookie = `saved_copy=; path=${who.dataset.home}; max-age=0; samesite=lax`;
    for (const [key, value] of Object.entries(sessionStorage)) {
      if (value === saved) sessionStorage.removeItem(key);
    }
  }
  for (const one of stored()) {
    if (!(Date.now() - Date.parse(one.at) < TOO_OLD)) localStorage.removeItem(one.key);
  }
}

// What the form says

function pairs() {
  return [...new FormData(form)].filter(
    ([name, value]) => typeof value === "string" && !NOT_KEPT.test(name) && name !== "_copy",
  );
}

const same = (one, other) => {
  const plain = (typed) =>
    JSON.stringify(typed.filter(([name]) => !name.startsWith("_")).map(([name, value]) => [name, value.replace(/\r\n?/g, "\n")]));
  return plain(one) === plain(other);
};

const hiddenAtFirst = new Map();

function differs(input) {
  if (!input.name || input.disabled || NOT_KEPT.test(input.name)) return false;
  if (input.type === "hidden") {
    if (/^_|-(?:TOTAL|INITIAL)_FORMS$/.test(input.name)) return false;
    return hiddenAtFirst.has(input) && hiddenAtFirst.get(input) !== input.value;
  }
  if (input.type === "checkbox" || input.type === "radio") return input.checked !== input.defaultChecked;
  if (input.type === "file") return input.files.length > 0;
  if (input.tagName === "SELECT") {
    const options = [...input.options];
    const chosen = options.some((option) => option.defaultSelected);
    return options.some((option, place) => {
      const first = !chosen && !input.multiple && place === 0;
      return option.selected !== (option.defaultSelected || first);
    });
  }
  return /^(?:submit|button|image|reset)$/.test(input.type) ? false : input.value !== input.defaultValue;
}

if (who) dropSaved();
if (who && form) start();

function start() {
  const field = form.elements._copy ?? form.appendChild(hidden("_copy", ""));
  const hasServerForm = "desk" in field.dataset;
  const cameBack = field.value !== "";
  const place = `copy:${path}`;
  let copy = field.value || sessionStorage.getItem(place) || newName();
  field.value = copy;
  sessionStorage.setItem(place, copy);
  for (const input of form.querySelectorAll('input[type="hidden"]')) hiddenAtFirst.set(input, input.value);

  let touched = cameBack;
  let sending = false;
  let atRest = 0;
  let onServer = 0;
  let keeping = null;
  const onServerToo = form.id === "article_form";

  const isUnsaved = () => !sending && (cameBack || [...form.elements].some(differs));

  // Keeping

  const status = form.querySelector(".kept") ?? statusLine();

  function statusLine() {
    const words = document.createElement("p");
    words.className = "kept";
    const buttons = form.querySelector(".submit-row");
    if (buttons) buttons.before(words);
    else form.prepend(words);
    return words;
  }

  function say(words, wrong = false) {
    status.textContent = words;
    status.toggleAttribute("data-wrong", wrong);
  }

  const clock = (at) => `${at.toISOString().slice(11, 19)} UTC`;

  function keepHere() {
    clearTimeout(atRest);
    if (!isUnsaved()) return false;
    const at = new Date();
    const kept = store({ copy, path, at: at.toISOString(), typed: pairs() });
    if (kept) say(`Kept ${clock(at)} in this browser, not saved`);
    else say("No copy can be kept in this browser; save soon.", true);
    return kept;
  }

  async function keepThere(last = false) {
    clearTimeout(onServer);
    onServer = 0;
    if (!isUnsaved() || (keeping && !last)) return;
    const body = new URLSearchParams({ page: path, copy, typed: JSON.stringify(pairs()) });
    keeping = post(body, last).then((answer) => (answer.status === 403 && !last ? postAnew(body) : answer));
    try {
      const answer = await keeping;
      if (answer.ok) say(`Kept ${clock(new Date())} in this browser and on the server, not saved`);
      else if (answer.status === 401) say("You are signed out. Not kept on the server; a copy is in this browser.", true);
    } catch {
      if (!last) say(`Not kept on the server since ${clock(new Date())}; a copy is in this browser.`, true);
    }
    keeping = null;
  }

  // The session was renewed in another tab, and the token with it.
  async function postAnew(body) {
    const found = await (await fetch(who.dataset.session, { credentials: "same-origin" })).json();
    if (found.user === who.content) form.elements.csrfmiddlewaretoken.value = found.token;
    return post(body);
  }

  function post(body, last = false) {
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const keepalive = last && body.toString().length < 60000;
    return fetch(who.dataset.kept, { method: "POST", body, keepalive, credentials: "same-origin" });
  }

  function changed() {
    touched = true;
    clearTimeout(atRest);
    atRest = setTimeout(keepHere, AT_REST);
    if (onServerToo && !onServer) onServer = setTimeout(keepThere, ON_SERVER);
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("newsroom:changed", changed);
  // The selects of Django tell only jQuery of a change.
  window.django?.jQuery?.(form).on("change", changed);
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.hidden && leave());
  window.addEventListener("pageshow", (event) => event.persisted && (sending = false));
  window.addEventListener("beforeunload", (event) => {
    if (isUnsaved()) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {
    // What is only shown in another window stays unsaved in this one.
    if (event.defaultPrevented || event.target !== form || event.submitter?.formTarget === "_blank") return;
    keepHere();
    clearTimeout(onServer);
    sending = true;
  });
  // Whoever sends the form waits for what is on its way: a copy that came after the save would stay.
  form.addEventListener("newsroom:sending", (event) => event.detail.wait.push(keeping));
  form.addEventListener("newsroom:stayed", () => (sending = false));

  function leave() {
    if (!touched || !keepHere()) return;
    if (onServerToo && onServer) keepThere(true);
  }

  // Offering what was kept

  async function offer() {
    const found = new Map(stored().filter((one) => one.path === path).map((one) => [one.copy, { ...one, where: "in this browser" }]));
    if (onServerToo) {
      for (const one of await onTheServer()) {
        const here = found.get(one.copy);
        if (!here || Date.parse(here.at) + 5000 < Date.parse(one.at)) found.set(one.copy, { ...one, where: "on the server" });
      }
    }
    const open = await openElsewhere();
    const shown = pairs();
    for (const one of [...found.values()].sort((a, b) => (a.at < b.at ? 1 : -1))) {
      if (cameBack && one.copy === copy) continue;
      if (same(one.typed, shown)) {
        if (one.copy !== copy || !isUnsaved()) discard(one.copy);
      } else if (!open.has(one.copy)) {
        form.prepend(recovery(one));
      }
    }
  }

  async function onTheServer() {
    try {
      const answer = await fetch(`${who.dataset.kept}?page=${encodeURIComponent(path)}`, { credentials: "same-origin" });
      return answer.ok ? (await answer.json()).copies : [];
    } catch {
      return [];
    }
  }

  async function openElsewhere() {
    // Each open form holds a lock of its copy's name; where there are no locks, all are offered.
    if (!navigator.locks) return new Set();
    const { held } = await navigator.locks.query();
    return new Set(held.map((lock) => lock.name).filter((name) => name !== copy));
  }

  function discard(which) {
    drop(which);
    post(new URLSearchParams({ copy: which, discard: "1" })).catch(() => {});
  }

  function recovery(one) {
    const box = document.createElement("section");
    box.className = "recovery";
    box.setAttribute("aria-label", "Unsaved text");
    const words = document.createElement("p");
    const at = new Date(one.at);
    words.textContent = `What you typed here until ${at.toISOString().slice(0, 10)}, ${clock(at)}, was not saved. It was kept ${one.where}.`;
    const take = button("Take it up", () => takeUp(one));
    const away = button("Throw it away", () => {
      discard(one.copy);
      box.remove();
    });
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = "Show it";
    const text = document.createElement("pre");
    text.textContent = one.typed
      .filter(([name, value]) => value && !/^_|_FORMS$|-id$/.test(name))
      .map(([name, value]) => `${name.replaceAll("_", " ")}: ${value}`)
      .join("\n\n");
    details.append(summary, text);
    const line = document.createElement("p");
    line.append(take, " ", away);
    box.append(words, line, details);
    return box;
  }

  function takeUp(one) {
    if (one.copy !== copy) sessionStorage.setItem(place, one.copy);
    sending = true;
    if (!hasServerForm) return fillIn(one);
    const sent = document.createElement("form");
    sent.method = "post";
    sent.hidden = true;
    const kept = one.typed.filter(([name]) => !/^_(?:save|continue|addanother|preview)$/.test(name));
    for (const [name, value] of kept) sent.append(area(name, value));
    sent.append(hidden("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value));
    // The server shows it as it was typed, and saves nothing.
    sent.append(hidden("_preview", "1"), hidden("_copy", one.copy));
    document.body.append(sent);
    sent.requestSubmit();
  }

  function fillIn(one) {
    for (const [name, value] of one.typed) {
      const input = form.elements[name];
      if (input && "value" in input && input.type !== "hidden") input.value = value;
    }
    sending = false;
    form.querySelectorAll(".recovery").forEach((box) => box.remove());
    changed();
  }

  holdLock();
  offer();
  if (cameBack || [...form.elements].some(differs)) changed();

  // A tab that was duplicated would write over the copy of the other one. The page that was here
  // before may take a moment to let go of its own.
  function holdLock() {
    navigator.locks?.request(copy, { signal: AbortSignal.timeout(2000) }, () => new Promise(() => {})).catch(() => {
      copy = newName();
      field.value = copy;
      sessionStorage.setItem(place, copy);
      holdLock();
    });
  }
}

function newName() {
  return `c${crypto.getRandomValues(new Uint32Array(3)).join("-")}`;
}

function hidden(name, value) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  return input;
}

// An input of one line would lose the ends of lines.
function area(name, value) {
  const input = document.createElement("textarea");
  Object.assign(input, { name, value });
  return input;
}

function button(words, press) {
  const one = document.createElement("button");
  one.type = "button";
  one.className = "button";
  one.textContent = words;
  one.addEventListener("click", press);
  return one;
}
