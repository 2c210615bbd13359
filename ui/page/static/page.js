// Runs once in the evidence panel. `element`, `props` and `server` are Gradio's: the panel, its
// value, and the two Python functions of ui/page/chat.py it may call.

const narrow = window.matchMedia("(max-width: 900px)");

function save(file) {
  const bytes = Uint8Array.from(atob(file.content), (c) => c.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function say(link, text) {
  const before = link.textContent;
  link.textContent = text;
  setTimeout(() => { link.textContent = before; }, 1500);
}

async function download(link) {
  const made = await server.make_download(link.getAttribute("href"));
  if (made.content) {
    save(made);
  } else if (made.copy) {
    await navigator.clipboard.writeText(made.copy);
    say(link, made.said);
  } else {
    say(link, made.gone);
  }
}

async function open(link) {
  props.value = await server.open_reference(link.getAttribute("href"));
  for (const other of document.querySelectorAll("a.cite.nc-open")) other.classList.remove("nc-open");
  link.classList.add("nc-open");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.cite, a.export");
  if (!link) return;
  event.preventDefault();
  (link.classList.contains("cite") ? open : download)(link);
});

// What was quoted is brought into view: within the panel, or on a narrow screen within the page.
new MutationObserver(() => {
  const column = element.closest("#nc-right");
  const quote = element.querySelector("mark.nc-quote");
  if (!quote) {
    column.scrollTop = 0;
  } else if (narrow.matches) {
    quote.scrollIntoView({ block: "center" });
  } else {
    const below = quote.getBoundingClientRect().top - column.getBoundingClientRect().top;
    column.scrollTop += below - column.clientHeight / 3;
  }
}).observe(element, { childList: true, subtree: true });

// Gradio labels each message with its source, which here is HTML: screen readers get the text.
new MutationObserver(() => {
  for (const message of document.querySelectorAll("#nc-chat [data-testid][aria-label]")) {
    message.removeAttribute("aria-label");
  }
}).observe(document.body, {
  attributes: true, attributeFilter: ["aria-label"], childList: true, subtree: true,
});
