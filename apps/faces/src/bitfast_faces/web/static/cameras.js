// The cameras section: events as they come, newest first. Strangers are a count, never a name or a picture.

import { announce, h, render } from "./dom.js";

const MOST = 200;
const WORDS = {
  enter: "came in", known: "was recognised", best: "best picture", leave: "left", crossed: "crossed the line",
  limit: "limit of people", connected: "camera connected", lost: "connection lost", size: "picture size changed",
  metrics: "frames", trouble: "something fails", restored: "it works again", ended: "video ended",
  failed: "camera failed", missed: "events were missed by this page",
};
const BAD = new Set(["lost", "failed", "limit", "missed", "trouble"]);

export function cameras(shared) {
  const list = h("ol", { class: "plain events" });
  const state = h("p", { class: "live", role: "status" }, "not connected");
  const counts = h("p", { class: "quiet-text" });
  const only = h("select", { onchange: () => show() });
  const quiet = h("input", { type: "checkbox", checked: true, onchange: () => show() });
  const pause = h("button", { type: "button", class: "tight", "aria-pressed": "false", onclick: () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    show();
  } }, "Pause");
  let events = [];
  let paused = false;
  const place = h("div", { class: "people-page" },
    h("div", {}, h("h1", {}, "Cameras"),
      h("p", { class: "lead" }, "What the cameras report, live. Only people who agreed are named; strangers are counted and forgotten.")),
    h("section", { class: "card", "aria-labelledby": "events-title" },
      h("div", { class: "row apart" }, h("h2", { id: "events-title" }, "Events"), state),
      shared.session.cameras ? [
        h("div", { class: "row" },
          h("label", { class: "choice" }, "Camera ", only),
          h("label", { class: "choice" }, quiet, "Hide reports about frames"), pause),
        counts, list,
      ] : h("p", { class: "empty" }, "This server watches no camera. Start it with --cameras and a file that names them; docs/cameras.md tells how.")));

  function show() {
    if (paused) return;
    const names = [...new Set(events.map((event) => event.camera).filter(Boolean))].sort();
    const chosen = only.value;
    only.replaceChildren(h("option", { value: "" }, "all"), ...names.map((name) => h("option", { value: name, selected: name === chosen }, name)));
    const shown = events.filter((event) => (!chosen || event.camera === chosen) && !(quiet.checked && event.event === "metrics"));
    render(list, shown.length ? shown.slice(0, 100).map(row) : h("li", { class: "empty" }, "Nothing happened yet."));
    const known = new Set(events.filter((event) => event.person !== undefined).map((event) => event.person)).size;
    const strangers = events.filter((event) => event.event === "enter" && event.known === false).length;
    counts.textContent = `Since this page was opened: ${known} known, ${strangers} unknown.`;
  }

  function row(event) {
    const time = event.time ? new Date(event.time) : new Date();
    const who = event.name ?? (event.known === false ? "Somebody unknown" : "");
    const facts = [event.camera, event.zone, event.direction, event.count !== undefined && `${event.count} there`,
      event.duration_ms !== undefined && `${Math.round(event.duration_ms / 1000)} s`, event.message,
      event.figures && Object.entries(event.figures).map(([name, value]) => `${name.replace("_", " ")} ${value}`).join(", ")].filter(Boolean);
    return h("li", { class: "event" },
      h("time", { dateTime: time.toISOString() }, time.toLocaleTimeString()),
      h("span", {}, h("strong", {}, [who, WORDS[event.event] ?? event.event].filter(Boolean).join(" ")), ` · ${facts.join(" · ")}`),
      h("span", { class: `badge ${BAD.has(event.event) ? "bad" : event.name ? "good" : ""}` }, event.event));
  }

  function follow() {
    if (!shared.session.cameras || !shared.may("events")) return () => {};
    const stream = new EventSource("/api/v1/events");
    const say = (on) => { state.classList.toggle("on", on); state.textContent = on ? "live" : "connecting …"; };
    stream.onopen = () => say(true);
    stream.onerror = () => say(false);
    stream.onmessage = (message) => {
      const event = JSON.parse(message.data);
      events = [event, ...events].slice(0, MOST);
      if (event.event === "known" || BAD.has(event.event)) announce(`${event.name ?? ""} ${WORDS[event.event]}, ${event.camera ?? ""}`);
      show();
    };
    return () => { stream.close(); say(false); };
  }

  show();
  return { place, enter: follow };
}
