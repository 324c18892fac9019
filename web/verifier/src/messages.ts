// The messages that a verifier reads from the state: the field numbers of
// proto/hallmark/certificate/v1 and proto/hallmark/member/v1.

import { type Decoded, bool, bytes, int32, int64, list, message, of, packed, text, uint32, uint64 } from "./wire.js";

// ---- Certificates

export const Standing = message({
  family: [1, int32],
  status: [2, int32],
  reason: [3, text],
  since: [4, int32],
  issued: [5, int32],
  expires: [6, int32],
  suspendedFrom: [7, int32],
  suspendedUntil: [8, int32],
  orderDue: [9, int32],
  flags: [10, uint32],
});
export type Standing = Decoded<typeof Standing>;

export const Head = message({
  issuer: [1, text],
  number: [2, text],
  scheme: [3, text],
  holder: [4, text],
  firstIssued: [5, int32],
  version: [6, uint32],
  records: [7, uint32],
  details: [8, bytes],
  standing: [9, of(Standing)],
});
export type Head = Decoded<typeof Head>;

export const Ref = message({
  issuer: [1, text],
  number: [2, text],
});
export type Ref = Decoded<typeof Ref>;

export const Party = message({
  nameZh: [1, text],
  nameEn: [2, text],
  addressZh: [3, text],
  addressEn: [4, text],
  country: [5, text],
  region: [6, text],
});
export type Party = Decoded<typeof Party>;

export const Details = message({
  holder: [1, of(Party)],
  scopeZh: [2, text],
  scopeEn: [3, text],
  scopeCodes: [4, list(text)],
  standards: [5, list(text)],
  marks: [6, list(text)],
  producer: [7, of(Party)],
  factory: [8, of(Party)],
  tradeMark: [9, text],
  models: [10, list(text)],
  gtins: [11, list(text)],
  main: [12, of(Ref)],
  components: [13, list(of(Ref))],
  document: [14, bytes],
  evidence: [15, list(bytes)],
});
export type Details = Decoded<typeof Details>;

export const Signer = message({
  member: [1, text],
  key: [2, bytes],
  duty: [3, uint32],
});

export const Record = message({
  n: [1, uint32],
  action: [2, int32],
  from: [3, int32],
  after: [4, of(Head)],
  changeType: [5, text],
  reissueReason: [6, text],
  actor: [7, text],
  signers: [8, list(of(Signer))],
  decided: [9, int32],
  height: [10, uint64],
  time: [11, int64],
  tx: [12, bytes],
  evidence: [13, list(bytes)],
  detailsBefore: [14, bytes],
  link: [15, of(Ref)],
  reverses: [16, uint32],
  imported: [17, bool],
  note: [18, text],
});
export type Record = Decoded<typeof Record>;

export const Issuers = message({
  issuers: [1, list(text)],
});

export const OpenOrder = message({
  record: [1, uint32],
  due: [2, int32],
});

export const Supervision = message({
  orders: [1, list(of(OpenOrder))],
  flags: [2, list(text)],
});
export type Supervision = Decoded<typeof Supervision>;

// ---- Members

export const ForeignRegistration = message({
  country: [1, text],
  authority: [2, text],
  number: [3, text],
});

export const Profile = message({
  nameZh: [1, text],
  nameEn: [2, text],
  uscc: [3, text],
  foreign: [4, of(ForeignRegistration)],
  roles: [5, packed(int32)],
  region: [6, text],
  approvalNumber: [7, text],
  marks: [8, list(text)],
});

export const Act = message({
  height: [1, uint64],
  time: [2, int64],
  tx: [3, bytes],
  member: [4, text],
  keys: [5, list(bytes)],
  governed: [6, bool],
});
export type Act = Decoded<typeof Act>;

export const Member = message({
  profile: [1, of(Profile)],
  version: [2, uint64],
  status: [3, int32],
  stopped: [4, bool],
  caretaker: [5, text],
  change: [6, int32],
  reason: [7, text],
  act: [8, of(Act)],
});
export type Member = Decoded<typeof Member>;

export const KeyEnd = message({
  reason: [1, int32],
  at: [2, int64],
  act: [3, of(Act)],
});

export const Compromise = message({
  since: [1, int64],
  act: [2, of(Act)],
});

export const Key = message({
  member: [1, text],
  duty: [2, int32],
  holder: [3, text],
  registered: [4, of(Act)],
  usableFrom: [5, int64],
  replaces: [6, bytes],
  end: [7, of(KeyEnd)],
  compromise: [8, of(Compromise)],
});
export type Key = Decoded<typeof Key>;

export const GrantStep = message({
  kind: [1, int32],
  date: [2, int32],
  schemes: [3, list(text)],
  reason: [4, text],
  act: [5, of(Act)],
});

export const Grant = message({
  by: [1, text],
  mark: [2, text],
  number: [3, text],
  schemes: [4, list(text)],
  from: [5, int32],
  until: [6, int32],
  act: [7, of(Act)],
  steps: [8, list(of(GrantStep))],
});
export type Grant = Decoded<typeof Grant>;

export const GrantNumbers = message({
  numbers: [1, packed(uint64)],
});
