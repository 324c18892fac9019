// URIs of products, each with one spelling: docs/formats.md, section 20.

import { classesOfLink, digitalLinks, isKeyAndValue } from "./gs1.js";

/** Whether a text names a product. */
export function isProductUri(s: string): boolean {
  return s.length >= 1 && s.length <= 256 && (classesOfLink(s) !== undefined || isOther(s));
}

/** The classes above a product, the nearest first. */
export function classesOf(uri: string): string[] {
  return uri.length <= 256 ? (classesOfLink(uri) ?? []) : [];
}

function isOther(s: string): boolean {
  // Printable ASCII; each escape in capitals, and only of what needs one.
  if (!/^(?:[!$%&'()*+,\-./0-9:;=?@A-Z[\]_a-z~])*$/.test(s)) return false;
  for (const [, escaped] of s.matchAll(/%(.{0,2})/g)) {
    if (!/^[0-9A-F]{2}$/.test(escaped!) || /[0-9A-Za-z\-._~]/.test(String.fromCharCode(parseInt(escaped!, 16)))) return false;
  }
  if (/^https?:/.test(s)) return isWeb(s);
  if (s.startsWith("did:")) return /^did:[a-z0-9]+:[0-9A-Za-z.\-_:%]*[0-9A-Za-z.\-_%]$/.test(s);
  const rest = s.startsWith("urn:") ? ofUrn(s) : /^(?:doi|hdl|info|ni|oid|tag):(.*)$/.exec(s)?.[1];
  return rest !== undefined && /^[^/?[\]][^?[\]]*$/.test(rest);
}

/** What follows the name of a URN; undefined if it is none, or GS1's. */
function ofUrn(s: string): string | undefined {
  const m = /^urn:([a-z0-9][a-z0-9-]{0,30}[a-z0-9]):(.*)$/.exec(s);
  if (m === null || gs1Urn.test(s)) return undefined;
  return m[1] === "uuid" && /[A-Z%]/.test(m[2]!) ? undefined : m[2];
}

const gs1Urn = new RegExp(
  "^urn:epc:(?:class:lgtin" +
    "|id:(?:sgtin|upui|itip|sscc|sgln|pgln|grai|giai|gsrn|gsrnp|gdti|cpi|sgcn|ginc|gsin)" +
    "|idpat:(?:sgtin|upui|itip|grai|gdti|cpi|sgcn)):",
);

function isWeb(s: string): boolean {
  const m = /^(https?):\/\/([^/?:]*)(?::(\d*))?(\/[^?]*)(?:\?(.*))?$/.exec(s);
  if (m === null || /[[\]]/.test(s)) return false;
  const [, scheme, host, port, path, query] = m as unknown as [string, string, string, string | undefined, string, string | undefined];
  if (host.length > 253 || !host.split(".").every((part) => /^(?!-)[a-z0-9-]{1,63}$/.test(part) && !part.endsWith("-"))) return false;
  if (port !== undefined) {
    if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65535 || port === (scheme === "http" ? "80" : "443")) return false;
  } else if (host === digitalLinks.slice("https://".length)) {
    return false;
  }
  if (query === "") return false;
  const segments = path.slice(1).split("/");
  return segments.every((seg, i) => seg !== "." && seg !== ".." && (i === 0 || !isKeyAndValue(segments[i - 1]!, decoded(seg))));
}

/** With percent-encoding undone, byte by byte. */
function decoded(s: string): string {
  return s.replace(/%(..)/g, (_, d: string) => String.fromCharCode(parseInt(d, 16)));
}
