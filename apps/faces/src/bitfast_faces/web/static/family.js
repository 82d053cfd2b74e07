// The family section: photos in, people confirmed, the child chosen. What is computed from it is in likeness.js.

import { EMPTY, addPhoto, change, chooseChild, detail, facesOf, join, merge, move, named, personOf, photoOf, removePerson, removePhoto } from "./album.js";
import { dropPictures, faceImage, pictureImage, send } from "./api.js";
import { announce, confirmed, dialog, field, h, newId, plural, render, toast, trouble } from "./dom.js";
import { likeness } from "./likeness.js";
import { onPaste, photoDrop } from "./photos.js";

const ROLES = ["Mother", "Father", "Parent", "Grandmother", "Grandfather", "Sister", "Brother", "Aunt", "Uncle", "Cousin"];

/** Where in a photo its faces are, in percent, so that a small view of it shows them. */
function middle({ faces, width, height }) {
  if (!faces.length) return "50% 50%";
  const mean = (from, to) => faces.reduce((sum, { box }) => sum + box[from] + box[to], 0) / (2 * faces.length);
  return `${(100 * mean(0, 2)) / width}% ${(100 * mean(1, 3)) / height}%`;
}

const steps = () => h("ol", { class: "plain steps" }, [
  ["Add photos", "Portraits or group photos, as many as you like. JPEG, PNG, WebP or HEIC."],
  ["Say who is who", "Faces are grouped by guess. Correct what is wrong and choose the child."],
  ["See the likeness", "Relatives side by side with the child, with a figure, its uncertainty and the photos behind it."],
].map(([title, text]) => h("li", {}, h("h2", {}, title), h("p", { class: "quiet-text" }, text))));

