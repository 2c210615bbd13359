// The Library tab: a page of the table at a time; one article corrected, some removed.

const table = { words: "", sort: "added", descending: true, page: 0, asked: 0 };
const rows = new Set();

async function showTable() {
  const room = $("#nc-table");
  if (!room) return;
  const number = ++table.asked;
  const { words, sort, descending, page } = table;
  const reply = await call("table", { chosen: chosen(), words, sort, descending, page }, room);
  if (!reply || number !== table.asked) return;
  rows.clear();
  room.innerHTML = reply.html;
}

let looked = 0;
document.addEventListener("input", (event) => {
  if (event.target.id !== "nc-filter") return;
  clearTimeout(looked);
  looked = setTimeout(() => { Object.assign(table, { words: event.target.value, page: 0 }); showTable(); }, 250);
});

document.addEventListener("change", (event) => {
  const { row } = event.target.dataset;
  if (!row) return;
  rows[event.target.checked ? "add" : "delete"](row);
  const button = $("#nc-table [data-remove]");
  if (button) button.disabled = !rows.size;
});

async function correct(article) {
  const known = await call("details", { article });
  if (!known) return;
  const say_ = words();
  const fields = Object.entries(known.fields).map(([name, value]) => ({ name, value, label: say_[`col_${name}`] }));
  let note = say_.by_hand;
  for (;;) {
    const given = await dialog({ title: say_.edit, note, fields, buttons: [{ name: "save", label: say_.save }] });
    if (!given) return;
    note = document.createElement("div"); // for what is wrong; what was typed stays
    if (await call("correct", { article, fields: given.fields }, note)) break;
    for (const field of fields) field.value = given.fields[field.name];
  }
  changed();
}

async function remove() {
  const say_ = words();
  const sure = await dialog({
    title: say_.remove_sure.replace("{n}", rows.size), buttons: [{ name: "remove", label: say_.remove }],
  });
  if (sure && (await call("remove", { articles: [...rows] }))) changed();
}

function changed() {
  showTable();
  trigger(told.changed);
}

document.addEventListener("click", async (event) => {
  const examples = event.target.closest("[data-examples]");
  if (examples) {
    examples.disabled = true;
    const reply = await call("add_examples");
    if (reply) { changed(); dialog({ title: reply.said }); }
    return;
  }
  const button = event.target.closest("#nc-table button, [data-retry]");
  if (!button) return;
  const { sort, page, edit, remove: removing, retry } = button.dataset;
  if (sort) {
    Object.assign(table, { sort, descending: table.sort === sort ? !table.descending : sort !== "title", page: 0 });
    showTable();
  } else if (page !== undefined) {
    table.page = Number(page);
    showTable();
  } else if (edit) correct(edit);
  else if (removing !== undefined) remove();
  else if (retry !== undefined) $("#nc-retry").click();
});

// Shown when the tab is first opened, and again when the choices or the articles change.
watchInside("#nc-chosen", () => { table.page = 0; if (tab() === "library") showTable(); });
when("#nc-table", showTable);
watchInside("#nc-head", () => { if (tab() === "library") showTable(); });
document.addEventListener("click", (event) => {
  if (!event.target.closest("#nc-tabs .tab-wrapper button")) return;
  setTimeout(() => {
    const name = tab();
    document.body.dataset.tab = name;
    document.body.classList.toggle("nc-no-panel", name !== "ask");
    if (name === "library") when("#nc-table", showTable);
    listConversations(name);
    const now = here();
    address({
      tab: name,
      ...(name === now.tab && now.conversation ? { c: now.conversation } : {}),
      ...(name === "search" ? { q: asked.query } : {}),
    });
  });
});
