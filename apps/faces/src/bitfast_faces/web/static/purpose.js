// The purposes that were used on this page, offered again where one is asked for.

import { h } from "./dom.js";

const list = h("datalist", { id: "purposes" });
document.body.append(list);

export const purposes = { id: list.id, last: "" };

export function rememberPurpose(text) {
  const purpose = text.trim();
  if (!purpose) return;
  purposes.last = purpose;
  if (![...list.children].some((option) => option.value === purpose)) list.append(h("option", { value: purpose }));
}