export function family(shared) {
  let album = EMPTY;
  let past = [];
  const result = likeness();
  const troubles = h("div", { class: "working" });
  const photoCard = h("section", { class: "card", "aria-labelledby": "photos-title" });
  const peopleCard = h("section", { class: "card", "aria-labelledby": "people-title" });
  const guide = steps();
  const roles = h("datalist", { id: "roles" }, ROLES.map((role) => h("option", { value: role })));
  const drop = photoDrop({
    title: "Choose photos",
    hint: "Drop family photos here, paste them, or choose them. Several photos of each person give a steadier answer.",
    took, ended,
  });
  const place = h("div", { class: "people-page" },
    h("div", {},
      h("h1", {}, "Whom does the child resemble?"),
      h("p", { class: "lead" }, "Add photos of the family, say who is who, and see the relatives ranked by how alike they look. It compares looks: likeness is not kinship.")),
    drop.area, guide, troubles, photoCard, peopleCard, result.card, roles);

  /** One step forward; `said` names it for the message that lets the user take it back. */
  function step(next, said) {
    const before = album;
    past.push(before);
    album = next;
    show();
    if (said) toast(said, { undo: () => undo(before) });
  }

  function undo(to) {
    const place = to ? past.indexOf(to) : past.length - 1;
    if (place < 0) return;
    album = past[place];
    past = past.slice(0, place);
    show();
    announce("The step was taken back.");
  }

  async function took(picture) {
    shared.hold(picture);
    if (album.photos.some((photo) => photo.digest === picture.digest)) {
      await shared.letGo([picture.id]);
      toast(`${picture.name} is here already.`);
      return;
    }
    album = addPhoto(album, picture);
    if (!picture.faces.length) toast(`No face was found in ${picture.name}.`);
    await guess();
    show();
  }

  async function guess() {
    const faces = facesOf(album);
    if (!faces.length) return;
    try {
      album = join(album, await send("POST", "/kin/groups", { faces }));
    } catch (error) {
      album = join(album, faces.map((face) => ({ name: "", faces: [face] })));
      troubles.replaceChildren(trouble(error));
    }
  }

  function ended() {
    past = [];  // steps before other photos came would lose those
    show();
  }

  function show() {
    drop.area.classList.toggle("slim", album.photos.length > 0);
    guide.hidden = album.photos.length > 0;
    showPhotos();
    showPeople();
    result.show(album, shared);
  }

  function showPhotos() {
    photoCard.hidden = !album.photos.length;
    render(photoCard,
      h("div", { class: "row apart" },
        h("h2", { id: "photos-title" }, plural(album.photos.length, "photo")),
        h("button", { type: "button", class: "danger tight", "data-key": "forget", onclick: forgetAll }, "Forget everything")),
      h("ul", { class: "plain photos", tabIndex: 0, "aria-label": "Photos" }, album.photos.map((photo) =>
        h("li", { class: "photo" },
          pictureImage(photo.id, { alt: `Photo ${photo.name}`, focus: middle(photo) }),
          h("p", { title: photo.name }, photo.name),
          h("p", {}, photo.faces.length ? plural(photo.faces.length, "face") : "no face found"),
          h("button", {
            type: "button", class: "quiet tight", "data-key": `remove ${photo.id}`, "aria-label": `Remove photo ${photo.name}`, onclick: () => takeOut(photo),
          }, "Remove")))));
  }

  async function takeOut(photo) {
    const before = album;
    past.push(before);
    album = removePhoto(album, photo.id);
    show();
    const kept = await toast(`${photo.name} was removed.`, { undo: () => undo(before) });
    if (!kept || album.photos.includes(photo)) return;
    past = past.map((each) => (each.photos.includes(photo) ? removePhoto(each, photo.id) : each));
    await shared.letGo([photo.id]);
  }

  async function forgetAll() {
    if (!await confirmed("Forget everything?", "All photos, names and results of this section are forgotten at once. This cannot be taken back.", "Forget everything")) return;
    const ids = new Set([album, ...past].flatMap((each) => each.photos.map((photo) => photo.id)));
    album = EMPTY;
    past = [];
    await shared.letGo([...ids]);
    dropPictures();
    show();
    drop.area.querySelector("button").focus();
    announce("Everything is forgotten.");
  }

  function showPeople() {
    peopleCard.hidden = !album.people.length && !album.notFaces.length;
    render(peopleCard,
      h("div", { class: "row apart" },
        h("h2", { id: "people-title" }, "Who is who?"),
        h("button", { type: "button", class: "tight", "data-key": "undo", disabled: !past.length, onclick: () => undo() }, "Undo")),
      h("p", { class: "quiet-text" }, "The groups are a guess. Choose a face to correct it, give each person a name, and say which one is the child."),
      h("ul", { class: "plain people" }, album.people.map(person)),
      album.notFaces.length && h("div", {},
        h("h3", {}, "Left out"),
        h("div", { class: "thumbs" }, album.notFaces.map((face) => thumb(face, "left out")))));
  }

  function person(each) {
    const name = named(album, each);
    const isChild = album.child === each.id;
    const input = h("input", {
      value: each.name, placeholder: name, maxLength: 60, autocomplete: "off", "data-key": `name ${each.id}`,
      onchange: () => step(change(album, each.id, { name: input.value.trim() })),
    });
    const role = h("input", {
      value: each.role, maxLength: 40, placeholder: "mother …", autocomplete: "off", "data-key": `role ${each.id}`,
      onchange: () => step(change(album, each.id, { role: role.value.trim() })),
    });
    role.setAttribute("list", "roles");
    const title = newId("person");
    const card = h("li", { class: `person${isChild ? " child" : ""}` },
      h("h3", { id: title }, name, isChild && " ", isChild && h("span", { class: "badge good" }, "the child")),
      h("div", { class: "thumbs", role: "group", "aria-label": `Faces of ${name}` }, each.faces.map((face) => thumb(face, name))),
      h("div", { class: "pair" }, field("Name", input), isChild ? h("div") : field("To the child", role)),
      h("label", { class: "choice" },
        h("input", {
          type: "radio", name: "child", checked: isChild, "data-key": `child ${each.id}`,
          onchange: () => { step(chooseChild(album, each.id)); announce(`${name} is the child.`); },
        }), `${name} is the child`),
      h("div", { class: "row" },
        album.people.length > 1 && h("button", { type: "button", class: "tight", "data-key": `merge ${each.id}`, "aria-label": `Merge ${name} with somebody`, onclick: () => mergeOne(each) }, "Merge …"),
        h("button", {
          type: "button", class: "quiet tight", "data-key": `out ${each.id}`, "aria-label": `Leave ${name} out`,
          onclick: () => step(removePerson(album, each.id), `${name} was left out.`),
        }, "Leave out")));
    card.setAttribute("aria-labelledby", title);
    card.addEventListener("dragover", (event) => {
      if (![...event.dataTransfer.types].includes("text/face")) return;
      event.preventDefault();
      card.classList.add("over");
    });
    card.addEventListener("dragleave", () => card.classList.remove("over"));
    card.addEventListener("drop", (event) => {
      const face = event.dataTransfer.getData("text/face");
      if (!face) return;
      event.preventDefault();
      event.stopPropagation();
      if (personOf(album, face)?.id !== each.id) step(move(album, face, each.id), `Moved to ${name}.`);
    });
    return card;
  }

  function thumb(face, whose) {
    const facts = detail(album, face);
    const poor = facts.usable ? "" : `, hard to recognise: ${facts.reasons.join(", ")}`;
    return h("button", {
      type: "button", class: `thumb${facts.usable ? "" : " poor"}`, "data-key": `face ${face}`, draggable: true,
      "aria-label": `Face in ${photoOf(album, face).name}, ${whose}${poor}. Correct it`, title: facts.reasons.join(", "),
      onclick: () => correct(face),
      ondragstart: (event) => event.dataTransfer.setData("text/face", face),
    }, faceImage(face));
  }

  async function correct(face) {
    const now = personOf(album, face);
    const photo = photoOf(album, face);
    const answer = await dialog("Who is this?", (close) => [
      h("div", { class: "row" }, faceImage(face, { class: "face-pic", alt: `The face from ${photo.name}` }),
        h("p", { class: "quiet-text small" }, `From ${photo.name}.`, now ? ` At the moment: ${named(album, now)}.` : " Left out at the moment.")),
      h("div", { class: "choices" },
        album.people.filter((each) => each !== now).map((each) =>
          h("button", { type: "button", onclick: () => close({ to: each.id, said: `Moved to ${named(album, each)}.` }) }, faceImage(each.faces[0]), named(album, each))),
        (!now || now.faces.length > 1) && h("button", { type: "button", class: "no-pic", onclick: () => close({ to: null, said: "Now somebody new." }) }, "Somebody new"),
        now && h("button", { type: "button", class: "no-pic", onclick: () => close({ to: undefined, said: "Left out as not a face." }) }, "Not a face, or nobody of the family")),
    ]);
    if (answer) step(move(album, face, answer.to), answer.said);
    peopleCard.querySelector(`[data-key="face ${face}"]`)?.focus();
  }

  async function mergeOne(one) {
    const into = await dialog(`${named(album, one)} is the same person as …`, (close) =>
      h("div", { class: "choices" }, album.people.filter((each) => each !== one).map((each) =>
        h("button", { type: "button", onclick: () => close(each) }, faceImage(each.faces[0]), named(album, each)))));
    if (!into) return;
    const said = `${named(album, one)} and ${named(album, into)} are one person now.`;
    step(merge(album, one.id, into.id), said);
    peopleCard.querySelector(`[data-key="name ${into.id}"]`)?.focus();
  }

  show();
  return {
    place,
    enter() {
      const stopPaste = onPaste(drop.start);
      const keys = (event) => {
        const typing = event.target.matches?.("input, textarea, select") && event.target.type !== "radio";
        if ((event.ctrlKey || event.metaKey) && event.key === "z" && !typing && past.length) { event.preventDefault(); undo(); }
      };
      document.addEventListener("keydown", keys);
      return () => { stopPaste(); document.removeEventListener("keydown", keys); };
    },
  };
}
