// Folders sorted into people: a job on the server, followed with its progress.

import { get, send } from "./api.js";
import { announce, h, plural, render, trouble } from "./dom.js";

export function folders(shared) {
  const state = h("div", { class: "working" });
  const result = h("div", { class: "working" });
  let timer = 0;
  const place = h("section", { class: "card", "aria-labelledby": "folders-title" },
    h("h2", { id: "folders-title" }, "Sort a folder into people"),
    h("p", { class: "quiet-text" }, "Finds which photos of a folder show the same person. Nobody is named or kept."),
    h("div", { class: "row" }, shared.session.folders.map((folder) =>
      h("button", { type: "button", onclick: () => start(folder) }, `Sort ${folder}`))),
    state, result);

  async function start(folder) {
    clearTimeout(timer);
    render(result);
    try {
      follow(await send("POST", "/clusters", { folder }));
    } catch (error) {
      render(state, trouble(error));
    }
  }

  async function follow(job) {
    if (job.state === "waiting" || job.state === "running") {
      const fill = h("span");
      fill.style.width = job.total ? `${(100 * job.done) / job.total}%` : "0";
      render(state,
        h("p", {}, job.state === "waiting" ? "Waiting for another job …" : `Photo ${job.done} of ${job.total} …`),
        h("div", { class: "progress", role: "progressbar", "aria-label": "Photos looked at", "aria-valuemin": 0, "aria-valuemax": job.total || 1, "aria-valuenow": job.done }, fill),
        h("div", {}, h("button", { type: "button", class: "tight", "data-key": "stop", onclick: () => send("DELETE", `/jobs/${job.id}`) }, "Stop")));
      timer = setTimeout(async () => {
        try {
          follow(await get(`/jobs/${job.id}`));
        } catch (error) {
          render(state, trouble(error));
        }
      }, 700);
      return;
    }
    render(state);
    if (job.state === "failed") render(result, trouble(job.problem));
    else if (job.state === "cancelled") render(result, h("p", {}, "Stopped."));
    else draw(job.result);
    announce(job.state === "done" ? "The folder is sorted." : "The job has ended.");
  }

  function draw({ groups, alone = [], unknown = [], failed = {} }) {
    render(result,
      h("p", {}, `${plural(groups.length, "person", "people")} in several photos.`),
      groups.map((group, place) => h("details", { "data-key": `group ${place}` },
        h("summary", {}, `Person ${place + 1}: ${plural(group.length, "face")}`),
        h("ul", {}, group.map((each) => h("li", {}, each.photo))))),
      alone.length > 0 && h("details", { "data-key": "alone" },
        h("summary", {}, `${plural(alone.length, "face")} like no other`), h("ul", {}, alone.map((each) => h("li", {}, each.photo)))),
      Object.entries(failed).map(([name, happened]) => h("p", { class: "small quiet-text" }, `${name}: ${happened}`)),
      unknown.length > 0 && h("p", { class: "quiet-text small" }, `${plural(unknown.length, "photo")} without a usable face.`));
  }

  return { place, enter: () => () => {} };
}
