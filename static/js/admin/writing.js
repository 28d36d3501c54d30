// The text of a story: marks, blocks, a menu at “/”, and a preview beside it.
//
// The text stays in a plain text area. Everything is put in as if it were typed, so that the
// browser's own undo takes it back.

const root = document.querySelector(".writing");
const area = root?.querySelector("textarea");
const form = area?.form;
const blocks = root ? JSON.parse(root.dataset.blocks) : [];

// Putting text in

function put(text, start = area.selectionStart, end = area.selectionEnd) {
  area.focus();
  area.setSelectionRange(start, end);
  const done = text ? document.execCommand("insertText", false, text) : start === end || document.execCommand("delete");
  if (done) return;
  area.setRangeText(text, start, end, "end");
  area.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

const lineStart = (place) => area.value.lastIndexOf("\n", place - 1) + 1;
const lineEnd = (place) => (area.value.indexOf("\n", place) + 1 || area.value.length + 1) - 1;
const lineAt = (place) => area.value.slice(lineStart(place), lineEnd(place));

function wrap(mark) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const words = value.slice(start, end);
  const around = value.slice(start - mark.length, start) === mark && value.slice(end, end + mark.length) === mark;
  if (around) {
    put(words, start - mark.length, end + mark.length);
    area.setSelectionRange(start - mark.length, end - mark.length);
    return;
  }
  const lead = /^\s*/.exec(words)[0];
  const tail = words.length > lead.length ? /\s*$/.exec(words)[0] : "";
  put(lead + mark + words.slice(lead.length, words.length - tail.length) + mark + tail);
  const from = start + lead.length + mark.length;
  area.setSelectionRange(from, from + words.length - lead.length - tail.length);
}

