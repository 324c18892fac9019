package apptest

import (
	"fmt"
	"math"
	"strings"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

var duties = map[string]memberv1.Duty{"admin": 1, "operator": 2, "certifier": 3, "approver": 4}

// NewKey returns a key of a member to be registered, named by member, duty and
// what follows, with its proof of possession. Its holder is the name, with dots.
func NewKey(name string) *memberv1.NewKey {
	parts := strings.SplitN(name, "/", 3)
	k := Key(name)
	public := k.Public().Bytes()
	proof := sm2Sign(k, seal.ProofOfPossessionMessage(seal.Possession{
		ChainID: Chain, Member: parts[0], Purpose: "member/" + parts[1], Key: public,
	}))
	return &memberv1.NewKey{Key: public[:], Duty: duties[parts[1]], Holder: strings.ReplaceAll(name, "/", "."), Proof: proof[:]}
}

// newKey returns a key for the member, mostly one that was never seen.
func (g *Gen) newKey(member, duty string) *memberv1.NewKey {
	if duty == "" {
		duty = pick(g, "admin", "operator", "certifier", "approver")
	}
	name := fmt.Sprintf("%s/%s/k%d", member, duty, g.made)
	if g.one(12) {
		name = fmt.Sprintf("%s/%s/k%d", member, duty, g.Choose(g.made+1)) // perhaps one that was
	} else {
		g.made++
		g.remember(name)
	}
	k := NewKey(name)
	switch g.Choose(24) {
	case 0:
		k.Proof[7] ^= 1
	case 1:
		k.Holder = "bad holder"
	case 2:
		k.Holder = member + ".admin.1"
	case 3:
		if g.Wild {
			k.Key = pick(g, nil, make([]byte, 33), k.Key[1:], append([]byte{2}, make([]byte, 32)...))
		}
	}
	return k
}

func (g *Gen) publicKey(member string) []byte {
	k := Key(g.existing(member)).Public().Bytes()
	if g.Wild && g.one(10) {
		return pick(g, nil, k[:5], make([]byte, 33))
	}
	return k[:]
}

func (g *Gen) addKeys() message {
	id := g.member()
	m := &memberv1.AddKeys{}
	for range 1 + g.Choose(2) {
		m.Keys = append(m.Keys, g.newKey(id, ""))
	}
	return message{id, g.admins(id), &txv1.Message{Action: &txv1.Message_AddKeys{AddKeys: m}}}
}

func (g *Gen) cancelPendingKey() message {
	id := g.member()
	m := &memberv1.CancelPendingKey{Key: g.publicKey(id)}
	return message{id, g.admins(id), &txv1.Message{Action: &txv1.Message_CancelPendingKey{CancelPendingKey: m}}}
}

func (g *Gen) revokeKey() message {
	id := g.member()
	m := &memberv1.RevokeKey{Key: g.publicKey(id)}
	if g.one(12) {
		m.Key = g.publicKey(g.member())
	}
	return message{id, g.admins(id), &txv1.Message{Action: &txv1.Message_RevokeKey{RevokeKey: m}}}
}

func (g *Gen) rotateKey() message {
	id := g.member()
	old := g.existing(id)
	k := Key(old).Public().Bytes()
	fresh := g.newKey(id, strings.SplitN(old, "/", 3)[1])
	m := &memberv1.RotateKey{OldKey: k[:], NewKey: fresh.Key, Proof: fresh.Proof}
	return message{id, g.admins(id), &txv1.Message{Action: &txv1.Message_RotateKey{RotateKey: m}}}
}

func (g *Gen) since() int64 {
	now := g.Now.Unix()
	if g.Wild && g.one(4) {
		return pick[int64](g, 0, -1, math.MaxInt64, math.MinInt64, 1)
	}
	return pick(g, now-1, now-100, now-86400, now, Begin.Unix(), Begin.Unix()-1000, now+1000)
}

func (g *Gen) reportCompromise() message {
	id := g.member()
	m := &memberv1.ReportCompromise{Key: g.publicKey(id), Since: g.since()}
	return message{id, g.admins(id), &txv1.Message{Action: &txv1.Message_ReportCompromise{ReportCompromise: m}}}
}

// day returns a day near today.
func (g *Gen) day(offsets ...int) int32 {
	if g.Wild && g.one(8) {
		return pick[int32](g, 0, -1, 1, 2932896, 2932897, math.MaxInt32, math.MinInt32)
	}
	return int32(g.today().AddDays(pick(g, offsets...)))
}

func (g *Gen) schemes() []string {
	if g.Wild && g.one(6) {
		return pick(g, nil, []string{""}, []string{"A01", "A01"}, make([]string, 101))
	}
	return pick(g, []string{"A01"}, []string{"A01", "B01"}, []string{"A0101"}, []string{"B03"}, []string{"C01", "B03"}, []string{"a1"})
}

func (g *Gen) accreditor() (string, []string) {
	id := pick(g, "cnas", "cnas", "cnas", "cnas", "cnca")
	return id, []string{g.key(id, "approver")}
}

func (g *Gen) accredit() message {
	id, keys := g.accreditor()
	m := &memberv1.Accredit{
		Body: g.body(), Mark: pick(g, "01", "01", "01", "02"), Number: "L1", Schemes: g.schemes(),
		From: g.day(0, -1, -400, 5), Until: g.day(1000, 400, 30, -2),
	}
	return message{id, keys, &txv1.Message{Action: &txv1.Message_Accredit{Accredit: m}}}
}

func (g *Gen) grant() uint64 {
	if g.Wild && g.one(6) {
		return math.MaxUint64
	}
	return uint64(pick(g, 1, 1, 2, 2, 3, 4, 0, 9))
}

// reason is why something is done: good, mostly.
func (g *Gen) reason() string { return pick(g, "why", "why", "why", "why", "why", "why", "why", "") }

func (g *Gen) suspendAccreditation() message {
	id, keys := g.accreditor()
	m := &memberv1.SuspendAccreditation{Body: g.body(), Grant: g.grant(), Reason: g.reason()}
	return message{id, keys, &txv1.Message{Action: &txv1.Message_SuspendAccreditation{SuspendAccreditation: m}}}
}

func (g *Gen) reinstateAccreditation() message {
	id, keys := g.accreditor()
	m := &memberv1.ReinstateAccreditation{Body: g.body(), Grant: g.grant(), Reason: g.reason()}
	return message{id, keys, &txv1.Message{Action: &txv1.Message_ReinstateAccreditation{ReinstateAccreditation: m}}}
}

func (g *Gen) withdrawAccreditation() message {
	id, keys := g.accreditor()
	m := &memberv1.WithdrawAccreditation{Body: g.body(), Grant: g.grant(), Reason: g.reason()}
	return message{id, keys, &txv1.Message{Action: &txv1.Message_WithdrawAccreditation{WithdrawAccreditation: m}}}
}

func (g *Gen) stopBody() message {
	id, keys := g.voter()
	m := &memberv1.StopBody{Body: g.body(), Reason: g.reason()}
	if !g.one(3) {
		m.Body = g.member()
	}
	return message{id, keys, &txv1.Message{Action: &txv1.Message_StopBody{StopBody: m}}}
}

func (g *Gen) resumeBody() message {
	id, keys := g.voter()
	m := &memberv1.ResumeBody{Body: pick(g, "cqc", "cqm", "newcb", "lab-a", "maker"), Reason: g.reason()}
	return message{id, keys, &txv1.Message{Action: &txv1.Message_ResumeBody{ResumeBody: m}}}
}

// Profile says who a member is, or would be, that was not in the genesis.
func Profile(id string) *memberv1.Profile {
	p := &memberv1.Profile{NameZh: "机构" + id, NameEn: "Institution " + id, Region: "110000"}
	for i, in := range institutions {
		if in.id != id {
			continue
		}
		p.Uscc = uscc(fmt.Sprintf("911100000000%05d", i))
		for _, r := range in.roles {
			p.Roles = append(p.Roles, memberv1.Role(r))
		}
		p.ApprovalNumber = in.approval
		if id == "cnas" {
			p.Marks = []string{"01"}
		}
		return p
	}
	switch id {
	case "newcb":
		p.Uscc, p.Roles, p.ApprovalNumber = uscc("91110000000090000"), []memberv1.Role{3}, NewCB
	case "lab-a":
		p.Uscc, p.Roles = uscc("91110000000090001"), []memberv1.Role{4}
	case "samr-sh":
		p.Uscc, p.Roles = uscc("91110000000090002"), []memberv1.Role{1}
	default:
		p.Foreign, p.Roles = &memberv1.ForeignRegistration{Country: "USA", Authority: "SEC", Number: "1"}, []memberv1.Role{7}
	}
	return p
}

// NewCB is the approval number of a body that governance may admit.
const NewCB = "CNCA-R-2026-100"

// date is a civil date as messages have it.
func date(d civil.Date) int32 { return int32(d) }
