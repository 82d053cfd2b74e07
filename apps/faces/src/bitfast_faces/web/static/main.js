// The page's frame: who is signed in, which section is shown, what happens when the page is left.

import { dropPictures, forget, get, send } from "./api.js";
import { h, render, trouble } from "./dom.js";
import { cameras } from "./cameras.js";
import { family } from "./family.js";
import { recognition } from "./recognition.js";

const SECTIONS = {
  family: { title: "Whom does the child resemble?", show: family },
  recognition: { title: "Recognition", show: recognition },
  cameras: { title: "Cameras", show: cameras },
};
const content = document.getElementById("content");
const held = new Set();  // ids of the pictures that the server keeps for this page
let leave = () => {};
let shown = "";

/** What sections share: the session, and the pictures that are forgotten when the page closes. */
function context(session) {
  return {
    session,
    may: (scope) => session.scopes.includes(scope),
    hold: (picture) => held.add(picture.id),
    letGo: (ids) => { for (const id of ids) held.delete(id); return forget(ids); },
  };
}

function route(shared, places) {
  if (location.hash.startsWith("#code=")) history.replaceState(null, "", "/");  // signed in already: the link stays unused
  const [name, part = ""] = location.hash.slice(1).split("/");
  const section = SECTIONS[name] ? name : "family";
  for (const link of document.querySelectorAll(".top nav a")) {
    if (link.hash === `#${section}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const changed = shown !== location.hash;
  const first = shown === "";
  shown = location.hash || `#${section}`;
  leave();
  // Each section is built once and kept, so that going to another one and back loses nothing.
  places[section] ??= SECTIONS[section].show(shared);
  render(content, places[section].place);
  leave = places[section].enter(part) ?? (() => {});
  document.title = `${SECTIONS[section].title} – Faces`;
  if (changed && !first) {
    content.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }
}

async function begin() {
  let session;
  try {
    session = await get("/session");
  } catch (error) {
    content.replaceChildren(trouble(error));
    return;
  }
  const shared = context(session);
  const places = {};
  addEventListener("hashchange", () => route(shared, places));
  addEventListener("beforeunload", (event) => { if (held.size) event.preventDefault(); });
  addEventListener("pagehide", () => { if (held.size) forget([...held]); });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });  // its pictures are forgotten
  document.getElementById("sign-out").addEventListener("click", async () => {
    await send("DELETE", "/session");
    held.clear();
    dropPictures();
    location.replace("/");
  });
  route(shared, places);
}

document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();  // the address names the section, not the place on the page
  content.focus();
});
content.append(h("p", { class: "empty" }, "One moment …"));
begin();
