package apptest

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	evidencev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/evidence/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/evidence"
)

// anchorEvidence fixes evidence of any member about anything; what may be is made
// oftener than chance would.
func (g *Gen) anchorEvidence() message {
	id, kind, about := g.body(), evidencev1.Kind(pick(g, 1, 2, 3, 4, 5, 8)), g.ref()
	for _, b := range []string{"cqc", "cqm", "newcb"} {
		if Approvals[b] == about.Issuer && g.one(2) {
			id = b
		}
	}
	s := &evidencev1.Subject{Subject: &evidencev1.Subject_Certificate{Certificate: &evidencev1.CertificateSubject{Issuer: about.Issuer, Number: about.Number}}}
	switch g.Choose(8) {
	case 0:
		id, kind = g.regulator(), evidencev1.Kind_KIND_SUPERVISION
	case 1:
		id, kind = pick(g, "lab-a", "maker", "cnas", "nobody"), pick(g, evidencev1.Kind_KIND_REPORT, evidencev1.Kind_KIND_CAPTURE)
	case 2:
		kind = evidencev1.Kind(g.Choose(10))
	}
	if g.one(3) {
		s.Subject = &evidencev1.Subject_Engagement{Engagement: &evidencev1.EngagementSubject{
			Issuer: Approvals[id], Reference: fmt.Sprint("E-", g.Choose(3)), Scheme: pick(g, "A010101", "B01", "C01", "Z01"),
		}}
	} else if g.one(12) {
		s.Subject = &evidencev1.Subject_Product{Product: pick(g, productURIs...)}
	}
	a := &evidencev1.Anchor{
		Member: id, Kind: kind, Subject: s, Root: bytes.Repeat([]byte{byte(g.Choose(3))}, 32), Leaves: uint64(1 + g.Choose(2)),
		From: Begin.UnixNano(), To: Begin.Add(time.Hour).UnixNano(), Method: pick(g, "", "a method"), Retention: evidencev1.Retention(pick(g, 1, 2, 3, 4)),
	}
	g.spoil(a)
	h := sm3.Sum(nil)
	if v, err := evidence.ParseAnchor(a); err == nil {
		h = v.ID()
	}
	g.anchors = append(g.anchors, h)
	return message{id, []string{g.key(id, pick(g, "operator", "operator", "approver", "certifier"))}, &txv1.Message{Action: &txv1.Message_AnchorEvidence{
		AnchorEvidence: &evidencev1.AnchorEvidence{Anchor: a},
	}}}
}

// spoil breaks a rule for anchors, seldom.
func (g *Gen) spoil(a *evidencev1.Anchor) {
	switch g.Choose(60) {
	case 0:
		a.Root = a.Root[:31]
	case 1:
		a.Leaves = pick(g, uint64(0), 1<<40+1, 1<<40)
	case 2:
		a.From, a.To = a.To, a.From
	case 3:
		a.To = g.Now.Add(pick(g, 9*time.Minute, 11*time.Minute)).UnixNano()
	case 4:
		a.Member = g.member()
	case 5:
		a.Retention = 0
	case 6:
		a.Subject = &evidencev1.Subject{}
	case 7:
		if g.Wild {
			a.From, a.To = pick(g, int64(math.MinInt64), 0, math.MaxInt64), pick(g, int64(math.MinInt64), 0, math.MaxInt64)
		}
	case 8:
		if g.Wild {
			a.Method = pick(g, "\x00", "\u202e", strings.Repeat("m", 201), "\xff")
		}
	case 9:
		if g.Wild {
			a.Subject = &evidencev1.Subject{Subject: &evidencev1.Subject_Product{Product: strings.Repeat("p", pick(g, 0, 255, 256, 600))}}
		}
	}
}

// rest lets a decision, or the text of a certificate, name evidence, sometimes:
// mostly an anchor that was tried.
func (g *Gen) rest(m *txv1.Message) {
	if !g.one(6) || len(g.anchors) == 0 {
		return
	}
	h := g.anchors[len(g.anchors)-1-g.Choose(min(len(g.anchors), 12))]
	if g.one(10) {
		h[0]++
	}
	r := m.ProtoReflect()
	action := r.Get(r.WhichOneof(r.Descriptor().Oneofs().Get(0))).Message()
	if action.Descriptor().ParentFile().Package() != "hallmark.certificate.v1" {
		return
	}
	for _, name := range []protoreflect.Name{"certificate", "details"} {
		if f := action.Descriptor().Fields().ByName(name); f != nil && action.Has(f) && g.one(2) {
			action = action.Mutable(f).Message()
		}
	}
	if f := action.Descriptor().Fields().ByName("evidence"); f != nil {
		id := h[:]
		if g.Wild && g.one(8) {
			id = id[:pick(g, 0, 31)]
		}
		action.Mutable(f).List().Append(protoreflect.ValueOfBytes(id))
	}
}
