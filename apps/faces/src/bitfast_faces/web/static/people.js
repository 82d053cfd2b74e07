// People who are enrolled: what they agreed to and until when; deletion with its receipt.

import { get, send } from "./api.js";
import { announce, confirmed, h, plural, render, trouble } from "./dom.js";

const DAY = 86400000;

function term(expires) {
  const days = Math.floor((Date.parse(expires) - Date.parse(new Date().toISOString().slice(0, 10))) / DAY);
  if (days < 0) return h("span", { class: "badge bad" }, "has run out");
  if (days < 31) return h("span", { class: "badge warm" }, days ? `${plural(days, "day")} left` : "ends today");
  return h("span", { class: "badge good" }, "valid");
}

export function people(shared) {
  const list = h("div", { class: "working" });
  const receipts = h("div", { class: "working", tabIndex: -1 });
  const expire = shared.may("delete") && h("button", { type: "button", class: "tight", onclick: removeExpired }, "Delete those whose consent ran out");
  const place = h("section", { class: "card", "aria-labelledby": "people-list-title" },
    h("div", { class: "row apart" }, h("h2", { id: "people-list-title" }, "People"), expire), receipts, list);

  async function load() {
    try {
      draw(await get("/people"));
    } catch (error) {
      render(list, trouble(error));
    }
  }

  function draw(all) {
    render(list, all.length ? h("div", { class: "table", role: "region", tabIndex: 0, "aria-label": "Everybody enrolled" }, h("table", {},
      h("thead", {}, h("tr", {}, ["Name", "Agreed to", "Until", "Faces", "Given by", ""].map((title) => h("th", { scope: "col" }, title || h("span", { class: "unseen" }, "Actions"))))),
      h("tbody", {}, all.map((person) => h("tr", {},
        h("th", { scope: "row" }, person.name),
        h("td", {}, person.consents.map((consent) => h("div", {}, consent.purpose))),
        h("td", {}, person.expires, " ", term(person.expires)),
        h("td", {}, person.templates),
        h("td", {}, person.consents.map((consent) => h("div", {}, consent.given_by, consent.minor ? `, guardian ${consent.guardian}` : ""))),
        h("td", {}, shared.may("delete") && h("button", {
          type: "button", class: "danger tight", "data-key": `delete ${person.id}`, "aria-label": `Delete ${person.name}`, onclick: () => remove(person),
        }, "Delete"))))))) : h("p", { class: "empty" }, "Nobody is enrolled."));
  }

  async function remove(person) {
    if (!await confirmed(`Delete ${person.name}?`, "The faces, the name, the consent and the corrections are deleted for good, and the store's files are read afterwards to see that nothing is left.", `Delete ${person.name}`)) return;
    try {
      receipt([await send("DELETE", `/people/${person.id}`)], `${person.name} is deleted.`);
    } catch (error) {
      receipts.replaceChildren(trouble(error));
    }
    await load();
    receipts.focus();
  }

  async function removeExpired() {
    if (!await confirmed("Delete those whose consent ran out?", "Everybody whose last consent has ended is deleted for good.", "Delete them")) return;
    try {
      const gone = await send("POST", "/people/expire");
      receipt(gone, gone.length ? `${plural(gone.length, "person", "people")} deleted.` : "Nobody's consent has run out.");
    } catch (error) {
      receipts.replaceChildren(trouble(error));
    }
    await load();
    receipts.focus();
  }

  function receipt(gone, said) {
    announce(said);
    receipts.replaceChildren(h("div", { class: "notice good" }, h("strong", {}, said), gone.map((each) =>
      h("p", { class: "small" }, `${plural(each.templates, "template")} and ${plural(each.corrections, "correction")}; `,
        each.verified === "file" ? `checked by reading ${each.bytes_read} bytes of the store. ` : "checked by asking the database. ",
        "Receipt ", h("code", {}, each.receipt)))));
  }

  return { place, enter: () => { receipts.replaceChildren(); load(); } };
}
