package difftest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"google.golang.org/protobuf/proto"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// finish writes what stands beside the certificate.
func (h *history) finish() {
	r := h.r
	if len(h.orders) > 0 || len(h.flags) > 0 {
		h.set(keyOf('\x05', 's', h.ref.Issuer, h.ref.Number), marshal(&certificatev1.Supervision{Orders: h.orders, Flags: h.flags}))
	}
	if h.head.Flags&rules.FlagReplaced != 0 || chance(r, 5) {
		next := rules.Ref{Issuer: "CNCA-R-2002-009", Number: "OTHER-1"}
		if h.other != nil {
			next = h.other.ref
		}
		h.set(certificate.SuccessorKey(h.ref), marshal(&certificatev1.Successor{Issuer: next.Issuer, Number: next.Number}))
	}
	issuers := []string{h.ref.Issuer}
	if chance(r, 30) {
		issuers = append(issuers, "CNCA-R-2999-999")
	}
	h.set(certificate.NumberKey(h.ref.Number), marshal(&certificatev1.Issuers{Issuers: issuers}))
	for i, k := range h.keys {
		m := &memberv1.Key{Member: h.member, Duty: memberv1.Duty(3 + i%2), Holder: fmt.Sprintf("holder-%d", i), Registered: &memberv1.Act{}}
		if chance(r, 20) {
			since := h.time.Add(time.Duration(r.IntN(5)-3) * 24 * time.Hour)
			m.Compromise = &memberv1.Compromise{Since: since.UnixNano(), Act: act(r)}
			m.End = &memberv1.KeyEnd{Reason: memberv1.KeyEndReason_KEY_END_REASON_COMPROMISED, At: since.UnixNano(), Act: act(r)}
		}
		if chance(r, 90) { // a regulator's keys of another world
			h.set(append([]byte("\x03\x06"), k[:]...), marshal(m))
		}
	}
	h.body()
}

func act(r *rand.Rand) *memberv1.Act {
	if chance(r, 30) {
		return &memberv1.Act{}
	}
	h, k := randomHash(r), randomKey(r)
	return &memberv1.Act{Height: 1 + r.Uint64N(100), Time: (firstDay - civil.Date(r.IntN(2000))).Start().UnixNano(), Tx: h[:], Member: "cnca", Keys: [][]byte{k[:]}, Governed: chance(r, 50)}
}

// body writes the member, its versions and its approvals.
func (h *history) body() {
	r := h.r
	if chance(r, 5) {
		return // nobody has the approval number
	}
	h.set(keyOf('\x03', 4, h.ref.Issuer), []byte(h.member))
	if chance(r, 5) {
		return
	}
	versions := 1 + r.IntN(3)
	for n := 1; n <= versions; n++ {
		m := &memberv1.Member{
			Profile: &memberv1.Profile{
				NameZh: "某某认证中心", NameEn: pick(r, "", "Some Body"), Uscc: "91371323760038087M", Roles: []memberv1.Role{3},
				Region: "110000", ApprovalNumber: h.ref.Issuer, Marks: pick(r, nil, []string{"01"}),
			},
			Version: uint64(n), Status: memberv1.Status_STATUS_ACTIVE, Change: memberv1.Change_CHANGE_ADMIT, Act: act(r),
		}
		if n > 1 {
			m.Change, m.Reason = memberv1.Change(2+r.IntN(7)), "a reason"
			m.Stopped = m.Change == memberv1.Change_CHANGE_STOP
			if m.Change == memberv1.Change_CHANGE_SUSPEND {
				m.Status = memberv1.Status_STATUS_SUSPENDED
			}
			if m.Change == memberv1.Change_CHANGE_REMOVE {
				m.Status = memberv1.Status_STATUS_REMOVED
			}
			h.days = append(h.days, civil.DateOf(time.Unix(0, m.Act.Time)))
		}
		b := marshal(m)
		h.set(store.AppendUint64(keyOf('\x03', 2, h.member), uint64(n)), b)
		h.set(keyOf('\x03', 1, h.member), b)
	}
	for n := range r.IntN(3) {
		h.grant(uint64(n + 1))
	}
}

func (h *history) grant(n uint64) {
	r := h.r
	scheme := h.head.Scheme
	names := []string{pick(r, scheme, scheme[:3], scheme[:1], "A0101", "Z01")}
	g := &memberv1.Grant{Schemes: names, From: int32(h.decided - civil.Date(r.IntN(2000))), Until: int32(h.decided + civil.Date(r.IntN(2000)) - 500), Act: act(r)}
	for range r.IntN(3) {
		g.Steps = append(g.Steps, &memberv1.GrantStep{
			Kind: memberv1.GrantStepKind(1 + r.IntN(4)), Date: int32(h.decided + civil.Date(r.IntN(2000)) - 1500), Schemes: pick(r, nil, names, []string{scheme}), Reason: "x", Act: act(r),
		})
	}
	h.set(store.AppendUint64(keyOf('\x03', 10, h.member), n), marshal(g))
	for _, s := range names {
		key := store.AppendText(store.AppendText(keyOf('\x03', 12, h.member), ""), s)
		list := new(memberv1.GrantNumbers)
		if err := proto.Unmarshal(h.entries[string(key)], list); err != nil {
			panic(err)
		}
		list.Numbers = append(list.Numbers, n)
		h.set(key, marshal(list))
	}
}

// keyOf is a key of a module, a kind and texts: docs/formats.md, section 14.
func keyOf(module, kind byte, texts ...string) []byte {
	key := []byte{module, kind}
	for _, s := range texts {
		key = store.AppendText(key, s)
	}
	return key
}
