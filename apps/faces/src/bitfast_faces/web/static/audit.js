// The audit log: what was asked and done, and whether the log is as it was written.

import { get, send } from "./api.js";
import { announce, h, render, trouble } from "./dom.js";

const PAGE = 200;

export function audit() {
  let entries = [];
  const list = h("div", { class: "working" });
  const state = h("div", { class: "working" });
  const place = h("section", { class: "card", "aria-labelledby": "audit-title" },
    h("div", { class: "row apart" }, h("h2", { id: "audit-title" }, "Audit log"),
      h("button", { type: "button", class: "tight", onclick: check }, "Check that it is intact")),
    h("p", { class: "quiet-text" }, "Newest first. Entries can be added, never changed; each is chained to the one before."), state, list);

  async function load() {
    try {
      for (;;) {
        const more = await get(`/audit?after=${entries.at(-1)?.id ?? 0}&limit=${PAGE}`);
        entries = [...entries, ...more];
        if (more.length < PAGE) break;
      }
      draw();
    } catch (error) {
      render(list, trouble(error));
    }
  }

  function draw() {
    const newest = entries.slice(-PAGE).reverse();
    render(list, newest.length ? h("div", { class: "table", role: "region", tabIndex: 0, "aria-label": "Entries" }, h("table", {},
      h("thead", {}, h("tr", {}, ["No.", "When (UTC)", "What", "Details", "Digest"].map((title) => h("th", { scope: "col" }, title)))),
      h("tbody", {}, newest.map((entry) => h("tr", {},
        h("td", {}, entry.id), h("td", {}, entry.at.replace("T", " ").slice(0, 19)), h("td", {}, entry.action),
        h("td", {}, Object.entries(entry.detail).map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}`).join("; ")),
        h("td", {}, h("code", { title: entry.digest }, entry.digest.slice(0, 12)))))))) : h("p", { class: "empty" }, "Nothing was asked or done yet."),
    entries.length > newest.length && h("p", { class: "quiet-text small" }, `The newest ${PAGE} of ${entries.length} entries; bitfast-faces audit shows all.`));
  }

  async function check() {
    try {
      const { entries: number } = await send("POST", "/audit/verify");
      state.replaceChildren(h("div", { class: "notice good" }, `All ${number} entries are as they were written.`));
      announce(`All ${number} entries are as they were written.`);
    } catch (error) {
      state.replaceChildren(trouble(error));
      announce(error.happened, { now: true });
    }
  }

  return { place, enter: () => { state.replaceChildren(); load(); } };
}
