// The texts on a page that have less contrast than WCAG 2.2 AA asks for: [[text, ratio, colours, class]].
() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const channels = (colour) => { // any CSS colour as red, green, blue and alpha
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a)];
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      const colour = channels(getComputedStyle(one).backgroundColor);
      layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const opacity = (element) => {
    let all = 1;
    for (let one = element; one; one = one.parentElement) all *= Number(getComputedStyle(one).opacity);
    return all;
  };
  const faint = [];
  const look = (element, text, pseudo = null) => {
    const style = getComputedStyle(element, pseudo);
    const below = behind(element);
    const colour = channels(style.color);
    colour[3] *= opacity(element) * (pseudo ? Number(style.opacity) : 1);
    const [one, other] = [luminance(over(colour, below)), luminance(below)];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) faint.push([text.trim().slice(0, 40), ratio.toFixed(2), style.color, below.map(Math.round).join(), element.className]);
  };
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const { parentElement: element, textContent: text } = nodes.currentNode;
    if (!text.trim() || element.closest("script, style, :disabled, .nc-off, .nc-sr, #nc-bridge > :not(dialog)")) continue;
    if (!element.checkVisibility({ visibilityProperty: true }) || !element.getClientRects().length) continue;
    if (/^[\p{Extended_Pictographic}\s]+$/u.test(text)) continue; // pictures have their own colours
    look(element, text);
  }
  for (const element of document.querySelectorAll("input:not([type=checkbox], [type=file]), textarea")) {
    if (!element.checkVisibility()) continue;
    if (element.value) look(element, element.value);
    else if (element.placeholder) look(element, element.placeholder, "::placeholder");
  }
  return faint;
}
