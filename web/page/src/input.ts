// What a user gives: a file, an image, a text. It is told by its first bytes.

import { decodeText, parseCard } from "../../verifier/src/index.js";
import { t } from "./language.js";
import { readImage } from "./qr.js";

export type Input =
  | { kind: "bundle"; bytes: Uint8Array; code: boolean } // code: from a QR code, which has the head alone
  | { kind: "card"; bytes: Uint8Array };

/** InputError says, in the language of the page, what is wrong and what to do. */
export class InputError extends Error {}

/** The largest bundle that is read, and the largest image, in bytes. */
const maxBundle = 4 << 20;
const maxImage = 32 << 20;

/** readText reads the text of a code, or an address that has it behind "#". */
export function readText(text: string): Input {
  if (text.trim() === "") throw new InputError(t("bad.empty"));
  try {
    return { kind: "bundle", bytes: decodeText(text.trim()), code: true };
  } catch {
    throw new InputError(t("bad.text"));
  }
}

export async function readFile(file: Blob): Promise<Input> {
  const head = new Uint8Array(await file.slice(0, 16).arrayBuffer());
  if (head.length === 0) throw new InputError(t("bad.empty"));
  if (isImage(head) || file.type.startsWith("image/")) {
    if (file.size > maxImage) throw new InputError(t("bad.large", file.size));
    const text = await readImage(file);
    if (text === null) throw new InputError(t("bad.image"));
    return readText(text);
  }
  if (file.size > maxBundle) throw new InputError(t("bad.large", file.size));
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (isCard(bytes)) return { kind: "card", bytes };
  if (head[0]! > 0x20 && head[0]! < 0x7f) return readText(new TextDecoder().decode(bytes));
  if (head[0] !== 0x08) throw new InputError(t("bad.bundle")); // the tag of a bundle's format
  return { kind: "bundle", bytes, code: false };
}

function isImage(b: Uint8Array): boolean {
  return (b[0] === 0x89 && b[1] === 0x50) || (b[0] === 0xff && b[1] === 0xd8);
}

function isCard(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x0a) return false; // the tag of a card's body
  try {
    parseCard(bytes);
    return true;
  } catch {
    throw new InputError(t("card.bad"));
  }
}
