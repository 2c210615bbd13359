// The Search tab: what is asked, what is picked among the facets, what is marked.

const looking = { picked: {}, months: [], sort: "fit", asked: 0, question: "" };
let marked = new Set(JSON.parse(localStorage.getItem("newscite-marked") || "[]"));

async function search() {
  const results = $("#nc-results");
  if (!looking.question.trim()) return;
  const number = ++looking.asked;
  results.setAttribute("aria-busy", "true");
  const { question, picked, months, sort } = looking;
  const reply = await call("search", { question, chosen: chosen(), picked, months, sort }, results);
  if (number !== looking.asked) return; // a later one is on its way
  results.removeAttribute("aria-busy");
  if (!reply) { $("#nc-facets").replaceChildren(); return; }
  results.innerHTML = reply.html;
  if (narrow.matches && !looking.unfolded) $(".nc-facetbox").open = false;
  looking.unfolded = true;
  $("#nc-facets").innerHTML = reply.facets;
  showMarks();
  asked.query = question;
  address({ tab: "search", q: question });
}

function showMarks() {
  for (const input of all("#nc-results input[data-mark]")) input.checked = marked.has(input.dataset.mark);
  const bar = $("#nc-marked");
  bar.hidden = !marked.size;
  $(".nc-n", bar).textContent = (words().marked_n || "{n}").replace("{n}", marked.size);
  localStorage.setItem("newscite-marked", JSON.stringify([...marked]));
}

document.addEventListener("submit", (event) => {
  if (event.target.id !== "nc-searching") return;
  event.preventDefault();
  Object.assign(looking, { question: $("#nc-q").value, picked: {}, months: [] });
  search();
});

document.addEventListener("change", (event) => {
  const { mark, facet } = event.target.dataset;
  if (mark) {
    marked[event.target.checked ? "add" : "delete"](mark);
    showMarks();
  } else if (facet) {
    const values = new Set(looking.picked[facet] || []);
    values[event.target.checked ? "add" : "delete"](event.target.value);
    looking.picked[facet] = [...values];
    search();
  } else if (event.target.id === "nc-sort") {
    looking.sort = event.target.value;
    search();
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("#nc-marked [data-do], [data-clear=months]");
  if (!button) return;
  if (button.dataset.clear) {
    looking.months = [];
    search();
  } else if (button.dataset.do === "clear") {
    marked.clear();
    showMarks();
  } else {
    const buttons = Object.entries(words().formats).map(([name, label]) => ({ name, label }));
    const given = await dialog({ title: words().export_as, buttons });
    if (!given) return;
    const file = await call("export_marked", { question: looking.question, marked: [...marked], ending: given.button });
    if (file) save(file);
  }
});

// Dates: click a bar, or drag over several.
let dragged = null;
document.addEventListener("pointerdown", (event) => {
  const bar = event.target.closest(".nc-bar");
  if (bar) { dragged = bar.dataset.month; event.preventDefault(); }
});
document.addEventListener("pointerover", (event) => {
  const bar = dragged && event.target.closest(".nc-bar");
  if (!bar) return;
  const [low, high] = [dragged, bar.dataset.month].sort();
  for (const one of all(".nc-bar")) one.classList.toggle("nc-in", one.dataset.month >= low && one.dataset.month <= high);
});
document.addEventListener("pointerup", (event) => {
  if (!dragged) return;
  const bar = event.target.closest(".nc-bar");
  looking.months = [dragged, bar ? bar.dataset.month : dragged].sort();
  dragged = null;
  search();
});
document.addEventListener("keydown", (event) => {
  const bar = event.target.closest?.(".nc-bar");
  if (bar && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    looking.months = [bar.dataset.month, bar.dataset.month];
    search();
  }
});

watchInside("#nc-chosen", () => { if (looking.question && $("#nc-results")) search(); });
when("#nc-search #nc-marked", () => {
  if (asked.query && !looking.question) {
    looking.question = $("#nc-q").value = asked.query;
    search();
  }
  showMarks();
});
