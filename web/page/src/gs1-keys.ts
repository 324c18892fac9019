// The keys of GS1 that begin the path of a Digital Link, by application identifier.

export interface GS1Key {
  /** That early releases of the standard allowed instead of the number. */
  word: string;
  /** How many digits there may be, the last of which is a check digit. */
  lengths?: number[];
  /** It names a place, a party or a shipment. */
  place?: true;
  /** With a qualifier it names a lot or an item, without it their class. */
  qualified?: true;
  /** What follows as many digits is a serial number. */
  serial?: number;
}

export const keys: Record<string, GS1Key> = {
  "01": { word: "gtin", lengths: [8, 12, 13, 14], qualified: true },
  "8006": { word: "itip", lengths: [14], qualified: true },
  "8013": { word: "gmn" },
  "8010": { word: "cpid", qualified: true },
  "00": { word: "sscc", lengths: [18] },
  "255": { word: "gcn", lengths: [13], serial: 13 },
  "253": { word: "gdti", lengths: [13], serial: 13 },
  "8003": { word: "grai", lengths: [14], serial: 14 },
  "8004": { word: "giai", qualified: true },
  "414": { word: "gln", lengths: [13], place: true },
  "415": { word: "payto", lengths: [13], place: true },
  "417": { word: "party", lengths: [13], place: true },
  "8017": { word: "gsrnp", lengths: [18], place: true },
  "8018": { word: "gsrn", lengths: [18], place: true },
  "401": { word: "ginc", place: true },
  "402": { word: "gsin", lengths: [17], place: true },
};

/** keyOf finds the number of a key by its number or word. */
export function keyOf(segment: string | undefined): string | undefined {
  if (segment === undefined) return undefined;
  if (Object.hasOwn(keys, segment)) return segment;
  return Object.keys(keys).find((k) => keys[k]!.word === segment);
}
