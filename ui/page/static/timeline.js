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

function tell(event) {
  const dot = event.target.closest?.(".nc-dot");
  const tip = $("#nc-tip") || document.body.appendChild(Object.assign(document.createElement("div"), { id: "nc-tip", role: "tooltip" }));
  tip.hidden = !dot;
  if (!dot) return;
  tip.textContent = dot.dataset.told;
  const place = dot.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(place.left, innerWidth - 340))}px`;
  tip.style.top = `${place.bottom + 8}px`;
}
document.addEventListener("pointerover", tell);
document.addEventListener("focusin", tell);
