// Values of GS1's application identifiers, and the Digital Links that name products
// with them: docs/formats.md, section 20.

/** The characters of set 82, in the order of their values. */
const set82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
const checkCharacters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107];

function isText82(s: string, least: number, most: number): boolean {
  return s.length >= least && s.length <= most && [...s].every((c) => set82.includes(c));
}

/** Whether a character is the check digit of the digits before it. */
function isChecked(digits: string): boolean {
  let sum = 0;
  for (let i = digits.length - 2, weight = 3; i >= 0; i--, weight = 4 - weight) sum += Number(digits[i]) * weight;
  return Number(digits.at(-1)) === (10 - (sum % 10)) % 10;
}

function isCheckedPair(s: string): boolean {
  let sum = 0;
  for (let i = s.length - 3, n = 0; i >= 0; i--, n++) sum += set82.indexOf(s[i]!) * primes[n]!;
  sum %= 1021;
  return s.endsWith(checkCharacters[sum >> 5]! + checkCharacters[sum % 32]!);
}

const isDigits = (n: number) => (v: string) => v.length === n && /^\d+$/.test(v);
const serial82 = (v: string) => isText82(v, 1, 20);

/** A company's digits first, then what it likes. */
const asset = (v: string) => isText82(v, 5, 30) && /^\d{4}/.test(v);

interface Key {
  /** What a value looks like. */
  readonly isForm: (v: string) => boolean;
  /** Whether its check digit or pair is right. */
  readonly isChecked?: (v: string) => boolean;
  /** Of which one may follow. */
  readonly qualifiers?: { readonly [ai: string]: (v: string) => boolean };
  /** So many characters of a longer value are the class. */
  readonly classLength?: number;
}

const firstChecked = (n: number) => (v: string) => isChecked(v.slice(0, n));

/** Digits, and then a serial of some of set 82. */
const serialised = (digits: number, most: number) => (v: string) =>
  isDigits(digits)(v.slice(0, digits)) && isText82(v.slice(digits), 0, most);

/** Keys of products. */
const keys: { readonly [ai: string]: Key } = {
  "01": { isForm: isDigits(14), isChecked, qualifiers: { "10": serial82, "21": serial82, "235": (v) => isText82(v, 1, 28) } },
  "8006": { isForm: isPiece, isChecked: firstChecked(14), qualifiers: { "10": serial82, "21": serial82 } },
  "8013": { isForm: (v) => isText82(v, 7, 25) && /^\d{4}/.test(v) && !/^\d+$/.test(v), isChecked: isCheckedPair },
  "8010": { isForm: (v) => /^\d{4}[#/0-9A-Z-]{1,26}$/.test(v), qualifiers: { "8011": (v) => /^\d{1,12}$/.test(v) } },
  "00": { isForm: isDigits(18), isChecked },
  "255": { isForm: (v) => /^\d{13,25}$/.test(v), isChecked: firstChecked(13), classLength: 13 },
  "253": { isForm: serialised(13, 17), isChecked: firstChecked(13), classLength: 13 },
  "8003": { isForm: (v) => v.startsWith("0") && serialised(14, 16)(v), isChecked: firstChecked(14), classLength: 14 },
  "8004": { isForm: asset, qualifiers: { "7040": (v) => /^\d..[-0-9A-Z_a-z]$/.test(v) && isText82(v.slice(1, 3), 2, 2) } },
};

/** A piece of an item: which of how many. */
function isPiece(v: string): boolean {
  return isDigits(18)(v) && v.slice(14, 16) !== "00" && v.slice(14, 16) <= v.slice(16);
}

/** Keys that name no product. */
const others: { readonly [ai: string]: (v: string) => boolean } = {
  "414": isDigits(13), "415": isDigits(13), "417": isDigits(13), "8017": isDigits(18), "8018": isDigits(18), "402": isDigits(17), "401": asset,
};

const words: { readonly [word: string]: string } = {
  gtin: "01", itip: "8006", gmn: "8013", cpid: "8010", gln: "414", payto: "415", party: "417", gsrnp: "8017", gsrn: "8018",
  gcn: "255", sscc: "00", gdti: "253", ginc: "401", gsin: "402", grai: "8003", giai: "8004",
};

/** Whether two segments of a path look like a key of GS1, perhaps in words, and a value of it. */
export function isKeyAndValue(segment: string, value: string): boolean {
  const ai = Object.hasOwn(words, segment) ? words[segment]! : segment;
  if (ai === "01" && /^(\d{8}|\d{12,13})$/.test(value)) return true;
  if (Object.hasOwn(keys, ai)) return keys[ai]!.isForm(value);
  return Object.hasOwn(others, ai) && others[ai]!(value);
}

export const digitalLinks = "https://id.gs1.org";

/** The classes above the product of a Digital Link, the nearest first; undefined if the link names no product. */
export function classesOfLink(uri: string): string[] | undefined {
  const m = /^https:\/\/id\.gs1\.org\/(\d+)\/([^/]+)(?:\/(\d+)\/([^/]+))?$/.exec(uri);
  if (m === null) return undefined;
  const [, ai, encoded, qualifier, encodedSecond] = m as unknown as [string, string, string, string | undefined, string | undefined];
  const value = decodeValue(encoded);
  const key = Object.hasOwn(keys, ai) ? keys[ai]! : undefined;
  if (key === undefined || value === undefined || !key.isForm(value) || key.isChecked?.(value) === false) return undefined;
  const classes: string[] = [];
  if (qualifier !== undefined) {
    const second = decodeValue(encodedSecond!);
    if (second === undefined || !Object.hasOwn(key.qualifiers ?? {}, qualifier) || !key.qualifiers![qualifier]!(second)) return undefined;
    classes.push(`${digitalLinks}/${ai}/${encoded}`);
  } else if (key.classLength !== undefined && value.length > key.classLength) {
    classes.push(`${digitalLinks}/${ai}/${value.slice(0, key.classLength)}`);
  }
  if (ai === "8006") classes.push(`${digitalLinks}/01/${value.slice(0, 14)}`); // the whole that it is a piece of
  return classes;
}

/** A value as a link has it, decoded; undefined if it has another spelling. */
function decodeValue(s: string): string | undefined {
  if (!/^(?:[0-9A-Za-z\-._';=]|%[0-9A-F]{2})*$/.test(s)) return undefined;
  const value = s.replace(/%(..)/g, (_, d: string) => String.fromCharCode(parseInt(d, 16)));
  const again = value.replace(/[^0-9A-Za-z\-._';=]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0"));
  return again === s ? value : undefined;
}
