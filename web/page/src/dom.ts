// Making elements. Texts go in as text, never as HTML.

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | boolean | ((e: Event) => void) | undefined>;

/** h makes an element. Attributes that begin with "on" are listeners. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") e.addEventListener(name.slice(2), value);
    else if (value === true) e.setAttribute(name, "");
    else if (typeof value === "string") e.setAttribute(name, value);
  }
  append(e, children);
  return e;
}

function append(e: Node, children: Child[]): void {
  for (const c of children) {
    if (c) e.appendChild(typeof c === "string" ? document.createTextNode(c) : c);
  }
}

const svg = "http://www.w3.org/2000/svg";

/** icon draws paths on a field of 24 by 24, for the eye alone. */
export function icon(...paths: string[]): SVGElement {
  const e = document.createElementNS(svg, "svg");
  e.setAttribute("viewBox", "0 0 24 24");
  e.setAttribute("aria-hidden", "true");
  e.setAttribute("class", "icon");
  for (const d of paths) {
    const p = document.createElementNS(svg, "path");
    p.setAttribute("d", d);
    e.appendChild(p);
  }
  return e;
}

/** one finds an element that the page has. */
export function one<T extends HTMLElement = HTMLElement>(id: string): T {
  const e = document.getElementById(id);
  if (!e) throw new Error(`the page has no #${id}`);
  return e as T;
}

/** printable puts a mark in the place of control and direction characters. */
export function printable(s: string): string {
  return s.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/gu, "\uFFFD");
}

/** tag is a short word in a frame. */
export function tag(kind: "good" | "bad" | "warn" | "unknown" | "plain", text: string): HTMLElement {
  return h("span", { class: `tag ${kind}` }, printable(text));
}
