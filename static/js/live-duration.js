// <live-duration seconds="32059373" to-the-second><time datetime="P371DT…">371 d 1 h 22 m</time>
//
// A length that is still growing. The text from the server is right at the page's instant, a full
// minute; from there it counts on. It measures how much time has passed since the page came. What
// time it is, it asks once, to find its place within the minute; of a clock that cannot be right
// it takes nothing, so that a visitor's wrong clock does no harm.

const DAY = 86400;
const running = new Set();
let timer = 0;

// A page is this many seconds old at most when it comes: the rest of its minute, and one more on
// the way.
const OLDEST = 120;

// The server read its clock just before the first byte came.
const navigation = performance.getEntriesByType("navigation")[0];
const start = navigation ? navigation.responseStart : 0;
const wallStart = Date.now() - (performance.now() - start);

const sinceMinute = (wallStart - Date.parse(document.body.dataset.at)) / 1000;
const age = sinceMinute >= 0 && sinceMinute <= OLDEST ? sinceMinute : 0;

// Some machines stop the first clock in their sleep; the second may be wrong, but it goes on.
const elapsed = () => age + Math.max(performance.now() - start, Date.now() - wallStart) / 1000;

function units(total) {
  const days = Math.floor(total / DAY);
  const hours = Math.floor((total % DAY) / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const parts = [`${minutes} m`];
  if (days || hours) parts.unshift(`${hours} h`);
  if (days) parts.unshift(`${days} d`);
  return { parts, iso: `P${days}DT${hours}H${minutes}M${total % 60}S` };
}

class LiveDuration extends HTMLElement {
  connectedCallback() {
    this.base = Number(this.getAttribute("seconds"));
    this.time = this.querySelector("time");
    if (!this.time || !Number.isFinite(this.base)) return;
    this.columns = this.time.firstElementChild !== null;
    if (this.hasAttribute("to-the-second") && !this.small) {
      this.small = document.createElement("small");
      this.small.className = "seconds";
      this.append(" ", this.small);
    }
    running.add(this);
    this.tick();
    wake();
  }

  disconnectedCallback() {
    running.delete(this);
  }

  tick() {
    const total = Math.floor(this.base + elapsed());
    const { parts, iso } = units(total);
    const text = parts.join(" ");
    if (text !== this.text) {
      this.text = text;
      this.time.dateTime = iso;
      this.time.replaceChildren(...(this.columns ? boxes(parts) : [text]));
    }
    if (this.small) this.small.textContent = `${total % 60} s`;
  }
}

function boxes(parts) {
  return parts.flatMap((part, place) => {
    const box = document.createElement("span");
    box.className = "part";
    box.textContent = part;
    return place ? [" ", box] : [box];
  });
}

// One timer for all, just after each full second, and none while nobody looks.
function wake() {
  clearTimeout(timer);
  if (document.hidden || !running.size) return;
  timer = setTimeout(() => {
    for (const one of running) one.tick();
    wake();
  }, 1010 - ((elapsed() * 1000) % 1000));
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) for (const one of running) one.tick();
  wake();
});

customElements.define("live-duration", LiveDuration);
