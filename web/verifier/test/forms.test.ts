// Tables that the ledger has too: docs/rules.md, docs/formats.md appendix B.
import assert from "node:assert/strict";
import { test } from "node:test";

import { formatDay, formatInstant, parseDay, dayOf, endOf } from "../dist/civil.js";
import { formatDuration } from "../dist/limits.js";
import { next, stated } from "../dist/transitions.js";
import { actions, families } from "../dist/tables.js";
import { statusNames } from "../dist/names.js";
import { readText } from "./files.js";

test("every pair of action and status, as x/certificate/rules has it", () => {
  const columns = ["none", "valid", "suspended", "revoked", "cancelled", "expired", "annulled"];
  let family = 0, seen = 0;
  for (const line of readText("x/certificate/rules/testdata/matrix.txt").split("\n")) {
    const i = families.findIndex(([name]) => name === line.trim());
    if (i >= 0) family = i + 1;
    const action = line.slice(0, 14).trim();
    if (family === 0 || !actions.some(([name]) => name === action)) continue;
    const cells = line.slice(14).trim().split(/\s{2,}/);
    assert.equal(cells.length, columns.length, line);
    cells.forEach((cell, from) => {
      const to = next(family, from, action);
      const got = to === undefined ? "refused" : to === stated ? "as stated" : statusNames[to]!.en;
      assert.equal(got, /^\d+$/.test(cell) ? "refused" : cell, `${line.trim()}, from ${columns[from]}, family ${family}`);
      seen++;
    });
  }
  assert.equal(seen, 4 * 24 * 7);
});

test("dates", () => {
  for (let d = 1; d <= 2932896; d += d < 30000 ? 1 : 997) {
    assert.equal(formatDay(d), new Date(d * 86400000).toISOString().slice(0, 10));
    assert.equal(parseDay(formatDay(d)), d);
    assert.equal(dayOf(endOf(d)), d === 2932896 ? 0 : d + 1);
    assert.equal(dayOf(endOf(d) - 1n), d);
  }
  for (const bad of ["1970-01-01", "1969-12-31", "2026-02-29", "2026-13-01", "2026-6-1", "2026-06-01 ", "+02026-06-01", "10000-01-01", ""]) {
    assert.equal(parseDay(bad), undefined, bad);
  }
  assert.equal(formatDay(0), "");
  assert.equal(formatDay(2932897), "");
});

test("instants and durations", () => {
  assert.equal(formatInstant(0n), "1970-01-01T00:00:00Z");
  assert.equal(formatInstant(1780286405123456789n), "2026-06-01T04:00:05.123456789Z");
  assert.equal(formatInstant(1780286405120000000n), "2026-06-01T04:00:05.12Z");
  assert.equal(formatInstant(-1n), "1969-12-31T23:59:59.999999999Z");
  assert.equal(formatDuration(86401n * 1000000000n), "24h0m1s");
  assert.equal(formatDuration(60500000000n), "1m0.5s");
  assert.equal(formatDuration(1500000n), "1.5ms");
  assert.equal(formatDuration(1500n), "1.5µs");
  assert.equal(formatDuration(0n), "0s");
});
