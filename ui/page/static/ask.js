// Links of answers and of the panel; the list of conversations; the address of the page.

// -- the panel ------------------------------------------------------------------------------------

function showPanel(html) {
  const panel = $("#nc-panel .nc-room") || $("#nc-panel .prose") || $("#nc-panel");
  panel.innerHTML = html;
  document.body.classList.remove("nc-no-panel");
  spell(panel);
  toQuote();
}

// What was quoted is brought into view: within the panel, or on a narrow screen within the page.
function toQuote() {
  const column = $("#nc-right");
  const quote = $("#nc-panel mark.nc-quote");
  if (!quote) {
    column.scrollTop = 0;
    if (narrow.matches && tab() !== "ask") column.scrollIntoView({ block: "start" });
  } else if (narrow.matches) {
    quote.scrollIntoView({ block: "center" });
  } else {
    const below = quote.getBoundingClientRect().top - column.getBoundingClientRect().top;
    column.scrollTop += below - column.clientHeight / 3;
  }
}

async function open(link) {
  const reply = await call("open", { reference: link.getAttribute("href") });
  if (!reply) return;
  showPanel(reply.html);
  if (reply.address) address({ ...(tab() === "ask" ? {} : { tab: tab() }), ...reply.address });
  for (const other of all("a.cite.nc-open")) other.classList.remove("nc-open");
  link.classList.add("nc-open");
}

function closePanel() {
  document.body.classList.add("nc-no-panel");
  const opened = $("a.cite.nc-open");
  opened?.focus();
}

async function download(link) {
  const made = await call("download", { reference: link.getAttribute("href") });
  if (!made) return;
  if (made.content) save(made);
  else if (made.copy) { await navigator.clipboard.writeText(made.copy); flash(link, made.said); }
  else if (made.link) { await navigator.clipboard.writeText(new URL(made.link, location.href).href); flash(link, made.said); }
  else flash(link, made.gone);
}

async function vote(link) {
  const up = link.getAttribute("href").endsWith("-up");
  const table = words();
  const title = up ? table.why_up : table.why_down;
  const given = await dialog({ title, fields: [{ name: "word" }], buttons: [{ name: "send", label: table.send }] });
  if (!given) return;
  const reply = await call("vote", { reference: link.getAttribute("href"), word: given.fields.word });
  if (!reply) return;
  for (const other of all("a.vote", link.parentElement)) other.classList.remove("nc-voted");
  link.classList.add("nc-voted");
}

// A translation, or the whole paragraph, below the quote; the original stays where it is.
async function read(button) {
  const room = document.createElement("div");
  const translating = button.classList.contains("nc-translate");
  const { span, into } = button.dataset;
  const hidden = hiddenQuote();
  button.parentElement.before(room);
  if (translating) {
    room.className = "nc-translation";
    room.setAttribute("aria-live", "polite");
    room.textContent = words().translating;
  }
  button.hidden = true;
  const reply = await (translating
    ? call("translate", { span, into }, room)
    : call("paragraph", { span }, room));
  if (reply) room.innerHTML = reply.html;
  else button.hidden = false;
  await new Promise(requestAnimationFrame);  // the browser has kept what stands at the top where it was
  $("#nc-right").scrollTop -= Math.max(0, hiddenQuote() - Math.max(0, hidden));
}

// How much of the open quote the head of its article hides, in pixels; less than 0 where nothing is.
function hiddenQuote() {
  const [head, quote] = [$("#nc-panel .nc-article header"), $("#nc-panel mark.nc-quote")];
  return head && quote ? head.getBoundingClientRect().bottom - quote.getBoundingClientRect().top : 0;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.cite, a.export, a.vote");
  if (link && link.getAttribute("href").startsWith("#")) {
    event.preventDefault();
    if (link.classList.contains("cite")) open(link);
    else if (link.classList.contains("vote")) vote(link);
    else download(link);
    return;
  }
  const button = event.target.closest("button.nc-translate, button.nc-paragraph");
  if (button) read(button);
  if (event.target.closest("[data-close-panel]")) closePanel();
  const card = event.target.closest("[data-card]");
  if (card) {
    event.preventDefault();
    $(`#nc-card-${card.dataset.card}`)?.scrollIntoView({ block: "start", behavior: "smooth" });
  }
  const first = event.target.closest("[data-go]");
  if (first) {
    goTo(first.dataset.go);
    if (first.dataset.go === "library") when("#nc-add > button", (head) => head.matches(".open") || head.click());
  }
});

// New evidence, or an article opened by address, comes from Python as the panel's value.
watchInside("#nc-panel", () => {
  if ($("#nc-panel .nc-panel")) document.body.classList.remove("nc-no-panel");
  if ($("#nc-panel mark.nc-quote")) toQuote();
});

// -- conversations --------------------------------------------------------------------------------

// Of the Ask tab, or the earlier results of another one.
function listConversations(kind = "ask") {
  if (["search", "library"].includes(kind)) return;
  when(`.nc-room[data-kind="${kind}"]`, async (room) => {
    const words = kind === "ask" ? $("#nc-find")?.value || "" : "";
    const reply = await call("conversations", { kind, words, current: here().conversation || "" }, room);
    if (reply) room.innerHTML = reply.html;
  });
}