// Each line of the selection with the mark before it; without it, if all have it.
function mark(make, pattern) {
  const start = lineStart(area.selectionStart);
  const end = lineEnd(Math.max(start, area.selectionEnd - (area.selectionEnd > area.selectionStart ? 1 : 0)));
  const lines = area.value.slice(start, end).split("\n");
  const all = lines.every((line) => !line.trim() || pattern.test(line));
  let number = 0;
  const changed = lines.map((line) => {
    if (!line.trim() && lines.length > 1) return line;
    const plain = line.replace(/^(?:#{1,6} |[-+*] |\d{1,3}[.)] )/, "");
    number += 1;
    return all && line.trim() ? plain : make(number) + plain;
  });
  put(changed.join("\n"), start, end);
}

const heading = (level) => mark(() => `${"#".repeat(level)} `, new RegExp(`^#{${level}} `));

// A block stands on lines of its own, with an empty one before and after it.
function putBlock(text, from, to) {
  const before = area.value.slice(0, from);
  const after = area.value.slice(to);
  const lead = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const tail = after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  put(lead + text + tail, from, to);
  if (!tail) area.setSelectionRange(area.selectionEnd + 2, area.selectionEnd + 2);
}

// Quotation marks and dashes as they should be

function isRaw(place) {
  const line = area.value.slice(lineStart(place), place);
  return /^ {0,3}:::/.test(line) || /\]\([^)\s]*$/.test(line) || /<[a-z]*:?[^\s>]*$/i.test(line) || line.endsWith("\\");
}

const opens = (before) => !before || /[\s([{\u2013\u2014\u201c\u2018*_-]$/.test(before);

function curled(text, before = "") {
  let written = "";
  for (const one of text) {
    const so = before + written;
    if (one === '"') written += opens(so) ? "“" : "”";
    else if (one === "'") written += opens(so) ? "‘" : "’";
    else written += one;
  }
  return written.replace(/(?<=[\p{L}\p{N}.,!?”’)])\s*(?<!-)--(?!-)\s*(?=[\p{L}\p{N}“‘(])/gu, " – ");
}

// Of a text with several lines: what stands in arguments and links is left alone.
function curledText(text) {
  return text
    .split("\n")
    .map((line) => {
      if (/^ {0,3}:::/.test(line)) return line;
      return line
        .split(/(\]\([^)\s]*\)|<[^\s>]+>|https?:\/\/\S+)/)
        .reduce((so, part, place) => so + (place % 2 ? part : curled(part, so.slice(-1))), "");
    })
    .join("\n");
}

function whileTyped(event) {
  if (event.inputType !== "insertText" || !event.data || event.isComposing) return;
  const { selectionStart: place, value } = area;
  if (isRaw(place)) return;
  const before = value.slice(lineStart(place), place);
  if (event.data === '"' || event.data === "'") {
    event.preventDefault();
    put(curled(event.data, before));
  } else if (event.data === "-" && /[^-]-$/.test(before)) {
    event.preventDefault();
    put("–", place - 1, area.selectionEnd);
  }
}

// What is pasted becomes marks that are accepted

function paste(event) {
  const html = event.clipboardData.getData("text/html");
  const plain = event.clipboardData.getData("text/plain");
  if (isRaw(area.selectionStart) || (!html && !plain)) return;
  event.preventDefault();
  const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
  if (chosen && !chosen.includes("\n") && /^https?:\/\/\S+$/.test(plain.trim())) {
    put(`[${chosen}](${address(plain.trim())})`);
    return;
  }
  put(html ? fromHtml(html) : curledText(plain.replace(/\r\n?/g, "\n")));
}

const BLOCK = /^(?:P|DIV|SECTION|ARTICLE|HEADER|FOOTER|MAIN|BLOCKQUOTE|H[1-6]|UL|OL|LI|TABLE|TBODY|THEAD|TR|PRE|FIGURE|FIGCAPTION|DL|DT|DD|BODY)$/;
const SILENT = /^(?:SCRIPT|STYLE|HEAD|META|LINK|TITLE|IMG|SVG|IFRAME|OBJECT|NOSCRIPT|TEMPLATE|BUTTON|INPUT|TEXTAREA|SELECT|HR)$/i;

const address = (href) => href.replace(/[\s()<>\\"]/g, (one) => encodeURIComponent(one).replace("(", "%28").replace(")", "%29"));
const escaped = (text) =>
  text
    .replace(/[\\*_[\]<`~^$|{}]/g, "\\$&")
    .replace(/&(?=#?\w+;)/g, "\\&")
    .replace(/(?<![\w/])(https?:\/\/[^\s<>"]+)/g, (one) => `[${one}](${address(one.replaceAll("\\", ""))})`);

function fromHtml(html) {
  // The page's policy complains of styles and handlers even where they are only read.
  const plain = html.replace(/<style[\s>][\s\S]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\s(style|on\w+)\s*=/gi, " data-$1="));
  const body = new DOMParser().parseFromString(plain, "text/html").body;
  const found = [];
  walk(body, found, { list: null, depth: 0 });
  return found
    .map((one) => one.trim())
    .filter(Boolean)
    .reduce((text, one) => {
      const together = isItem.test(one) && isItem.test(text.slice(text.lastIndexOf("\n") + 1));
      return text + (text ? (together ? "\n" : "\n\n") : "") + one;
    }, "");
}

const isItem = /^(?:- |\d+\. )/;

// Adds the paragraphs, headings and items in the node to `found`.
function walk(node, found, inside) {
  let line = "";
  const end = () => {
    const text = line.replace(/[ \t\u00a0]+/g, " ").replace(/ ?\n ?/g, "\n").trim();
    line = "";
    if (text) found.push(inside.before?.(text) ?? paragraph(text));
  };
  for (const child of node.childNodes) {
    if (child.nodeType === 3) line += inline(child);
    if (child.nodeType !== 1 || SILENT.test(child.tagName)) continue;
    if (child.tagName === "BR") line += "\n";
    else if (!BLOCK.test(child.tagName) && !child.querySelector("p,div,h1,h2,h3,h4,h5,h6,ul,ol,li,table")) line += inline(child);
    else {
      end();
      walk(child, found, within(child, inside));
    }
    if (/^T[DH]$/.test(child.tagName)) line += " ";
  }
  end();
}

function within(node, inside) {
  const level = /^H([1-6])$/.exec(node.tagName)?.[1];
  if (level) return { ...inside, before: (text) => `${level < 3 ? "##" : "###"} ${text.replaceAll("\n", " ").replaceAll("**", "")}` };
  if (node.tagName === "UL") return { list: "-", number: 0 };
  if (node.tagName === "OL") return { list: "1", number: 0 };
  if (node.tagName === "LI") {
    const sign = inside.list === "1" ? `${(inside.number += 1)}.` : "-";
    let first = true;
    return {
      before: (text) => {
        const item = `${first ? sign : "-"} ${text.replaceAll("\n", " ")}`;
        first = false;
        return item;
      },
    };
  }
  if (node.tagName === "P" && /mso-list/i.test(node.dataset.style ?? "")) {
    return { before: (text) => `- ${text.replace(/^(?:[·•o§▪-]|\d+[.)])\s+/, "").replaceAll("\n", " ")}` };
  }
  return inside;
}

// What begins a paragraph and would be read as a mark.
const paragraph = (text) =>
  text
    .split("\n")
    .map((line) => line.replace(/^(#{1,6}|[-+>]|:{3,})(?=\s|:|$)/, "\\$1").replace(/^(\d{1,3})([.)])(?=\s)/, "$1\\$2"))
    .join("\n");

function inline(node) {
  if (node.nodeType === 3) return curled(escaped(node.data.replace(/[\s\u00a0]+/g, " ")));
  if (node.nodeType !== 1 || SILENT.test(node.tagName)) return "";
  if (node.tagName === "BR") return "\n";
  const text = [...node.childNodes].map(inline).join("");
  const style = node.dataset.style ?? "";
  const weight = /font-weight:\s*(\w+)/i.exec(style)?.[1];
  const isBold = weight ? /^(?:bold|[6-9]00)/i.test(weight) : /^(?:B|STRONG)$/.test(node.tagName);
  const isItalic = /font-style:\s*italic/i.test(style) || (/^(?:I|EM|CITE)$/.test(node.tagName) && !/font-style:\s*normal/i.test(style));
  const href = node.tagName === "A" ? node.getAttribute("href") : "";
  if (/^(?:https?:\/\/|mailto:|\/(?!\/))/i.test(href ?? "") && text.trim()) {
    return around(text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1"), (words) => `[${words}](${address(href)})`);
  }
  if (isBold && !text.includes("**")) return around(text, (words) => `**${words}**`);
  if (isItalic && !/(?<!\\)\*/.test(text)) return around(text, (words) => `*${words}*`);
  return text;
}

// Marks stand close to their words, and on one line.
function around(text, make) {
  return text
    .split("\n")
    .map((line) => (line.trim() ? /^\s*/.exec(line)[0] + make(line.trim()) + /\s*$/.exec(line)[0] : line))
    .join("\n");
}

// Where the caret is on the page

const mirror = document.createElement("div");
mirror.className = "writing-mirror";

function caretBox() {
  const style = getComputedStyle(area);
  for (const name of ["font", "letterSpacing", "lineHeight", "padding", "borderWidth", "tabSize"]) mirror.style[name] = style[name];
  mirror.style.width = `${area.clientWidth}px`;
  mirror.textContent = area.value.slice(0, area.selectionStart);
  const sign = document.createElement("span");
  sign.textContent = "\u200b";
  mirror.append(sign);
  root.append(mirror);
  const box = area.getBoundingClientRect();
  const found = {
    top: box.top + sign.offsetTop - area.scrollTop,
    left: box.left + sign.offsetLeft,
    height: sign.offsetHeight,
  };
  mirror.remove();
  return found;
}

function showLine(number) {
  const lines = area.value.split("\n");
  const start = lines.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[number - 1]?.length ?? 0));
  const { top } = caretBox();
  const box = area.getBoundingClientRect();
  area.scrollTop += top - box.top - area.clientHeight / 3;
  area.scrollIntoView({ block: "nearest" });
}

// A list in which one is chosen, below where it is typed

class Choices {
  constructor(input, name, take) {
    this.list = document.createElement("ul");
    this.list.id = `${name}-choices`;
    this.list.className = "writing-choices";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", name);
    this.list.hidden = true;
    this.input = input;
    this.take = take;
    input.setAttribute("aria-controls", this.list.id);
  }

  get open() {
    return !this.list.hidden;
  }

  show(found) {
    this.found = found;
    this.list.replaceChildren(...found.map((one, place) => this.item(one, place)));
    this.list.hidden = !found.length;
    this.choose(0);
  }

  item(one, place) {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${place}`;
    item.setAttribute("role", "option");
    const name = document.createElement("strong");
    name.textContent = one.label;
    if (one.picture) {
      const picture = document.createElement("img");
      picture.src = one.picture;
      picture.alt = "";
      item.append(picture);
    }
    item.append(name, " ", one.words ?? "");
    item.addEventListener("mousedown", (event) => event.preventDefault());
    item.addEventListener("click", () => this.take(one));
    return item;
  }

  choose(place) {
    const items = [...this.list.children];
    if (!items.length) return this.hide();
    this.place = (place + items.length) % items.length;
    items.forEach((item, number) => item.setAttribute("aria-selected", String(number === this.place)));
    items[this.place].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", items[this.place].id);
  }

  hide() {
    this.list.hidden = true;
    this.input.removeAttribute("aria-activedescendant");
  }

  // Whether the key was for the list.
  press(event) {
    if (!this.open) return false;
    if (event.key === "ArrowDown") this.choose(this.place + 1);
    else if (event.key === "ArrowUp") this.choose(this.place - 1);
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.found[this.place]);
    else if (event.key === "Escape") this.hide();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}

// The menu at “/”

let menu = null;
let dismissed = "";

function offerBlocks() {
  const place = area.selectionStart;
  const typed = /^\/(\p{L}*)$/u.exec(lineAt(place));
  if (!typed || place !== lineEnd(place) || dismissed === String(lineStart(place))) {
    if (!typed) dismissed = "";
    return menu.hide();
  }
  const wanted = typed[1].toLowerCase();
  const found = blocks.filter((one) => `${one.label} ${one.name}`.toLowerCase().split(" ").some((word) => word.startsWith(wanted)));
  menu.show(found);
  const caret = caretBox();
  const box = root.getBoundingClientRect();
  menu.list.style.top = `${caret.top - box.top + caret.height}px`;
  menu.list.style.left = `${Math.max(0, Math.min(caret.left - box.left, box.width - 320))}px`;
}

// The dialog of a block

let lookups = 0;

async function names(of, term) {
  const answer = await fetch(`${root.dataset.names}?${new URLSearchParams({ of, term })}`, { credentials: "same-origin" });
  return answer.ok && !answer.redirected ? (await answer.json()).names : [];
}

function ask(block, from, to) {
  menu.hide();
  if (!block.fields.length) return putBlock(`::: ${block.name}\n:::`, from, to);
  const chosen = area.value.slice(from, to);
  const dialog = document.createElement("dialog");
  dialog.className = "over-form writing-dialog";
  dialog.setAttribute("aria-labelledby", "writing-dialog-title");
  const inner = document.createElement("form");
  inner.method = "dialog";
  inner.noValidate = true;
  const title = document.createElement("h2");
  title.id = "writing-dialog-title";
  title.textContent = `${block.label}, at line ${area.value.slice(0, from).split("\n").length}`;
  const fields = block.fields.map((field) => fieldFor(field, block.name === "link" ? chosen : ""));
  const problem = document.createElement("p");
  problem.className = "errornote";
  problem.setAttribute("role", "alert");
  problem.hidden = true;
  const line = document.createElement("p");
  line.className = "actions";
  const insert = document.createElement("button");
  insert.className = "button default";
  insert.textContent = "Insert";
  const help = document.createElement("span");
  help.className = "help";
  help.textContent = " Enter inserts, Esc goes back to the text.";
  line.append(insert, help);
  inner.append(title, ...fields.map((one) => one.row), problem, line);
  dialog.append(inner);
  document.body.append(dialog);

  let inserted = false;
  let settling = false;
  const kind = fields.find((one) => one.field.name === "of");
  const needed = () => (kind && block.needs?.[kind.input.value]) ?? null;
  const isAsked = ({ field }) => !needed() || !block.sometimes.includes(field.name) || needed().includes(field.name);
  const narrow = () => fields.forEach((one) => (one.row.hidden = !isAsked(one)));
  kind?.input.addEventListener("change", narrow);
  narrow();

  inner.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.tagName === "TEXTAREA" && (event.ctrlKey || event.metaKey)) inner.requestSubmit();
  });
  inner.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (settling) return;
    settling = true;
    const asked = fields.filter(isAsked);
    for (const one of asked) await one.settle();
    settling = false;
    const wrong = asked.find((one) => one.wrong());
    if (wrong) {
      problem.textContent = wrong.wrong();
      problem.hidden = false;
      wrong.input.focus();
      return;
    }
    const values = Object.fromEntries(asked.map((one) => [one.field.name, one.value()]));
    inserted = true;
    dialog.close();
    putBlockOf(block, values, from, to);
  });
  // Back to the text, the caret where it was; if the block is put in, it is behind that.
  const caretWas = here();
  dialog.addEventListener("close", () => {
    dialog.remove();
    area.focus();
    if (!inserted) area.setSelectionRange(...caretWas);
  });
  const caret = caretBox();
  dialog.showModal();
  if (innerWidth > 600) {
    dialog.style.margin = "0";
    dialog.style.left = `${Math.max(8, Math.min(caret.left, innerWidth - dialog.offsetWidth - 8))}px`;
    dialog.style.top = `${Math.max(8, Math.min(caret.top + caret.height, innerHeight - dialog.offsetHeight - 8))}px`;
  }
  fields.find((one) => !one.row.hidden).input.focus();
}

