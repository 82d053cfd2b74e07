// Own checks of WCAG 2.2 in the page: names (4.1.2), alternative texts (1.1.1), contrast (1.4.3), headings (1.3.1),
// unique ids. Gives what was found wrong, in words.
() => {
  const found = [];
  const channel = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const colour = (text) => text.match(/[\d.]+/g).map(Number);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = colour(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  for (const e of document.querySelectorAll("body *")) {
    if (!shown(e)) continue;
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (own && !e.disabled) {
      const style = getComputedStyle(e);
      const [a, b] = [light(colour(style.color)), light(ground(e))].sort((x, y) => y - x);
      const ratio = (a + 0.05) / (b + 0.05);
      const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
      if (ratio < (large ? 3 : 4.5)) found.push(`contrast ${ratio.toFixed(2)}: ${e.outerHTML.slice(0, 90)}`);
    }
    if (e.matches("button, a[href], input:not([type=file]), select, textarea, summary, [role=img], [role=progressbar]")) {
      const by = e.getAttribute("aria-labelledby");
      const name = e.ariaLabel || (by && document.getElementById(by)?.textContent) || e.labels?.[0]?.textContent || e.textContent;
      if (!name?.trim()) found.push(`no name: ${e.outerHTML.slice(0, 90)}`);
    }
    if (e.tagName === "IMG" && !e.hasAttribute("alt")) found.push(`no alt: ${e.outerHTML.slice(0, 90)}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) found.push(`id twice: ${id}`);
  for (const e of [...document.querySelectorAll("[aria-labelledby], [aria-describedby]")].filter(shown))
    for (const id of `${e.getAttribute("aria-labelledby") ?? ""} ${e.getAttribute("aria-describedby") ?? ""}`.split(" "))
      if (id && !document.getElementById(id)) found.push(`refers to nothing: ${id}`);
  let last = 0;
  for (const e of [...document.querySelectorAll("h1, h2, h3")].filter(shown)) {
    const level = Number(e.tagName[1]);
    if (level > last + 1) found.push(`heading skips a level: ${e.textContent}`);
    last = level;
  }
  if (document.querySelectorAll("main").length !== 1 || document.querySelectorAll("h1").length !== 1) found.push("landmarks");
  return found;
}
