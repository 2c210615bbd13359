// The keyboard: / to ask, j and k through citations, Enter opens, Esc closes, ? shows them.

const BOXES = {
  ask: "#nc-box textarea", search: "#nc-q", compare: "#nc-compare-box textarea",
  timeline: "#nc-timeline-box textarea", check: "#nc-check-box textarea", library: "#nc-filter",
};

function isTyping(target) {
  return target.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable=true]");
}

function step(by) {
  const shown = all("#nc-tabs .nc-sentence a.cite, #nc-tabs .nc-result h3 a.cite, #nc-tabs .nc-table a.cite")
    .filter((link) => link.offsetParent);
  if (!shown.length) return;
  const at = shown.indexOf(document.activeElement);
  const next = shown[at < 0 ? (by > 0 ? 0 : shown.length - 1) : Math.max(0, Math.min(shown.length - 1, at + by))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function help() {
  const table = words();
  const list = document.createElement("dl");
  list.className = "nc-keys";
  for (const [key, word] of [["/", "key_ask"], ["j  k", "key_next"], ["Enter", "key_open"], ["Esc", "key_close"], ["?", "key_help"]]) {
    const term = Object.assign(document.createElement("dt"), { textContent: key });
    list.append(term, Object.assign(document.createElement("dd"), { textContent: table[word] }));
  }
  dialog({ title: table.keys, note: list });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("#nc-dialog")?.open) return;
  if (event.key === "Escape") {
    if (isTyping(event.target)) event.target.blur();
    else closePanel();
    return;
  }
  if (isTyping(event.target)) return;
  const act = { "/": () => $(BOXES[tab()])?.focus(), j: () => step(1), k: () => step(-1), "?": help }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help]")) help();
});