function putBlockOf(block, values, from, to) {
  if (block.name === "link") return put(`[${values.words}](${address(values.to)})`, from, to);
  const { text, ...others } = values;
  const given = Object.entries(others).filter(([, value]) => value !== "");
  const first = ["::: " + block.name, ...given.map(([name, value]) => `${name}="${value.replaceAll('"', "”")}"`)].join(" ");
  putBlock([first, ...(text ? [curledText(text.trim())] : []), ":::"].join("\n"), from, to);
}

function fieldFor(field, chosen) {
  const row = document.createElement("div");
  row.className = "writing-field";
  const label = document.createElement("label");
  const id = `writing-field-${(lookups += 1)}`;
  label.htmlFor = id;
  label.textContent = field.label;
  const input = document.createElement(field.kind === "text" ? "textarea" : field.kind === "choice" ? "select" : "input");
  input.id = id;
  if (field.kind === "choice") input.append(...field.choices.map(([value, words]) => new Option(words, value)));
  if (field.kind === "text") input.rows = 4;
  if (field.kind === "number") input.type = "number";
  input.value = field.name === "words" ? chosen : (field.value ?? "");
  if (field.kind === "choice" && !field.value) input.selectedIndex = 0;
  row.append(label, input);
  if (field.of === "image") {
    const upload = document.createElement("a");
    upload.href = root.dataset.upload;
    upload.target = "_blank";
    upload.textContent = "Upload one ↗";
    row.append(upload);
  }
  const plain = () => input.value.trim();
  const missing = () => (field.required && !one.value() ? `Fill in “${field.label}”.` : "");
  const one = { field, row, input, settle: async () => {}, value: plain, wrong: missing };
  if (field.of) complete(one, row, input);
  return one;
}

