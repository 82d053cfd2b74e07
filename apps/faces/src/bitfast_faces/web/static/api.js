// Talks to the server: JSON, uploads, pictures. Errors are problems with what happened and what to do.

const BASE = "/api/v1";

export class Problem extends Error {
  constructor({ status = 0, tried = "", happened, advice = "" }) {
    super(happened);
    Object.assign(this, { status, tried, happened, advice });
  }
}

async function answered(path, options) {
  let answer;
  try {
    answer = await fetch(BASE + path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({ happened: "The server does not answer.", advice: "Is bitfast-faces serve still running?" });
  }
  if (answer.ok) return answer;
  if (answer.status === 429) {
    const seconds = Number(answer.headers.get("Retry-After")) || 1;
    if (seconds <= 10 && !options.signal?.aborted) {
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      return answered(path, options);
    }
  }
  const problem = await answer.json().catch(() => ({ happened: `The server answered ${answer.status}.` }));
  if (answer.status === 401) location.replace("/");  // the session has ended: the page to sign in is there
  throw new Problem({ ...problem, status: answer.status });
}

export async function get(path) {
  return (await answered(path, {})).json();
}

export async function send(method, path, body, options = {}) {
  const answer = await answered(path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    ...options,
  });
  return answer.status === 204 ? null : answer.json();
}

export async function sendForBlob(path, body) {
  const answer = await answered(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  return answer.blob();
}

/** Sends one picture; the answer has its faces. */
export async function upload(file, signal) {
  const answer = await answered("/pictures", {
    method: "POST", body: file, signal,
    headers: { "Content-Type": "application/octet-stream", "X-Name": encodeURIComponent(file.name || "pasted picture") },
  });
  return answer.json();
}

const pictures = new Map();

/** An <img> of a server's picture. Pictures stay in this page's memory only: the server forbids storing them. */
export function picture(path, props = {}) {
  const image = document.createElement("img");
  image.alt = props.alt ?? "";
  if (props.class) image.className = props.class;
  image.decoding = "async";
  image.draggable = false;
  if (props.focus) image.style.objectPosition = props.focus;
  if (!pictures.has(path)) {
    pictures.set(path, answered(path, {}).then((answer) => answer.blob()).then((blob) => URL.createObjectURL(blob)));
    pictures.get(path).catch(() => pictures.delete(path));
  }
  pictures.get(path).then((url) => { image.src = url; }, () => { image.alt ||= "picture not available"; });
  return image;
}

export const faceImage = (id, props) => picture(`/faces/${id}/image`, props);
export const pictureImage = (id, props) => picture(`/pictures/${id}/image`, props);

/** Lets go of every picture that this page holds. */
export function dropPictures() {
  for (const each of pictures.values()) each.then((url) => URL.revokeObjectURL(url), () => {});
  pictures.clear();
}

/** Has the server forget pictures even while the page is being closed. */
export function forget(ids) {
  return fetch(`${BASE}/pictures/forget`, {
    method: "POST", keepalive: true, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ pictures: ids }),
  }).catch(() => {});
}