async function moreOf(button) {
  const name = button.dataset.more;
  const { kind } = button.closest("[data-kind]").dataset;
  const table = words();
  const link = $(`a[data-open="${name}"]`);
  const asked = await dialog({
    title: link.title,
    buttons: [
      { name: "rename", label: table.rename },
      ...Object.entries(table.formats).filter(([ending]) => [".md", ".html", ".docx"].includes(ending))
        .map(([ending, label]) => ({ name: ending, label: `${table.export_as} ${label}` })),
      { name: "delete", label: table.delete },
    ],
  });
  if (!asked) return;
  if (asked.button === "rename") {
    const given = await dialog({
      title: table.rename, fields: [{ name: "title", value: link.title, label: table.new_title }],
      buttons: [{ name: "save", label: table.save }],
    });
    if (given) await call("rename_conversation", { name, title: given.fields.title });
  } else if (asked.button === "delete") {
    const sure = await dialog({ title: table.delete_sure, note: link.title, buttons: [{ name: "delete", label: table.delete }] });
    if (sure && (await call("delete_conversation", { name })) && here().conversation === name) {
      if (kind === "ask") $("#nc-new").click();
      else location.search = `?tab=${kind}`;
    }
  } else {
    const file = await call("export_conversation", { name, ending: asked.button });
    if (file) save(file);
  }
  listConversations(kind);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-open]");
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    document.body.classList.remove("nc-list-open");
    trigger(told.opened, { name: link.dataset.open });
  }
  const more = event.target.closest("button[data-more]");
  if (more) moreOf(more);
  const unfolds = event.target.closest("[data-list]");
  if (unfolds) unfolds.setAttribute("aria-expanded", document.body.classList.toggle("nc-list-open"));
});

let typing = 0;
document.addEventListener("input", (event) => {
  if (event.target.id !== "nc-find") return;
  clearTimeout(typing);
  typing = setTimeout(() => listConversations(), 250);
});

// Python says where the page is: the address follows, and who cannot see is told.
let last = "";
let listed = "";
watchInside("#nc-place", () => {
  const now = here();
  if (JSON.stringify(now) === last) return;
  last = JSON.stringify(now);
  say(now.said);
  if (now.turn) sessionStorage.setItem(UNANSWERED, $("#nc-box textarea")?.value || "");
  if (now.conversation) {
    address({ tab: now.tab, c: now.conversation, ...(now.citation ? { t: now.turn, n: now.citation } : {}) });
  } else if (now.tab && !new URLSearchParams(location.search).has("p")) {
    address({ tab: now.tab, ...(now.tab === "search" ? { q: asked.query } : {}) });
  }
  if (now.tab) document.body.dataset.tab = now.tab;
  if (now.tab && now.tab !== "ask" && !now.citation && !arrived.has("p")) document.body.classList.add("nc-no-panel");
  const listing = `${now.tab} ${now.conversation} ${now.turn}`;
  if (listing !== listed) listConversations(now.tab);
  listed = listing;
});
watchInside("#nc-bridge", () => { if ($("#nc-words")) listConversations(); });

// The last question is brought to the top once, with room for its answer below: nothing scrolls while
// the answer is written.
let question = "";
watchInside("#nc-chat", () => {
  const now = all("#nc-chat .nc-question");
  const asked = `${now.length} ${now.at(-1)?.textContent}`;
  if (now.length && asked !== question) {
    const scroller = $("#nc-chat [role=log]");
    const below = now.at(-1).getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    scroller.scrollTop += below - 12;
  }
  question = asked;
  $("#nc-chat [role=log]")?.setAttribute("aria-label", words().conversations || "");
});

// What is chosen is seen while the choices are folded away.
watchInside("#nc-chosen", () => {
  const summary = $("#nc-chosen span")?.dataset.summary || "";
  when("#nc-choices > button", (head) => { head.dataset.chosen = summary; });
});

// What is being asked or written is in the box again after a reload, until it has been answered.
const UNANSWERED = "newscite-unanswered";
document.addEventListener("input", (event) => {
  if (event.target.matches("#nc-box textarea")) sessionStorage.setItem(UNANSWERED, event.target.value);
});
when("#nc-box textarea", (box) => {
  const unanswered = sessionStorage.getItem(UNANSWERED);
  if (!unanswered || box.value) return;
  box.value = unanswered;
  box.dispatchEvent(new Event("input", { bubbles: true }));
});

// Gradio labels each message with its source, which here is HTML, and examples in English: screen readers
// get the text. And it says in English, without a cure, that the server is gone or a file is too big.
new MutationObserver(() => {
  for (const message of all("#nc-chat :is([data-testid], .example)[aria-label]")) message.removeAttribute("aria-label");
  const table = words();
  for (const toast of all("[data-testid=toast-text]")) {
    const said = toast.textContent;
    if (said.startsWith("Connection to")) toast.textContent = table.lost;
    else if (said.startsWith("File(s) exceed")) toast.textContent = table.too_big;
    else continue;
    const body = toast.closest(".toast-body");
    $(".toast-title", body).textContent = table.failed;
    $(".toast-close", body).setAttribute("aria-label", table.close);
  }
}).observe(document.body, { attributes: true, attributeFilter: ["aria-label"], childList: true, subtree: true });
