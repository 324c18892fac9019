// Names of numbers, in both languages.

import { productReasons, systemReasons } from "./tables.js";
import type { Text } from "./verdict.js";

/** Statuses 1 to 6; the national code is that number in two digits, of 1 to 5. */
export const statusNames: { readonly [status: number]: Text } = {
  1: { en: "valid", zh: "有效" },
  2: { en: "suspended", zh: "暂停" },
  3: { en: "revoked", zh: "撤销" },
  4: { en: "cancelled", zh: "注销" },
  5: { en: "expired", zh: "过期失效" },
  6: { en: "annulled", zh: "记录作废" },
};

export const dutyNames: { readonly [duty: number]: string } = { 1: "admin", 2: "operator", 3: "certifier", 4: "approver" };

/** What a reason code of a status means in a family, if the family has it. */
export function reasonText(family: number, status: number, code: string): Text | undefined {
  return (family === 1 || family === 4 ? systemReasons : productReasons)[status]?.[code];
}
