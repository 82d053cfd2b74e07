// Small helpers for the document: elements, messages that are read out, toasts with undo, dialogs.

/** An element. Props that start with "on" are listeners, "class" and "data-…", "aria-…" attributes, others properties. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && !name.includes("-")) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

let counter = 0;

/** An id that no other element has. */
export const newId = (prefix = "id") => `${prefix}-${(counter += 1)}`;

/** A labelled control; `hint` is tied to it too. */
export function field(label, control, { hint, wide } = {}) {
  control.id ||= newId("field");
  const parts = [h("label", { htmlFor: control.id }, label), control];
  if (hint) {
    const id = newId("hint");
    control.setAttribute("aria-describedby", id);
    parts.push(h("p", { class: "hint", id }, hint));
  }
  return h("div", { class: wide ? "wide" : "" }, parts);
}

/** Has a screen reader say something, politely or at once. */
export function announce(text, { now = false } = {}) {
  const region = document.getElementById(now ? "assertive" : "polite");
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 60);  // a region that is emptied first is read even if the text stays
}

/** A short message with a button that takes the step back. Resolves to true when it was not taken back in time. */
export function toast(text, { undo, seconds = 8 } = {}) {
  return new Promise((resolve) => {
    const shown = h("div", { class: "toast" }, h("span", {}, text));
    const end = (kept) => { clearTimeout(timer); shown.remove(); resolve(kept); };
    let timer = setTimeout(() => end(true), seconds * 1000);
    if (undo) shown.append(h("button", { type: "button", onclick: () => { undo(); end(false); } }, "Undo"));
    // Who is at the toast with mouse or keyboard is given the time they need (WCAG 2.2.1).
    const hold = () => clearTimeout(timer);
    const release = () => { clearTimeout(timer); timer = setTimeout(() => end(true), seconds * 1000); };
    for (const name of ["focusin", "pointerenter"]) shown.addEventListener(name, hold);
    for (const name of ["focusout", "pointerleave"]) shown.addEventListener(name, release);
    document.getElementById("toasts").append(shown);
    announce(undo ? `${text} Undo is possible.` : text);
  });
}

/** A dialog with a title; `build(close)` gives its content. Resolves to what `close` was called with; Escape gives null. */
export function dialog(title, build) {
  return new Promise((resolve) => {
    const id = newId("dialog");
    const shown = h("dialog", { "aria-labelledby": id });
    let answer = null;
    const close = (value) => { answer = value; shown.close(); };
    const content = [build(close)].flat();
    shown.append(h("div", { class: "inside" }, h("h2", { id }, title), content,
      h("div", { class: "row" }, h("button", { type: "button", onclick: () => close(null) }, "Cancel"))));
    shown.addEventListener("close", () => { shown.remove(); resolve(answer); });
    shown.addEventListener("click", (event) => { if (event.target === shown) close(null); });
    document.body.append(shown);
    shown.showModal();
  });
}

/** Asks before something that cannot be taken back. */
export const confirmed = (title, text, yes) =>
  dialog(title, (close) => [
    h("p", {}, text),
    h("button", { type: "button", class: "danger", onclick: () => close(true) }, yes),
  ]);

/** Renders into `place` anew and puts the focus back on the element with the same data-key. */
export function render(place, ...children) {
  const key = place.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const open = new Set([...place.querySelectorAll("details[open]")].map((each) => each.dataset.key));
  place.replaceChildren(...children.flat().filter(Boolean));
  for (const each of place.querySelectorAll("details")) each.open = open.has(each.dataset.key);
  if (key) place.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

/** A notice about an error, in the three parts that every error has. */
export const trouble = (error) =>
  h("div", { class: "notice bad" }, h("strong", {}, error.happened ?? error.message), error.advice ?? "");

export const plural = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
