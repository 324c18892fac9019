package apptest

import (
	"fmt"
	"regexp"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	evidencev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/evidence/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/evidence"
)

// mayAnchor has the kinds that a role, by its number, may anchor about a subject.
var mayAnchor = map[string][]int32{
	"1 certificate": {1, 2, 3, 4, 5, 6, 7, 8}, "1 engagement": {1, 2, 3, 4, 5, 6, 7, 8}, "1 product": {1, 2, 3, 4, 5, 6, 7, 8},
	"3 certificate": {1, 2, 3, 4, 5, 8}, "3 engagement": {1, 2, 3, 4, 5, 8},
	"4 certificate": {1, 5}, "4 engagement": {1, 5},
	"5 certificate": {2, 5}, "5 engagement": {2, 5},
	"6 certificate": {5, 8}, "6 product": {5, 6, 8},
}

var (
	anchoredIssuer = regexp.MustCompile(`^[0-9A-Z-]{1,24}$`)
	anchoredNumber = regexp.MustCompile(`^[0-9A-Z/_.()-]{1,60}$`)
	anchoredScheme = regexp.MustCompile(`^[ABC](0[1-9]|[1-9][0-9])([0-9]{2}){0,2}$`)
)

// anchor fixes evidence.
func (c *ctx) anchor(a *evidencev1.Anchor) (why codes) {
	why.add(len(a.Root) != 32 || a.Leaves == 0 || a.Leaves > 1<<40, 501)
	why.add(a.From <= 0 || a.From > a.To || a.To > c.now.UnixNano()+600e9, 502)
	why.add(a.Kind < 1 || a.Kind > 8 || a.Retention < 1 || a.Retention > 4, 500)
	why.add(a.Member != c.actor, 503)
	signed := slices.ContainsFunc(c.signers, func(s signer) bool { return s.member == c.actor && s.duty != "admin" })
	why.add(!signed, 505)

	x, subject, known, made := c.members[c.actor], "", true, article{}
	var scheme, issuer, holder string
	switch s := a.Subject.GetSubject().(type) {
	case *evidencev1.Subject_Certificate:
		subject, issuer = "certificate", s.Certificate.Issuer
		why.add(!anchoredIssuer.MatchString(issuer) || !anchoredNumber.MatchString(s.Certificate.Number), 500)
		n, ok := c.certs[Ref{issuer, s.Certificate.Number}]
		scheme, holder, known = n.scheme, organisations[n.holder], ok
	case *evidencev1.Subject_Engagement:
		subject, issuer, scheme = "engagement", s.Engagement.Issuer, s.Engagement.Scheme
		why.add(!anchoredIssuer.MatchString(issuer) || !anchoredScheme.MatchString(scheme), 500)
		id, _ := c.issuer(issuer)
		known = id != ""
	case *evidencev1.Subject_Product:
		subject = "product"
		if made, known = c.products[s.Product]; !known {
			made = article{}
		}
	default:
		why.add(true, 500)
	}
	may, tied := false, false
	var untied codes
	for _, role := range x.roles {
		if !slices.Contains(mayAnchor[fmt.Sprint(role, " ", subject)], int32(a.Kind)) {
			continue
		}
		may = true
		code := uint32(0)
		switch role {
		case 3:
			id, owner := c.issuer(issuer)
			if x.approval != issuer && (id == "" || owner.status == "active" || owner.caretaker != c.actor) {
				code = 509
			}
		case 4, 5:
			code = 508
			for _, mark := range []string{"01", "02", "03", "04", "05", "06", "99"} {
				if c.covered(c.actor, mark, scheme, c.day()) {
					code = 0
				}
			}
		case 6:
			if subject == "certificate" && (x.registration == "" || holder != x.registration[8:17]) {
				code = 510
			}
			if subject == "product" && c.actor != made.owner && !slices.Contains(made.reporters, c.actor) {
				code = 511
			}
		}
		if tied = tied || code == 0; code != 0 {
			untied = append(untied, code)
		}
	}
	why.add(!may, 506)
	why.add(!known, 507)
	if !tied {
		why = append(why, untied...)
	}
	id := anchorID(a)
	why.add(c.anchors[id] != "", 512)
	if len(why) == 0 {
		c.anchors[id] = c.actor
	}
	return why
}

// anchorID is SM3 of the tag, filled up to a block, and the encoding.
func anchorID(a *evidencev1.Anchor) sm3.Hash {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(a)
	if err != nil {
		panic(err)
	}
	tag := make([]byte, 64)
	copy(tag, "hallmark/anchor/v1")
	return sm3.Sum(append(tag, b...))
}

// rests reports whether all evidence that a message names is anchored.
func (c *ctx) rests(m *txv1.Message) bool {
	var list [][]byte
	r := m.ProtoReflect()
	action := r.Get(r.WhichOneof(r.Descriptor().Oneofs().Get(0))).Message().Interface()
	if v, ok := action.(interface{ GetEvidence() [][]byte }); ok {
		list = append(list, v.GetEvidence()...)
	}
	if v, ok := action.(interface {
		GetCertificate() *certificatev1.Certificate
	}); ok {
		list = append(list, v.GetCertificate().GetDetails().GetEvidence()...)
	}
	if v, ok := action.(interface {
		GetDetails() *certificatev1.Details
	}); ok {
		list = append(list, v.GetDetails().GetEvidence()...)
	}
	return !slices.ContainsFunc(list, func(e []byte) bool { return len(e) != 32 || c.anchors[sm3.Hash(e)] == "" })
}

func (m *model) compareEvidence(r *app.Reader) error {
	want := map[string]uint64{}
	for id, member := range m.anchors {
		want[member]++
		got, ok, err := evidence.Find(r, id)
		if err != nil || !ok || got.Member != member {
			return fmt.Errorf("anchor %v of %s: %+v, %v, %w", id, member, got, ok, err)
		}
	}
	for _, id := range memberIDs {
		if n, err := evidence.Count(r, id); err != nil || n != want[id] {
			return fmt.Errorf("%s has %d anchors, the model has %d (%w)", id, n, want[id], err)
		}
	}
	return nil
}
