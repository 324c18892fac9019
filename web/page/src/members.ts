// Names of members. A bundle has their ids; the names are the node's word, shown in
// brackets where it can be asked.

import { h, printable } from "./dom.js";
import { pick } from "./language.js";
import { fetchMember } from "./node.js";

const names = new Map<string, { zh?: string; en?: string } | null>(); // null: asked for, not known
/** How many names a page asks for at most: it asks for each on its own. */
const most = 24;

/** member writes an id, and room for the name. */
export function member(id: string): HTMLElement {
  const e = h("span", { class: "member", "data-member": id }, h("span", { class: "code" }, printable(id)));
  write(e);
  return e;
}

function write(e: HTMLElement): void {
  const name = names.get(e.dataset["member"] ?? "");
  if (!name || e.querySelector(".told")) return;
  e.append(h("span", { class: "told" }, ` (${printable(pick(name))})`));
}

/** tellNames asks the node for the names of the members that are shown. It reports whether it has any. */
export async function tellNames(within: HTMLElement): Promise<boolean> {
  const shown = [...within.querySelectorAll<HTMLElement>("[data-member]")];
  for (const id of new Set(shown.map((e) => e.dataset["member"] ?? ""))) {
    if (names.has(id) || names.size >= most) continue;
    names.set(id, null);
    try {
      names.set(id, await fetchMember(id));
    } catch {
      names.delete(id);
      break; // there is no network, or the node has enough of it
    }
    for (const e of shown) write(e);
  }
  return shown.some((e) => e.querySelector(".told") !== null);
}
