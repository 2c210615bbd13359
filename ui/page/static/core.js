// Runs once, with the page's hidden bridge. `element`, `props`, `server` and `trigger` are Gradio's.
// What is told between the files of this folder lies in these few functions.

const $ = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const narrow = window.matchMedia("(max-width: 900px)");
const told = { opened: "opened", changed: "changed" };
const arrived = new URLSearchParams(location.search); // what the page was opened with
const asked = { query: arrived.get("q") || "" }; // what is searched for

function words() {
  const holder = $("#nc-words");
  return holder ? JSON.parse(holder.dataset.words) : {};
}

function say(text) {
  const status = $("#nc-status");
  if (status && text) status.textContent = text;
}

// Calls a function of the page's Python; shows what went wrong where the result would have been.
async function call(name, given = {}, room = null) {
  let reply;
  try {
    reply = await server.call({ name, given });
  } catch (error) {
    reply = { error: words().lost };
  }
  if (reply && reply.error) {
    const alert = document.createElement("p");
    alert.className = "nc-failure";
    alert.setAttribute("role", "alert");
    alert.textContent = reply.error;
    if (room) room.replaceChildren(alert);
    else dialog({ title: reply.error });
    return null;
  }
  if (reply && reply.said) say(reply.said);
  return reply;
}

// The reader's choices, as Python keeps them.
function chosen() {
  const holder = $("#nc-chosen span");
  return holder ? JSON.parse(holder.textContent) : {};
}

// Where the page is: {tab, conversation, turn}.
function here() {
  const holder = $("#nc-place span");
  return holder ? JSON.parse(holder.textContent) : {};
}

const TABS = ["ask", "search", "compare", "timeline", "check", "library"];

function tab() {
  const shown = all("#nc-tabs .tabitem").find((item) => item.offsetParent);
  return shown ? shown.id.replace("nc-tab-", "") : "ask";
}

// Where there is no room for all, Gradio puts the last of them into a menu.
function goTo(name) {
  const seen = all("#nc-tabs [role=tab]");
  const rest = all("#nc-tabs .overflow-dropdown button");
  [...seen, ...rest][TABS.indexOf(name)]?.click();
}

let shown = location.search;

// What the reader does is a step that the browser's "back" takes back; what comes of opening is none.
function address(given) {
  const query = new URLSearchParams(
    Object.entries(given).filter(([, value]) => value && value !== "ask")
  );
  const search = query.size ? `?${query}` : "";
  if (search === shown) return;
  shown = search;
  const step = navigator.userActivation?.hasBeenActive ? "pushState" : "replaceState";
  history[step](null, "", `${location.pathname}${search}`);
}

addEventListener("popstate", () => {
  if (location.search !== shown) location.reload(); // every address opens itself
});

function save(file) {
  const bytes = Uint8Array.from(atob(file.content), (c) => c.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function flash(link, text) {
  const before = link.textContent;
  link.textContent = text;
  say(text);
  setTimeout(() => { link.textContent = before; }, 1500);
}

// A dialog with fields and buttons; resolves to {button, fields}, or null where it was closed.
function dialog({ title, note = "", fields = [], buttons = [] }) {
  const box = $("#nc-dialog");
  const form = document.createElement("form");
  form.method = "dialog";
  const heading = document.createElement("h2");
  heading.id = "nc-dialog-title";
  heading.textContent = title;
  form.append(heading);
  if (note) form.append(note instanceof Node ? note : Object.assign(document.createElement("p"), { textContent: note }));
  for (const field of fields) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, { name: field.name, value: field.value || "", placeholder: field.hint || "" });
    label.append(field.label || "", input);
    form.append(label);
  }
  const row = document.createElement("div");
  row.className = "nc-buttons";
  for (const { name, label } of [...buttons, { name: "", label: buttons.length ? words().cancel : words().close }]) {
    const button = document.createElement("button");
    Object.assign(button, { value: name, textContent: label, type: "submit" });
    button.className = name && name === buttons[0].name ? "nc-main-button" : "nc-plain";
    row.append(button);
  }
  form.append(row);
  box.replaceChildren(form);
  box.showModal();
  return new Promise((resolve) => {
    box.onclose = () => { // comes some time after the dialog has given the focus back
      const fields = Object.fromEntries(new FormData(form));
      resolve(box.returnValue ? { button: box.returnValue, fields } : null);
      box.returnValue = "";
    };
  });
}

// Words of the page in static parts: <span data-word="search">.
function spell(root = document) {
  const table = words();
  for (const part of all("[data-word]", root)) {
    const word = table[part.dataset.word];
    if (!word) continue;
    if (part.matches("input, textarea")) {
      part.placeholder = word;
      part.setAttribute("aria-label", word);
    } else if (part.hasAttribute("data-word-label")) {
      part.setAttribute("aria-label", word);
      part.title = word;
    } else if (part.textContent !== word) part.textContent = word;
  }
  $("#nc-tabs .overflow-menu > button")?.setAttribute("aria-label", table.more || ""); // Gradio's
}

// Does something whenever what is inside an element changes.
function watchInside(selector, act) {
  when(selector, (target) => {
    new MutationObserver(act).observe(target, { childList: true, subtree: true, characterData: true });
    act();
  });
}

// Does something once an element is there: Gradio makes a tab when it is first opened.
function when(selector, act) {
  const target = $(selector);
  if (target) act(target);
  else setTimeout(() => when(selector, act), 100);
}

for (const part of ["#nc-bridge", "#nc-search", "#nc-list", "#nc-library"]) watchInside(part, () => spell());