// A field that is filled in with a name of the record, or several.
function complete(one, row, input) {
  const several = one.field.kind === "several";
  const taken = [];
  let known = null;
  let timer = 0;
  let asked = 0;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.autocomplete = "off";
  const choices = new Choices(input, one.field.label, take);
  row.append(choices.list);

  function take(found) {
    choices.hide();
    if (several) {
      taken.push(found.value);
      const chip = document.createElement("span");
      chip.className = "writing-chip";
      chip.textContent = found.label;
      row.insertBefore(chip, choices.list);
      input.value = "";
      known = null;
    } else {
      known = found;
      input.value = found.label;
    }
  }

  async function look() {
    const number = (asked += 1);
    const found = input.value.trim() || !several ? await names(one.field.of, input.value.trim()) : [];
    if (number === asked) choices.show(found);
    return found;
  }

  input.addEventListener("input", () => {
    known = null;
    clearTimeout(timer);
    timer = setTimeout(look, 120);
  });
  input.addEventListener("keydown", (event) => {
    // Enter takes what is chosen and inserts the block at once.
    if (event.key === "Enter" && choices.open) {
      take(choices.found[choices.place]);
      if (several) event.preventDefault();
    } else if (event.key !== "Tab" || !choices.open) choices.press(event);
    else take(choices.found[choices.place]);
  });
  input.addEventListener("blur", () => setTimeout(() => choices.hide(), 150));
  const isAddress = () => one.field.addresses && /^(?:https?:\/\/|\/(?!\/)|#|mailto:)\S+$/.test(input.value.trim());
  one.settle = async () => {
    clearTimeout(timer);
    asked += 1;
    if (!input.value.trim() || known || isAddress()) return;
    const [first] = await names(one.field.of, input.value.trim());
    if (first) take(first);
  };
  one.value = () => (several ? taken.join(" ") : isAddress() ? input.value.trim() : (known?.[one.field.addresses ? "address" : "value"] ?? ""));
  one.wrong = () => {
    if (input.value.trim() && !known && !isAddress()) return `Nothing here is called “${input.value.trim()}”.`;
    return one.field.required && !one.value() ? `Fill in “${one.field.label}”.` : "";
  };
}

// The toolbar and the keys

const here = () => [area.selectionStart, area.selectionEnd];
const link = () => ask(blocks.find((one) => one.name === "link"), ...here());

const TOOLS = [
  ["B", "Bold (Ctrl+B)", () => wrap("**")],
  ["I", "Italics (Ctrl+I)", () => wrap("*")],
  ["Link", "Link (Ctrl+K)", link],
  ["H2", "Heading (Ctrl+Alt+2)", () => heading(2)],
  ["H3", "Smaller heading (Ctrl+Alt+3)", () => heading(3)],
  ["List", "List", () => mark(() => "- ", /^- /)],
  ["1.", "Numbered list", () => mark((number) => `${number}. `, /^\d{1,3}\. /)],
];

function tool([words, title, press]) {
  const one = document.createElement("button");
  one.type = "button";
  one.textContent = words;
  one.title = title;
  if (words.length < 3) one.setAttribute("aria-label", title);
  one.addEventListener("mousedown", (event) => event.preventDefault());
  one.addEventListener("click", press);
  return one;
}

function press(event) {
  if (menu.press(event)) {
    if (event.key === "Escape") dismissed = String(lineStart(area.selectionStart));
    return;
  }
  const command = event.ctrlKey || event.metaKey;
  if (!command || event.shiftKey) return;
  const key = event.key.toLowerCase();
  const does = event.altKey
    ? { 2: () => heading(2), 3: () => heading(3) }[event.code.replace("Digit", "")]
    : { b: () => wrap("**"), i: () => wrap("*"), k: link }[key];
  if (!does) return;
  event.preventDefault();
  does();
}

// Arrow keys move within the toolbar, which is one stop of the Tab key.
function roam(bar) {
  const tools = [...bar.children];
  tools.forEach((one, place) => (one.tabIndex = place ? -1 : 0));
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = tools[(tools.indexOf(document.activeElement) + step + tools.length) % tools.length];
    tools.forEach((one) => (one.tabIndex = one === next ? 0 : -1));
    next.focus();
  });
}

