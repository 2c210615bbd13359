// What does not fit on the page: [[what, why]]. The page is wider than its window, or the words of a
// button are broken over two lines, cut off, or beyond the window's edge.
async () => {
  await new Promise((done) => setTimeout(done, 80)); // Gradio lays its tabs out anew
  const wrong = [];
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) wrong.push(["the page", `${scrollWidth} wide`]);
  for (const one of document.querySelectorAll("button, summary, select, th, .nc-badge, a.export, .nc-date")) {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.matches(".example, [aria-hidden=true] *")) continue;
    const said = one.innerText.trim();
    const style = getComputedStyle(one);
    if (style.overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1) wrong.push([said, "cut off"]);
    const texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { currentNode } = texts;
      if (!currentNode.textContent.trim() || currentNode.parentElement.closest(".nc-sr, option")) continue;
      const range = document.createRange();
      range.selectNodeContents(currentNode);
      const lines = [...range.getClientRects()];
      if (new Set(lines.map((line) => Math.round(line.top))).size > 1) wrong.push([said, "broken over lines"]);
      const seen = one.closest(".nc-tablewrap, .nc-scroll")?.getBoundingClientRect().right ?? innerWidth;
      if (lines.some((line) => line.right > seen + 1)) wrong.push([said, "beyond the edge"]);
    }
  }
  return wrong;
}
