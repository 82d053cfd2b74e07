// Enrolment: faces of one person, and the consent without which nothing is kept.

import { faceImage, send } from "./api.js";
import { announce, field, h, plural, render, trouble } from "./dom.js";
import { onPaste, photoDrop } from "./photos.js";
import { purposes, rememberPurpose } from "./purpose.js";

const day = (date) => date.toISOString().slice(0, 10);
const inDays = (days) => day(new Date(Date.now() + days * 86400000));

export function enrol(shared) {
  let faces = [];
  const chosen = new Set();
  const pictures = h("ul", { class: "plain thumbs" });
  const status = h("div", { class: "working", tabIndex: -1 });
  const drop = photoDrop({
    title: "Choose photos of the person", slim: true,
    hint: "One to five good photos. With several faces in a photo, mark the person's.",
    took: (picture) => {
      shared.hold(picture);
      faces = [...faces, ...picture.faces];
      if (picture.faces.length === 1 && picture.faces[0].usable) chosen.add(picture.faces[0].id);
      else if (!picture.faces.length) announce(`No face was found in ${picture.name}.`, { now: true });
      draw();
    },
  });
  const input = (props) => h("input", { autocomplete: "off", maxLength: 120, required: true, ...props });
  const name = input({});
  const purpose = input({ maxLength: 500 });
  purpose.setAttribute("list", purposes.id);
  const granted = input({ type: "date", defaultValue: inDays(0), max: inDays(0) });
  const expires = input({ type: "date", defaultValue: inDays(364), min: inDays(0) });
  const givenBy = input({});
  const guardian = input({});
  const evidence = input({ maxLength: 500 });
  const minor = h("input", { type: "checkbox" });
  const different = h("input", { type: "checkbox" });  // offered once the photos were refused
  const differentField = h("label", { class: "choice", hidden: true }, different, "Enrol all the same: I know who is in these photos");
  const agreed = h("input", { type: "checkbox", required: true });
  const guardianField = field("Guardian", guardian, { hint: "For a minor a parent or guardian agrees, and signs." });
  const givenByField = field("Given by", givenBy, { hint: "Who signed." });
  const ofAge = () => {
    guardianField.hidden = !minor.checked;
    guardian.required = minor.checked;
    givenByField.hidden = minor.checked;
    givenBy.required = !minor.checked;
  };
  minor.addEventListener("change", () => { ofAge(); announce(minor.checked ? "The guardian's name is needed." : ""); });
  const button = h("button", { class: "main" }, "Enrol");
  const form = h("form", { class: "working", onsubmit: submit },
    drop.area, pictures,
    h("div", { class: "fields" }, field("Name", name, { wide: true })),
    h("fieldset", {}, h("legend", {}, "Consent"),
      h("div", { class: "fields" },
        field("Purpose", purpose, { wide: true, hint: "What the person agreed to, such as “entrance of the office”. Searches must name the same purpose." }),
        field("Given on", granted), field("Valid until", expires, { hint: "The person is deleted afterwards." }),
        h("label", { class: "choice wide" }, minor, "The person is a minor"), guardianField,
        givenByField,
        field("Where the signed paper is", evidence),
        h("label", { class: "choice wide" }, agreed, "The person, or the guardian, has agreed and can take it back at any time."))),
    differentField, h("div", { class: "row" }, button), status);
  const place = h("section", { class: "card", "aria-labelledby": "enrol-title" },
    h("h2", { id: "enrol-title" }, "Enrol a person"), form);

  function draw() {
    render(pictures, faces.map((face, place) => {
      const box = h("input", {
        type: "checkbox", checked: chosen.has(face.id), disabled: !face.usable, "data-key": `pick ${face.id}`, "aria-label": `Face ${place + 1} is this person`,
        onchange: () => { if (box.checked) chosen.add(face.id); else chosen.delete(face.id); },
      });
      return h("li", {}, h("label", { class: "pick" }, box, faceImage(face.id, { class: "face-pic", alt: "" })),
        !face.usable && h("p", { class: "small" }, h("span", { class: "badge warm" }, "not usable"), ` ${face.reasons.join(", ")}`));
    }));
  }

  async function submit(event) {
    event.preventDefault();
    if (!chosen.size) {
      say(trouble({ happened: "No face is chosen.", advice: "Add a photo and mark the person's face." }));
      return;
    }
    button.disabled = true;
    try {
      const person = await send("POST", "/people", {
        name: name.value.trim(), faces: [...chosen], different: different.checked,
        consent: {
          purpose: purpose.value.trim(), granted: granted.value, expires: expires.value,
          given_by: (minor.checked ? guardian : givenBy).value.trim(),
          guardian: minor.checked ? guardian.value.trim() : null, minor: minor.checked, evidence: evidence.value.trim(),
        },
      });
      rememberPurpose(purpose.value);
      const kept = purpose.value;
      await shared.letGo([...new Set(faces.map((face) => face.picture))]);
      faces = [];
      chosen.clear();
      form.reset();
      differentField.hidden = true;
      purpose.value = kept;
      ofAge();
      draw();
      say(h("div", { class: "notice good" }, h("strong", {}, `${person.name} is enrolled.`), `${plural(person.templates, "face")}, until ${person.expires}. The photos are forgotten.`));
    } catch (error) {
      differentField.hidden = !error.advice?.includes("--different");
      say(trouble(error));
    } finally {
      button.disabled = false;
    }
  }

  function say(notice) {
    status.replaceChildren(notice);
    status.focus();  // the notice is read, and the next Tab goes on from here
    announce(notice.textContent);
  }

  ofAge();
  return { place, enter: () => onPaste(drop.start) };
}
