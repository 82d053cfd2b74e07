// The ranking: relatives side by side with the child, a likeness with its uncertainty, and the photos that spoke.

import { photoOf, question } from "./album.js";
import { faceImage, send, sendForBlob } from "./api.js";
import { announce, h, plural, render, trouble } from "./dom.js";

const percent = (permille) => Math.floor((permille + 5) / 10);

export function likeness() {
  const card = h("section", { class: "card", "aria-labelledby": "likeness-title", hidden: true });
  let asked = "";
  let newest = 0;

  async function show(album) {
    const body = question(album);
    card.hidden = !album.people.length;
    if (!body) {
      asked = "";
      newest += 1;
      const missing = album.people.length < 2 ? "Add photos of at least two people." : "Say above which person is the child.";
      render(card, h("h2", { id: "likeness-title" }, "The likeness"), h("p", { class: "empty" }, missing));
      return;
    }
    const text = JSON.stringify(body);
    if (text === asked) return;
    asked = text;
    const mine = (newest += 1);
    card.setAttribute("aria-busy", "true");
    try {
      const ranking = await send("POST", "/kin/rank", body);
      if (mine === newest) draw(album, body, ranking);
    } catch (error) {
      if (mine === newest) render(card, h("h2", { id: "likeness-title" }, "The likeness"), trouble(error));
      asked = "";
    } finally {
      if (mine === newest) card.removeAttribute("aria-busy");
    }
  }

  function draw(album, body, ranking) {
    const save = h("button", { type: "button", class: "main wide", "data-key": "save", onclick: () => savePicture(save, body) }, "Save as a picture");
    render(card,
      h("div", { class: "row apart" },
        h("h2", { id: "likeness-title" }, `Whom does ${ranking.child} resemble?`), save),
      h("div", { class: "notice warm" }, ranking.statement),
      h("ol", { class: "plain ranks" }, ranking.relatives.map((each) => rank(album, ranking, each))),
      ranking.notes.map((note) => h("p", { class: "quiet-text small" }, note)),
      h("details", { "data-key": "how" },
        h("summary", {}, "How to read the figures"),
        h("p", { class: "quiet-text small" }, `${ranking.meaning} `,
          `Measured by: ${ranking.source}.`)));
    const [first, second] = ranking.relatives;
    announce(`${ranking.child} looks most like ${first.name}, ${percent(first.likeness)} of 100.`
      + (second ? ` Then ${second.name}, ${percent(second.likeness)} of 100.` : "")
      + (second && !first.clear ? " The two are about equal." : ""));
  }

  function rank(album, ranking, each) {
    const best = each.pairs[0];
    const range = `${percent(each.low)} to ${percent(each.high)}`;
    return h("li", { class: "rank" },
      two(best, ranking.child, each.name, "face-pic"),
      h("div", { class: "says" },
        h("h3", {}, `${each.rank}. ${each.name}`, each.role && h("span", { class: "quiet-text" }, `, ${each.role.toLowerCase()}`)),
        h("p", {}, h("strong", {}, `${percent(each.likeness)} of 100`), h("span", { class: "quiet-text" }, ` · range ${range}`)),
        bar(each, `Likeness ${percent(each.likeness)} of 100, range ${range}`),
        !each.clear && h("p", { class: "quiet-text small" }, "About equal with the next: other photos might turn the order."),
        each.notes.map((note) => h("p", { class: "quiet-text small" }, note))),
      h("details", { "data-key": `pairs ${each.name}` },
        h("summary", {}, `Photos that spoke for it (${plural(each.pair_count, "pair")})`),
        h("ul", { class: "plain pairs" }, each.pairs.map((pair) =>
          h("li", {}, two(pair, ranking.child, each.name, "face-pic small-pic"),
            h("span", {}, `${photoOf(album, pair.child)?.name} and ${photoOf(album, pair.relative)?.name}`),
            h("span", {}, `similarity ${(100 * pair.similarity / 2 ** 30).toFixed(1)} %`))))));
  }

  return { card, show };
}

const two = (pair, child, relative, style) => h("div", { class: "two" },
  faceImage(pair.child, { class: style, alt: child }), faceImage(pair.relative, { class: style, alt: relative }));

function bar(each, text) {
  const fill = h("span", { class: "fill" });
  const span = h("span", { class: "span" });
  const dot = h("span", { class: "dot" });
  fill.style.width = `${each.likeness / 10}%`;
  span.style.left = `${each.low / 10}%`;
  span.style.width = `${(each.high - each.low) / 10}%`;
  dot.style.left = `${each.likeness / 10}%`;
  return h("div", {},
    h("div", { class: "bar", role: "img", "aria-label": text }, fill, span, dot, h("span", { class: "half" })),
    h("div", { class: "scale", "aria-hidden": "true" }, h("span", {}, "unlike"), h("span", {}, "toss-up"), h("span", {}, "alike")));
}

async function savePicture(button, body) {
  button.disabled = true;
  try {
    const url = URL.createObjectURL(await sendForBlob("/kin/picture", body));
    h("a", { href: url, download: "likeness.png" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
    announce("The picture was saved.");
  } catch (error) {
    button.after(trouble(error));
  } finally {
    button.disabled = false;
    button.focus();
  }
}
