// The vectors of the repository.
import { readFileSync } from "node:fs";

const root = new URL("../../../", import.meta.url);

export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, root), "utf8")) as T;
}

export function readText(path: string): string {
  return readFileSync(new URL(path, root), "utf8");
}

export function fromHex(digits: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits, "hex"));
}
