package apptest

import (
	"slices"
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Source makes choices: by chance, by a fuzzer, or by a tool that shrinks. It
// returns a number from 0 to n-1.
type Source func(n int) int

// Gen makes transactions of every kind, good and bad, for a chain that began
// with Genesis. It does not know what became of them, only what may be there.
type Gen struct {
	Choose Source
	// Wild: also values at the ends of their ranges, and beyond.
	Wild bool
	// Now and Height are those of the block that the transactions are for.
	Now    time.Time
	Height int64
	// Proposals is about how many proposals there are.
	Proposals uint64
	// Known are certificates that are there, and Open proposals that are, as far
	// as the caller knows. They are named more often than others.
	Known []Ref
	Open  []uint64
	// Held are certificates that the operator of the genesis holds, and Products the
	// chains that are there, likewise.
	Held     []Ref
	Products map[string]Traced
	// Kinds are those of the messages; nil is all.
	Kinds []string

	nonces map[string]uint64   // the highest used, by name of the key
	keys   map[string][]string // names of keys that were asked for, by member and duty
	made   int                 // keys
	refs   []Ref               // numbers that were issued, or tried

	anchors []sm3.Hash // ids of evidence that was anchored, or tried
}

// Ref names a certificate.
type Ref struct{ Issuer, Number string }

// message is a message on its way into a transaction.
type message struct {
	actor string
	keys  []string // names of those that sign, the actor's among them
	*txv1.Message
}

// kinds are all messages, in the order of the protobuf.
var kinds = []struct {
	name string
	// often says how often it is made, in relation to the others.
	often int
	make  func(*Gen) message
}{
	{"add_keys", 3, (*Gen).addKeys},
	{"cancel_pending_key", 3, (*Gen).cancelPendingKey},
	{"revoke_key", 2, (*Gen).revokeKey},
	{"rotate_key", 2, (*Gen).rotateKey},
	{"report_compromise", 1, (*Gen).reportCompromise},
	{"accredit", 2, (*Gen).accredit},
	{"suspend_accreditation", 1, (*Gen).suspendAccreditation},
	{"reinstate_accreditation", 3, (*Gen).reinstateAccreditation},
	{"withdraw_accreditation", 1, (*Gen).withdrawAccreditation},
	{"stop_body", 1, (*Gen).stopBody},
	{"resume_body", 2, (*Gen).resumeBody},
	{"propose", 10, (*Gen).propose},
	{"approve", 14, (*Gen).approve},
	{"reject", 2, (*Gen).reject},
	{"withdraw", 1, (*Gen).withdraw},
	{"rotate_seal_key", 2, (*Gen).rotateSealKey},
	{"report_conflict", 2, (*Gen).reportConflict},
	{"issue", 16, (*Gen).issue},
	{"import", 6, (*Gen).importOne},
	{"suspend", 8, (*Gen).suspend},
	{"reinstate", 6, (*Gen).reinstate},
	{"revoke", 4, (*Gen).revoke},
	{"cancel", 3, (*Gen).cancel},
	{"amend", 8, (*Gen).amend},
	{"correct", 3, (*Gen).correct},
	{"annul", 2, (*Gen).annul},
	{"renew", 5, (*Gen).renew},
	{"transfer", 5, (*Gen).transfer},
	{"file_order", 3, (*Gen).fileOrder},
	{"close_order", 3, (*Gen).closeOrder},
	{"flag", 3, (*Gen).flag},
	{"unflag", 2, (*Gen).unflag},
	{"anchor_evidence", 8, (*Gen).anchorEvidence},
	{"register_product", 6, (*Gen).registerProduct},
	{"capture_events", 12, (*Gen).captureEvents},
	{"link_certificates", 4, (*Gen).linkCertificates},
	{"set_reporters", 3, (*Gen).setReporters},
	{"recall", 3, (*Gen).recall},
	{"lift_recall", 3, (*Gen).liftRecall},
}

// one reports true once in n.
func (g *Gen) one(n int) bool { return g.Choose(n) == n-1 }

// pick returns one of a list.
func pick[T any](g *Gen, list ...T) T { return list[g.Choose(len(list))] }

func (g *Gen) today() civil.Date { return civil.DateOf(g.Now) }

// Tx returns the draft of a transaction, with 1 to 4 messages.
func (g *Gen) Tx() Draft {
	n := 1
	if g.one(3) {
		n = 2 + g.Choose(3)
	}
	var list []message
	for range n {
		list = append(list, g.message())
	}
	return g.draft(list)
}

// draft puts messages into a transaction.
func (g *Gen) draft(list []message) Draft {
	d := Draft{Mode: pick(g, txv1.Mode_MODE_ALL, txv1.Mode_MODE_EACH), Expiry: g.Now.Add(time.Duration(1+g.Choose(48)) * time.Hour)}
	if g.one(60) {
		d.Expiry = g.Now.Add(pick(g, -time.Hour, 1000*time.Hour))
	}
	for _, m := range list {
		for _, k := range m.keys {
			if !slices.Contains(d.Keys, k) {
				d.Keys = append(d.Keys, k)
			}
		}
	}
	for _, m := range list {
		m.Actor, m.Signers = m.actor, nil
		for i, k := range d.Keys {
			if slices.Contains(m.keys, k) {
				m.Signers = append(m.Signers, uint32(i))
			}
		}
		d.Messages = append(d.Messages, m.Message)
	}
	d.Nonce = g.nonce(d.Keys[0])
	return d
}

// message returns a message of any kind.
func (g *Gen) message() message {
	total := 0
	for _, k := range kinds {
		if g.Kinds == nil || slices.Contains(g.Kinds, k.name) {
			total += k.often
		}
	}
	at := g.Choose(total)
	for _, k := range kinds {
		if g.Kinds != nil && !slices.Contains(g.Kinds, k.name) {
			continue
		}
		if at -= k.often; at < 0 {
			m := k.make(g)
			g.rest(m.Message)
			return m
		}
	}
	panic("no kind")
}

// nonce returns a nonce for the key, mostly the next.
func (g *Gen) nonce(key string) uint64 {
	if g.nonces == nil {
		g.nonces = map[string]uint64{}
	}
	last := g.nonces[key]
	n := last + 1
	switch g.Choose(24) {
	case 1:
		n += uint64(g.Choose(5)) // leaves some out, which may be used later
	case 2:
		n = max(1, last-uint64(g.Choose(5)))
	case 3:
		if g.Wild {
			n = pick(g, last+1024, last+1025, 1, 1<<63, 1<<64-1)
		}
	}
	if n > last && n <= last+1024 {
		g.nonces[key] = n
	}
	return n
}

// ---- Members and keys

// memberIDs are the members of the genesis, those that may be admitted, and one
// that is never there.
var memberIDs = []string{"cnca", "samr-bj", "samr-gd", "cnas", "cqc", "cqm", "maker", "newcb", "lab-a", "samr-sh", "nobody"}

func (g *Gen) member() string {
	if g.one(3) {
		return pick(g, memberIDs...)
	}
	return pick(g, memberIDs[:7]...) // those of the genesis
}

func (g *Gen) regulator() string {
	if g.one(16) {
		return "samr-sh"
	}
	return pick(g, Regulators...)
}

// body returns the id of a certification body, mostly.
func (g *Gen) body() string {
	if g.one(30) {
		return g.member()
	}
	return pick(g, "cqc", "cqc", "cqc", "cqc", "cqc", "cqc", "cqm", "cqm", "cqm", "newcb")
}

// key returns the name of a key of the member with the duty, mostly.
func (g *Gen) key(member, duty string) string {
	if more := g.keys[member+"/"+duty]; len(more) > 0 && g.one(3) {
		return pick(g, more...)
	}
	if g.one(40) {
		duty = pick(g, "operator", "certifier", "approver", "admin")
	}
	if duty == "admin" {
		return member + pick(g, "/admin/1", "/admin/2")
	}
	return member + "/" + duty
}

// admins returns keys of two admins, mostly.
func (g *Gen) admins(member string) []string {
	switch g.Choose(8) {
	case 0:
		return []string{g.key(member, "admin")}
	case 1:
		return distinct(g.key(member, "admin"), g.key(member, "admin"))
	}
	return []string{member + "/admin/1", member + "/admin/2"}
}

// fourEyes returns the keys of a certifier and an approver, mostly.
func (g *Gen) fourEyes(member string) []string {
	switch g.Choose(20) {
	case 0:
		return []string{g.key(member, "certifier")}
	case 1:
		return []string{g.key(member, "approver")}
	}
	return distinct(g.key(member, "certifier"), g.key(member, "approver"))
}

func distinct(names ...string) (list []string) {
	for _, n := range names {
		if !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}

// existing returns the name of any key that may be registered.
func (g *Gen) existing(member string) string {
	duty := pick(g, "admin", "admin", "operator", "certifier", "approver")
	if more := g.keys[member+"/"+duty]; len(more) > 0 && !g.one(6) {
		return more[len(more)-1-g.Choose(min(len(more), 3))]
	}
	return g.key(member, duty)
}

func (g *Gen) remember(name string) {
	if g.keys == nil {
		g.keys = map[string][]string{}
	}
	parts := strings.SplitN(name, "/", 3)
	at := parts[0] + "/" + parts[1]
	g.keys[at] = append(g.keys[at], name)
}

func (g *Gen) proposal() uint64 {
	if len(g.Open) > 0 && !g.one(10) {
		return pick(g, g.Open...)
	}
	if g.one(20) {
		return uint64(g.Choose(int(g.Proposals) + 3))
	}
	return g.Proposals - min(g.Proposals, uint64(g.Choose(4)))
}

func (g *Gen) propose() message {
	id := g.regulator()
	if g.one(30) {
		id = g.member()
	}
	n := 1
	if g.one(5) {
		n = 2 + g.Choose(2)
	}
	p := &governancev1.Propose{Title: pick(g, "t", "t", "t", "t", "t", "t", "t", "t", "t", "")}
	if p.Title != "" || g.one(4) {
		p.Title = "a matter"
	}
	for range n {
		p.Actions = append(p.Actions, g.Action())
	}
	g.Proposals++
	return message{id, []string{g.key(id, "approver")}, &txv1.Message{Action: &txv1.Message_Propose{Propose: p}}}
}

func (g *Gen) voter() (string, []string) {
	id := g.regulator()
	return id, []string{g.key(id, "approver")}
}

func (g *Gen) approve() message {
	id, keys := g.voter()
	return message{id, keys, Approve(g.proposal())}
}

func (g *Gen) reject() message {
	id, keys := g.voter()
	return message{id, keys, &txv1.Message{Action: &txv1.Message_Reject{Reject: &governancev1.Reject{Proposal: g.proposal()}}}}
}

func (g *Gen) withdraw() message {
	id, keys := g.voter()
	return message{id, keys, &txv1.Message{Action: &txv1.Message_Withdraw{Withdraw: &governancev1.Withdraw{Proposal: g.proposal()}}}}
}
