// The timeline's picture: wider when zoomed; lanes by outlet or by language; words on hovering.

const SCALES = [1, 2, 4, 8, 16];

function zoom(picture, to, at = 0.5) {
  const scroll = $(".nc-scroll", picture);
  const middle = (scroll.scrollLeft + at * scroll.clientWidth) / scroll.scrollWidth;
  picture.dataset.scale = to;
  $(".nc-canvas", picture).style.width = `${100 * to}%`;
  scroll.scrollLeft = middle * scroll.scrollWidth - at * scroll.clientWidth;
}

function nextScale(picture, step) {
  const index = SCALES.indexOf(Number(picture.dataset.scale)) + step;
  return SCALES[Math.max(0, Math.min(SCALES.length - 1, index))];
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".nc-picture button");
  if (!button) return;
  const picture = button.closest(".nc-picture");
  if (button.dataset.zoom) zoom(picture, nextScale(picture, button.dataset.zoom === "in" ? 1 : -1));
  if (button.dataset.lanes) {
    for (const lanes of all(".nc-lanes", picture)) lanes.hidden = lanes.dataset.by !== button.dataset.lanes;
    for (const other of all("[data-lanes]", picture)) other.setAttribute("aria-pressed", other === button);
  }
});

document.addEventListener("wheel", (event) => {
  const scroll = event.ctrlKey && event.target.closest(".nc-scroll");
  if (!scroll) return;
  event.preventDefault();
  const picture = scroll.closest(".nc-picture");
  const at = (event.clientX - scroll.getBoundingClientRect().left) / scroll.clientWidth;
  zoom(picture, nextScale(picture, event.deltaY < 0 ? 1 : -1), at);
}, { passive: false });

// Words by what is pointed at: an event's, or the quote behind a number.
function tell(event) {
  const pointed = event.target.closest?.(".nc-dot, .nc-sentence > a.cite[title], .nc-sentence > a.cite[data-told]");
  const tip = $("#nc-tip") || document.body.appendChild(Object.assign(document.createElement("div"), { id: "nc-tip", role: "tooltip" }));
  tip.hidden = !pointed;
  if (!pointed) return;
  if (pointed.title) {
    pointed.dataset.told = pointed.title;
    pointed.removeAttribute("title");
    pointed.setAttribute("aria-description", pointed.dataset.told);
  }
  tip.textContent = pointed.dataset.told;
  const place = pointed.getBoundingClientRect();
  const room = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(place.left, innerWidth - room.width - 8))}px`;
  tip.style.top = `${place.bottom + 8 + room.height > innerHeight ? place.top - 8 - room.height : place.bottom + 8}px`;
}
document.addEventListener("pointerover", tell);
document.addEventListener("focusin", tell);
