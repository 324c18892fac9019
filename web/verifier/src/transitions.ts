// Which status an act leads to: the table of docs/rules.md, "who may do what".

import { actions } from "./tables.js";

/** The act itself names the status. */
export const stated = -1;

const valid = 1, suspended = 2, revoked = 3, cancelled = 4, expired = 5, annulled = 6;
const live = [valid, suspended];
const final = [revoked, cancelled, expired, annulled];

/** The statuses that the acts which lead to one are of. */
export const actionNumbers = { suspend: suspended, revoke: revoked, cancel: cancelled } as const;

const same = -2, replaced = -3, lapsed = -4;

/** Acts, the statuses before, the one after; 0 is that of a certificate that is not there. */
const table: [string[], number[], number][] = [
  [["issue", "renew", "transfer"], [0], valid],
  [["import"], [0], stated],
  [["suspend"], [valid], suspended],
  [["reinstate"], [suspended], valid],
  [["revoke"], live, revoked],
  [["cancel"], live, cancelled],
  [["renew", "transfer"], [valid], replaced],
  [["lapse"], live, lapsed],
  [["extend", "name", "address", "model", "standard", "particulars"], [valid], same],
  [["reduce", "order"], live, same],
  [["overdue"], [suspended], same],
  [["correct", "close order", "flag", "unflag"], [...live, ...final], same],
  [["annul"], [...live, revoked, cancelled, expired], annulled],
  [["reverse"], final, stated],
];

/** The status after an act on a certificate of a family, or undefined if there is no such act. */
export function next(family: number, from: number, action: string): number | undefined {
  const system = family === 1 || family === 4;
  if (action === "cancel" && system) return undefined; // they have no cancellation
  const row = table.find(([acts, before]) => acts.includes(action) && before.includes(from));
  if (row === undefined) return undefined;
  switch (row[2]) {
    case same:
      return from;
    case replaced:
      return system ? revoked : cancelled;
    case lapsed:
      return system ? expired : cancelled;
    default:
      return row[2];
  }
}

export const actionNames: readonly string[] = actions.map(([name]) => name);
