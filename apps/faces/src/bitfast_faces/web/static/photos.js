// The place where photos come in: by button, drop or paste; one after the other, with progress and a way to stop.

import { upload } from "./api.js";
import { announce, h, newId, plural, trouble } from "./dom.js";

const KINDS = "image/*,.heic,.heif";

/**
 * A drop area. `took(picture)` is called for each photo as it was analysed, `ended()` after the last.
 * `multiple` says whether more than one photo makes sense.
 */
export function photoDrop({ title, hint, multiple = true, slim = false, took, ended = () => {} }) {
  const hintId = newId("hint");
  const input = h("input", { type: "file", accept: KINDS, multiple, hidden: true, onchange: () => start([...input.files]) });
  const button = h("button", {
    type: "button", class: slim ? "" : "main", "data-key": `choose ${title}`, "aria-describedby": hintId,
    onclick: () => input.click(),
  }, title);
  const status = h("div", { class: "working", hidden: true });
  const problems = h("div", { class: "working", hidden: true });
  const area = h("div", { class: `drop${slim ? " slim" : ""}` },
    h("p", { class: "quiet-text drop-hint", id: hintId }, hint), button, input, status, problems);
  let busy = Promise.resolve();

  function start(files) {
    input.value = "";
    const chosen = (multiple ? files : files.slice(0, 1)).filter((file) => file.type.startsWith("image/") || /\.hei[cf]$/i.test(file.name) || !file.type);
    if (!chosen.length) {
      problems.hidden = false;
      problems.replaceChildren(trouble({ happened: "There was no picture in it.", advice: "Choose JPEG, PNG, WebP or HEIC files." }));
      announce("There was no picture in it.", { now: true });
      return;
    }
    busy = busy.then(() => run(chosen));
  }

  async function run(files) {
    const stop = new AbortController();
    const fill = h("span");
    const words = h("p", { class: "small" });
    const bar = h("div", { class: "progress", role: "progressbar", "aria-label": "Photos looked at", "aria-valuemin": 0, "aria-valuemax": files.length }, fill);
    status.replaceChildren(words, bar, h("button", { type: "button", class: "tight", onclick: () => stop.abort() }, "Stop"));
    status.hidden = false;
    problems.hidden = true;
    problems.replaceChildren();
    let faces = 0;
    let done = 0;
    for (const file of files) {
      words.textContent = `Looking at photo ${done + 1} of ${files.length} …`;
      bar.setAttribute("aria-valuenow", done);
      fill.style.width = `${(100 * done) / files.length}%`;
      try {
        const picture = await upload(file, stop.signal);
        faces += picture.faces.length;
        await took(picture);
      } catch (error) {
        if (error.name === "AbortError") break;
        problems.hidden = false;
        problems.append(trouble({ happened: `${file.name}: ${error.happened ?? error.message}`, advice: error.advice }));
        announce(`${file.name}: ${error.happened ?? error.message}`, { now: true });
        if (error.status === 409 || error.status === 401) break;
      }
      done += 1;
    }
    status.hidden = true;
    await ended();
    announce(`${plural(done, "photo")} looked at, ${plural(faces, "face")} found.`);
    if (!area.contains(document.activeElement) && document.activeElement === document.body) button.focus({ preventScroll: true });
  }

  area.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    area.classList.add("over");
  });
  area.addEventListener("dragleave", () => area.classList.remove("over"));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("over");
    start([...event.dataTransfer.files]);
  });
  return { area, start };
}

/** Calls `start` with the pictures that are pasted anywhere on the page; gives back how to stop listening. */
export function onPaste(start) {
  const listener = (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length) { event.preventDefault(); start(files); }
  };
  document.addEventListener("paste", listener);
  return () => document.removeEventListener("paste", listener);
}
