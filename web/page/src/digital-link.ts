// Names of products and the paths of their pages: a GS1 Digital Link has its own
// path, /01/04012345999990/10/L-7, another URI has /product#URI.

import { keyOf, keys } from "./gs1-keys.js";
import { address, rootPath } from "./node.js";

/** Where canonical Digital Links begin. */
export const origin = "https://id.gs1.org";

/** What an address asks for. */
export interface Asked {
  uri: string;
  /** The lot that an address names beside the serial number. */
  lot?: string;
}

/** askedOf reads the product from the address of the page; null if it names none. */
export function askedOf(here: { pathname: string; search: string; hash: string }): Asked | null {
  const path = here.pathname.startsWith(rootPath) ? here.pathname.slice(rootPath.length) : here.pathname;
  const query = new URLSearchParams(here.search);
  if (keyOf(path.split("/")[0])) {
    const lot = query.get("10");
    return { uri: `${origin}/${path.replace(/\/+$/, "")}`, ...(lot ? { lot } : {}) };
  }
  let uri = query.get("uri") ?? "";
  if (here.hash.length > 1) {
    try {
      uri = decodeURIComponent(here.hash.slice(1));
    } catch {
      uri = here.hash.slice(1);
    }
  }
  return uri ? { uri } : null;
}

/** pageOf is the address of the page of a product. */
export function pageOf(uri: string): string {
  const path = uri.startsWith(origin + "/") ? uri.slice(origin.length + 1) : "";
  return keyOf(path.split("/")[0]) ? address(path) : `${address("product")}#${encodeURIComponent(uri)}`;
}

/** linkIn finds a Digital Link in what was typed: digits of a GTIN, or an address of any domain. */
export function linkIn(text: string): string | undefined {
  if (/^\d{8}$|^\d{12,14}$/.test(text)) return `01/${text.padStart(14, "0")}`;
  const m = /^https?:\/\/[^/?#]+(\/[^?#]*)/i.exec(text);
  const segments = m?.[1]?.split("/") ?? [];
  const at = segments.findIndex((s, i) => i + 1 < segments.length && keyOf(s) !== undefined && (Object.hasOwn(keys, s) ? /^[\d#-]/.test(segments[i + 1]!) : true));
  return at < 0 ? undefined : segments.slice(at).join("/");
}

/** What is wrong with a Digital Link, as far as a person can mend it. */
export type Fault = { kind: "check"; value: string; right: string } | { kind: "place" } | null;

export function faultOf(uri: string): Fault {
  if (!uri.startsWith(origin + "/")) return null;
  const [ai, value = ""] = uri.slice(origin.length + 1).split("/");
  const key = keyOf(ai);
  if (!key) return null;
  if (keys[key]!.place) return { kind: "place" };
  const lengths = keys[key]!.lengths;
  const whole = key === "01" || key === "00";
  const n = lengths?.find((l) => (whole ? value.length === l : value.length >= l));
  const digits = n === undefined ? "" : value.slice(0, n);
  if (!/^\d+$/.test(digits)) return null;
  const right = checkDigit(digits.slice(0, -1));
  return digits.endsWith(right) ? null : { kind: "check", value: digits, right: digits.slice(0, -1) + right };
}

/** checkDigit of digits: weights 3, 1, 3, … from the right. */
export function checkDigit(digits: string): string {
  let sum = 0;
  [...digits].reverse().forEach((d, i) => { sum += Number(d) * (i % 2 === 0 ? 3 : 1); });
  return String((10 - (sum % 10)) % 10);
}

/** above lists the lot and the class that a product is of, as far as its name tells. */
export function above(asked: Asked): string[] {
  const { uri, lot } = asked;
  if (!uri.startsWith(origin + "/")) return [];
  const [ai = "", value = "", ...rest] = uri.slice(origin.length + 1).split("/");
  const key = keys[ai], out: string[] = [];
  if (!key) return [];
  if (lot && rest[0] === "21") out.push(`${origin}/${ai}/${value}/10/${encode(lot)}`);
  if (key.qualified && rest.length > 0) out.push(`${origin}/${ai}/${value}`);
  if (key.serial && value.length > key.serial) out.push(`${origin}/${ai}/${value.slice(0, key.serial)}`);
  return out;
}

/** encode writes a value as a canonical Digital Link does. */
function encode(value: string): string {
  return [...value].map((c) => (/[0-9A-Za-z._';=-]/.test(c) ? c : `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`)).join("");
}

/** levelOf says whether a name is that of a class, a lot or an item. */
export function levelOf(uri: string): "class" | "lot" | "item" | "named" {
  if (!uri.startsWith(origin + "/")) return "named";
  const [ai = "", value = "", ...rest] = uri.slice(origin.length + 1).split("/");
  const key = keys[ai];
  if (ai === "00" || ai === "8004") return "item";
  if (rest.includes("21") || rest[0] === "235" || rest[0] === "8011") return "item";
  if (rest[0] === "10") return "lot";
  return key?.serial && value.length > key.serial ? "item" : "class";
}

/** elements writes a Digital Link as people read it: (01) 04012345999990 (10) L-7. */
export function elements(uri: string): string {
  if (!uri.startsWith(origin + "/")) return uri;
  const parts = uri.slice(origin.length + 1).split("/");
  let out = "";
  for (let i = 0; i + 1 < parts.length; i += 2) out += `${i > 0 ? " " : ""}(${parts[i]}) ${decoded(parts[i + 1]!)}`;
  return out;
}

function decoded(s: string): string {
  try {
    return decodeURIComponent(s);
  } catch {
    return s;
  }
}
