// Who is in the photos: an album never changes, each step gives a new one, so that every step can be taken back.

export const EMPTY = { photos: [], people: [], notFaces: [], child: null };

let number = 0;
const newPerson = (faces, name = "") => ({ id: `p${(number += 1)}`, name, role: "", faces });

export const personOf = (album, face) => album.people.find((person) => person.faces.includes(face));
export const named = (album, person) => person.name.trim() || `Person ${album.people.indexOf(person) + 1}`;
export const facesOf = (album) => album.photos.flatMap((photo) => photo.faces.map((face) => face.id));
export const photoOf = (album, face) => album.photos.find((photo) => photo.faces.some((each) => each.id === face));
export const detail = (album, face) => photoOf(album, face)?.faces.find((each) => each.id === face);
export const childOf = (album) => album.people.find((person) => person.id === album.child);

const tidy = (album) => {
  const people = album.people.filter((person) => person.faces.length);
  return { ...album, people, child: people.some((person) => person.id === album.child) ? album.child : null };
};

export const addPhoto = (album, photo) => ({ ...album, photos: [...album.photos, photo] });

/** Faces that nobody has yet join by guess: the person who has most of their group's faces, or somebody new. */
export function join(album, groups) {
  let people = album.people;
  for (const group of groups) {
    const known = (face) => album.notFaces.includes(face) || people.some((person) => person.faces.includes(face));
    const fresh = group.faces.filter((face) => !known(face));
    if (!fresh.length) continue;
    const counts = people.map((person) => person.faces.filter((face) => group.faces.includes(face)).length);
    const most = counts.indexOf(Math.max(...counts));
    if (most >= 0 && counts[most] > 0) {
      people = people.map((person, place) => (place === most
        ? { ...person, name: person.name || group.name, faces: [...person.faces, ...fresh] } : person));
    } else {
      people = [...people, newPerson(fresh, group.name)];
    }
  }
  return { ...album, people };
}

/** Moves a face to a person, to somebody new (null), or away as "not a face" (undefined). */
export function move(album, face, to) {
  let people = album.people.map((person) => ({ ...person, faces: person.faces.filter((each) => each !== face) }));
  let notFaces = album.notFaces.filter((each) => each !== face);
  if (to === undefined) notFaces = [...notFaces, face];
  else if (to === null) people = [...people, newPerson([face])];
  else people = people.map((person) => (person.id === to ? { ...person, faces: [...person.faces, face] } : person));
  return tidy({ ...album, people, notFaces });
}

export function merge(album, from, into) {
  const gone = album.people.find((person) => person.id === from);
  const people = album.people
    .filter((person) => person.id !== from)
    .map((person) => (person.id === into
      ? { ...person, name: person.name || gone.name, role: person.role || gone.role, faces: [...person.faces, ...gone.faces] }
      : person));
  return { ...album, people, child: album.child === from ? into : album.child };
}

export const change = (album, id, changes) => ({
  ...album, people: album.people.map((person) => (person.id === id ? { ...person, ...changes } : person)),
});

export const chooseChild = (album, id) => ({ ...change(album, id, { role: "" }), child: id });

/** Takes a person out: the faces stay in the photos and can be given to somebody again. */
export function removePerson(album, id) {
  const gone = album.people.find((person) => person.id === id);
  const people = album.people.filter((person) => person.id !== id);
  return tidy({ ...album, people, notFaces: [...album.notFaces, ...gone.faces] });
}

export function removePhoto(album, id) {
  const gone = new Set(album.photos.find((photo) => photo.id === id).faces.map((face) => face.id));
  const people = album.people.map((person) => ({ ...person, faces: person.faces.filter((face) => !gone.has(face)) }));
  return tidy({
    ...album, people, photos: album.photos.filter((photo) => photo.id !== id), notFaces: album.notFaces.filter((face) => !gone.has(face)),
  });
}

/** What the server ranks: the child, and everybody else who has a face. Null while there is no such question. */
export function question(album) {
  const child = childOf(album);
  const relatives = album.people.filter((person) => person !== child);
  if (!child || !relatives.length) return null;
  const asked = (person) => ({ name: named(album, person), role: person.role, faces: person.faces });
  return { child: { ...asked(child), role: "" }, relatives: relatives.map(asked) };
}
