// The recognition section: its parts and what they share.

import { h, render } from "./dom.js";
import { audit } from "./audit.js";
import { enrol } from "./enrol.js";
import { folders } from "./folders.js";
import { people } from "./people.js";
import { search } from "./search.js";

const PARTS = [
  { name: "search", title: "Search", scope: "search", show: search },
  { name: "enrol", title: "Enrol", scope: "enrol", show: enrol },
  { name: "people", title: "People", scope: "people", show: people },
  { name: "folders", title: "Folders", scope: "cluster", show: folders },
  { name: "audit", title: "Audit log", scope: "audit", show: audit },
];

export function recognition(shared) {
  const offered = PARTS.filter((part) => shared.may(part.scope) && (part.name === "folders" ? shared.session.folders.length : shared.session.store));
  const body = h("div", { class: "recognition-page" });
  const links = new Map(offered.map((part) => [part.name, h("a", { href: `#recognition/${part.name}` }, part.title)]));
  const place = h("div", { class: "recognition-page" },
    h("div", {}, h("h1", {}, "Recognition"),
      h("p", { class: "lead" }, "Only people who agreed are recognised. Every search is written to the audit log before it is answered.")),
    offered.length ? h("nav", { class: "sub", "aria-label": "Recognition" }, h("ul", {}, [...links.values()].map((link) => h("li", {}, link))))
      : h("section", { class: "card" }, h("p", { class: "empty" }, "This server was started without a store of people. Start bitfast-faces serve without --no-store.")),
    body);
  const built = {};
  return {
    place,
    enter(asked) {
      const part = offered.find((each) => each.name === asked) ?? offered[0];
      if (!part) return undefined;
      for (const [name, link] of links) {
        if (name === part.name) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
      built[part.name] ??= part.show(shared);
      render(body, built[part.name].place);
      return built[part.name].enter?.();
    },
  };
}