// Counting, and problems that lead to their lines

const WORDS_A_MINUTE = 230;

function count() {
  const text = area.value.replace(/^ {0,3}:::.*$/gm, "").replace(/\]\([^)]*\)/g, "]");
  const words = text.match(/[\p{L}\p{N}][\p{L}\p{N}’'.,:–-]*/gu)?.length ?? 0;
  const minutes = Math.max(1, Math.round(words / WORDS_A_MINUTE));
  const line = area.value.slice(0, area.selectionStart).split("\n").length;
  const lines = area.value.split("\n").length;
  root.querySelector(".writing-count").textContent =
    `${words.toLocaleString("en-GB")} word${words === 1 ? "" : "s"} · ${minutes} min to read · line ${line} of ${lines}`;
}

function leading(words) {
  const item = document.createElement("li");
  const number = /\bline (\d+)/i.exec(words)?.[1];
  if (!number) {
    item.textContent = words;
    return item;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "writing-jump";
  button.textContent = words;
  button.addEventListener("click", () => showLine(Number(number)));
  item.append(button);
  return item;
}

function listProblems(problems) {
  const list = root.querySelector(".writing-problems");
  list.replaceChildren(...problems.map(leading));
  list.hidden = !problems.length;
}

// The preview

let pane = null;
let timer = 0;
let asking = null;

function makePane() {
  pane = document.createElement("section");
  pane.className = "writing-preview";
  pane.setAttribute("aria-label", "Preview");
  const head = document.createElement("div");
  head.className = "writing-preview-head";
  const [phone, desktop] = ["Phone", "Desktop"].map((words) => {
    const one = tool([words, `As on a ${words.toLowerCase()}`, () => widen(words === "Desktop")]);
    one.setAttribute("aria-pressed", String(words === "Phone"));
    return one;
  });
  const status = document.createElement("span");
  status.className = "writing-preview-status";
  head.append(phone, desktop, status);
  const real = document.querySelector(".viewsitelink");
  if (real) {
    const page = document.createElement("a");
    page.href = real.href;
    page.target = "_blank";
    page.textContent = "Real page ↗";
    head.append(page);
  }
  const frame = document.createElement("iframe");
  frame.title = "The story as it is typed";
  // No script runs in it; this page puts in what the server sends.
  frame.setAttribute("sandbox", "allow-same-origin allow-popups allow-popups-to-escape-sandbox");
  pane.append(head, frame);
  const grid = document.querySelector(".story-text");
  if (grid) grid.after(pane);
  else root.append(pane);

  function widen(wide) {
    pane.toggleAttribute("data-wide", wide);
    phone.setAttribute("aria-pressed", String(!wide));
    desktop.setAttribute("aria-pressed", String(wide));
  }
}

async function preview() {
  asking?.abort();
  asking = new AbortController();
  const status = pane.querySelector(".writing-preview-status");
  const sent = new FormData(form);
  sent.set("frame", "1");
  sent.set("story", /\/(\d+)\/change\/$/.exec(location.pathname)?.[1] ?? "");
  try {
    const answer = await fetch(root.dataset.typed, {
      method: "POST",
      body: sent,
      signal: asking.signal,
      credentials: "same-origin",
    });
    if (!answer.ok || answer.redirected) throw new Error(`answered ${answer.status}`);
    const { page, problems } = await answer.json();
    show(page);
    listProblems(problems);
    status.textContent = "as typed";
  } catch (error) {
    if (error.name !== "AbortError") status.textContent = "not to be had just now";
  }
}

function show(page) {
  const frame = pane.querySelector("iframe");
  const main = frame.contentDocument?.querySelector("main");
  if (!main) {
    frame.srcdoc = page;
    return;
  }
  // What is read stays where it is.
  const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("main");
  main.replaceChildren(...fresh.childNodes);
}

function soon() {
  count();
  clearTimeout(timer);
  timer = setTimeout(preview, 500);
}

function start() {
  const bar = root.querySelector(".writing-tools");
  const inserts = blocks
    .filter((one) => one.name !== "link")
    .map((one) => [one.label, `Insert: ${one.words}`, () => ask(one, ...here())]);
  bar.append(...[...TOOLS, ...inserts].map(tool));
  bar.hidden = false;
  roam(bar);
  menu = new Choices(area, "Blocks", (block) => ask(block, lineStart(area.selectionStart), area.selectionStart));
  menu.list.classList.add("writing-menu");
  root.append(menu.list);
  area.addEventListener("keydown", press);
  area.addEventListener("beforeinput", whileTyped);
  area.addEventListener("paste", paste);
  area.addEventListener("input", offerBlocks);
  area.addEventListener("blur", () => menu.hide());
  document.addEventListener("selectionchange", () => document.activeElement === area && count());
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.querySelector('[name="_continue"]')?.click();
    }
  });
  for (const item of document.querySelectorAll(".field-body .errorlist li")) item.replaceWith(leading(item.textContent));
  // The page of its own that this button shows is beside the text now.
  root.querySelector("[formaction]").remove();
  makePane();
  form.addEventListener("input", soon);
  window.django?.jQuery?.(form).on("change", soon);
  count();
  if (form.elements.headline?.value || area.value) preview();
}

if (area && !area.readOnly) start();
