// Search: who is in a photo; "not her" is kept; unknown is a common and a good answer.

import { faceImage, send } from "./api.js";
import { announce, field, h, plural, render, toast, trouble } from "./dom.js";
import { onPaste, photoDrop } from "./photos.js";
import { purposes, rememberPurpose } from "./purpose.js";

const AT_ONCE = 100;  // faces, which the API takes in one search
const percent = (similarity) => `${(100 * similarity).toFixed(1)} %`;

export function search(shared) {
  let faces = [];
  const purpose = h("input", { required: true, maxLength: 500, autocomplete: "off", value: purposes.last });
  purpose.setAttribute("list", purposes.id);
  purpose.addEventListener("change", () => { rememberPurpose(purpose.value); if (faces.length) look(); });
  const results = h("section", { class: "card", "aria-labelledby": "results-title", hidden: true });
  const drop = photoDrop({
    title: "Choose a photo to search", hint: "Drop a photo here, paste it, or choose it.", slim: true,
    took: async (picture) => { shared.hold(picture); faces = [...picture.faces, ...faces]; if (!picture.faces.length) toast(`No face was found in ${picture.name}.`); },
    ended: () => look(),
  });
  const place = h("div", { class: "recognition-page" },
    h("section", { class: "card", "aria-labelledby": "search-title" },
      h("h2", { id: "search-title" }, "Who is in the photo?"),
      field("Purpose of the search", purpose, { hint: "People are found only for the purpose that they agreed to, word for word." }),
      drop.area),
    results);

  async function look() {
    results.hidden = !faces.length;
    if (!faces.length) return;
    if (!purpose.value.trim()) {
      render(results, h("h2", { id: "results-title" }, "Faces"), h("p", { class: "empty" }, "Say above what the search is for."));
      purpose.focus();
      return;
    }
    try {
      const found = [];
      for (let first = 0; first < faces.length; first += AT_ONCE) {
        const some = faces.slice(first, first + AT_ONCE).map((face) => face.id);
        found.push(...await send("POST", "/search", { faces: some, purpose: purpose.value.trim() }));
      }
      const matches = new Map(found.map((each) => [each.face, each.matches]));
      draw(matches);
      const known = found.filter((each) => each.matches.length).length;
      announce(`${plural(known, "face")} known, ${found.length - known} unknown.`);
    } catch (error) {
      render(results, h("h2", { id: "results-title" }, "Faces"), trouble(error));
      announce(error.happened, { now: true });
    }
  }

  function draw(matches) {
    render(results,
      h("div", { class: "row apart" },
        h("h2", { id: "results-title" }, plural(faces.length, "face")),
        h("button", { type: "button", class: "tight", "data-key": "clear", onclick: clear }, "Forget these photos")),
      h("ul", { class: "plain found" }, faces.map((face) => {
        const [best, ...others] = matches.get(face.id) ?? [];
        return h("li", {},
          faceImage(face.id, { class: "face-pic", alt: best ? `Face, probably ${best.name}` : "Unknown face" }),
          h("div", { class: "says" },
            h("h3", {}, best ? best.name : "Unknown"),
            best && h("p", { class: "quiet-text small" }, `Similarity ${percent(best.similarity)}`),
            !face.usable && h("p", { class: "small" }, h("span", { class: "badge warm" }, "hard to recognise"), ` ${face.reasons.join(", ")}`),
            best && shared.may("enrol") && h("button", {
              type: "button", class: "tight", "data-key": `not ${face.id}`, onclick: () => notHer(face, best),
            }, `This is not ${best.name}`),
            others.length > 0 && h("p", { class: "quiet-text small" }, `Also alike: ${others.map((each) => `${each.name} (${percent(each.similarity)})`).join(", ")}`)));
      })));
  }

  async function notHer(face, match) {
    try {
      await send("POST", `/people/${match.person}/rejections`, { face: face.id });
      toast(`Kept: this is not ${match.name}.`);
      await look();
      results.querySelector("h2")?.scrollIntoView({ block: "nearest" });
    } catch (error) {
      results.append(trouble(error));
    }
  }

  async function clear() {
    await shared.letGo([...new Set(faces.map((face) => face.picture))]);
    faces = [];
    results.hidden = true;
    drop.area.querySelector("button").focus();
    announce("The photos are forgotten.");
  }

  return { place, enter: () => onPaste(drop.start) };
}
