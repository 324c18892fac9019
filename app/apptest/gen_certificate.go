package apptest

import (
	"bytes"
	"fmt"
	"math"
	"strings"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Approvals are the approval numbers of bodies, by member.
var Approvals = map[string]string{"cqc": CQC, "cqm": CQM, "newcb": NewCB}

// holders are codes of holders: the second is the organisation code within the
// first, the last none at all.
var holders = []string{Holder, "760038087", uscc("91310000123456789"), "840:C1234567", "nobody"}

// number returns the number and scheme of a certificate of a body.
func (g *Gen) number(body string) (number, scheme string) {
	n := g.Choose(20)
	switch g.Choose(6) {
	case 0:
		code := "01"
		if body != "cqc" || g.one(20) {
			code = "02"
		}
		return fmt.Sprintf("2025%s0907%06d", code, n), "B01"
	case 1:
		return fmt.Sprintf("V-%d", n), "B0301"
	case 2:
		return fmt.Sprintf("S-%d", n), "C01"
	}
	if g.one(40) {
		return pick(g, "", "lower", strings.Repeat("9", 61)), "A010101"
	}
	return fmt.Sprintf("Q-%d", n), pick(g, "A010101", "A010101", "A010101", "A010101", "A020101", "A010101", "A010101", "A010101", "A010101", "Z01")
}

// ref returns a certificate that may be there.
func (g *Gen) ref() Ref {
	if len(g.Known) > 0 && !g.one(8) {
		return pick(g, g.Known...)
	}
	if len(g.refs) == 0 || g.one(25) {
		number, _ := g.number("cqc")
		return Ref{CQC, number}
	}
	return g.refs[len(g.refs)-1-g.Choose(min(len(g.refs), 12))]
}

// own returns a certificate that may be there, and the body that issued it. The
// issuer is left out where it is the actor's own, sometimes.
func (g *Gen) own() (id string, r Ref) {
	r, id = g.ref(), "cqc"
	for _, b := range []string{"cqc", "cqm", "newcb"} {
		if Approvals[b] == r.Issuer {
			id = b
		}
	}
	if g.one(15) {
		return pick(g, "cqc", "cqm", "newcb"), r // perhaps a caretaker
	}
	if g.one(2) {
		r.Issuer = ""
	}
	return id, r
}

func (g *Gen) decided() int32 { return g.day(0, 0, 0, 0, 0, 0, -1, -1, -40, 1) }

func (g *Gen) note() string {
	if g.Wild && g.one(8) {
		return pick(g, "\x00", strings.Repeat("n", 1001), "\u202e", "\xff")
	}
	return pick(g, "", "a note", "a note", "a note")
}

// Text returns the text of a certificate of a scheme.
func Text(scheme string) *certificatev1.Details {
	d := &certificatev1.Details{
		Holder:  &certificatev1.Party{NameZh: "山东某某有限公司", AddressZh: "山东省", Country: "156", Region: "371323"},
		ScopeZh: "机械零件的生产", ScopeCodes: []string{"17.12.05"}, Standards: []string{"GB/T 19001-2016"}, Document: bytes.Repeat([]byte{1}, 32),
	}
	if strings.HasPrefix(scheme, "B") {
		d.Producer = &certificatev1.Party{NameZh: "生产者", AddressZh: "山东省", Country: "156", Region: "371323"}
		d.Factory = &certificatev1.Party{NameZh: "工厂", AddressZh: "山东省", Country: "156", Region: "371323"}
		d.Models = []string{"M1"}
	}
	return d
}

func (g *Gen) text(scheme string) *certificatev1.Details {
	d := Text(scheme)
	switch g.Choose(20) {
	case 0:
		d.Marks = []string{"01"}
	case 1:
		r := g.ref()
		d.Main = &certificatev1.Ref{Issuer: r.Issuer, Number: r.Number}
	case 2:
		r := g.ref()
		d.Components = []*certificatev1.Ref{{Issuer: r.Issuer, Number: r.Number}}
	case 3:
		if g.one(3) {
			d.Standards = nil
		}
	case 4:
		if g.Wild {
			d.Evidence = pick(g, [][]byte{{1}}, [][]byte{make([]byte, 32)})
		}
	}
	return d
}

func (g *Gen) holder() string {
	if g.one(25) {
		return holders[4]
	}
	if g.one(5) {
		return makerCode
	}
	return pick(g, holders[:4]...)
}

func (g *Gen) certificate(body string) *certificatev1.Certificate {
	number, scheme := g.number(body)
	issued := g.day(0, 0, 0, 0, 0, 0, -1, -40, 3)
	c := &certificatev1.Certificate{
		Number: number, Scheme: scheme, Holder: g.holder(),
		FirstIssued: issued, Issued: issued, Expires: issued + int32(pick(g, 20, 60, 400, 400, 1000, 1000, 1000, 1000, 1090, 1090, 1200, 1830, -1)), Details: g.text(scheme),
	}
	if g.Wild && g.one(6) {
		c.Expires = pick[int32](g, 2932896, 2932897, math.MaxInt32, 0, c.Issued)
	}
	if g.one(4) {
		c.FirstIssued -= 1000
	}
	if approval := Approvals[body]; approval != "" && number != "" {
		g.refs = append(g.refs, Ref{approval, number})
	}
	return c
}

func (g *Gen) issue() message {
	id := g.body()
	c := g.certificate(id)
	m := &certificatev1.Issue{Certificate: c, Decided: min(c.Issued, int32(g.today())), Note: g.note()}
	if g.one(20) {
		m.Decided = g.decided()
	}
	return message{id, g.fourEyes(id), &txv1.Message{Action: &txv1.Message_Issue{Issue: m}}}
}

func (g *Gen) importOne() message {
	id := g.body()
	c := g.certificate(id)
	shift := int32(pick(g, 0, 0, 500, 2000))
	c.FirstIssued, c.Issued, c.Expires = c.FirstIssued-shift, c.Issued-shift, c.Expires-shift
	m := &certificatev1.Import{Certificate: c, Decided: min(c.Issued, int32(g.today())), Status: 1, ReissueReason: pick(g, "", "", "0102", "9")}
	switch g.Choose(5) {
	case 0:
		m.Status, m.Reason, m.SuspendedFrom, m.SuspendedUntil = 2, g.suspensionReason(c.Scheme), c.Issued, c.Issued+int32(pick(g, 10, 100, 3000))
	case 1:
		m.Status, m.Reason = certificatev1.Status(pick(g, 3, 4, 5, 6, 0)), g.revocationReason(c.Scheme)
	}
	if g.one(2) {
		at := m.Decided
		for range 1 + g.Choose(3) {
			at += int32(g.Choose(40))
			p := &certificatev1.PastDecision{Decided: min(at, int32(g.today())), Action: certificatev1.Action(pick(g, 3, 4, 5, 6, 3, 4, 9))}
			switch p.Action {
			case 3:
				p.Reason, p.SuspendedUntil = g.suspensionReason(c.Scheme), p.Decided+int32(pick(g, 10, 100, 500))
			case 5:
				p.Reason = g.revocationReason(c.Scheme)
			case 6:
				p.Reason = pick(g, "0202", "0204", "0201")
			default: // the others have none
			}
			m.Decisions = append(m.Decisions, p)
		}
	}
	return message{id, g.fourEyes(id), &txv1.Message{Action: &txv1.Message_Import{Import: m}}}
}

func (g *Gen) suspensionReason(scheme string) string {
	if g.one(25) {
		return pick(g, "", "9999", "0120", "0208", "0118")
	}
	if strings.HasPrefix(scheme, "B") {
		return pick(g, "0201", "0208", "0299")
	}
	return pick(g, "0111", "0116", "0199")
}

func (g *Gen) revocationReason(scheme string) string {
	if g.one(12) {
		return pick(g, "", "9999", "0120", "0201")
	}
	if strings.HasPrefix(scheme, "B") {
		return pick(g, "0201", "0209", "0299")
	}
	return pick(g, "0111", "0122", "0122", "0122", "0199")
}

// schemeOf guesses the scheme of a number.
func schemeOf(number string) string {
	switch {
	case strings.HasPrefix(number, "Q"):
		return "A010101"
	case strings.HasPrefix(number, "V"):
		return "B0301"
	case strings.HasPrefix(number, "S"):
		return "C01"
	}
	return "B01"
}

func (g *Gen) suspend() message {
	id, r := g.own()
	m := &certificatev1.Suspend{
		Issuer: r.Issuer, Number: r.Number, Decided: g.decided(), Note: g.note(), Reason: g.suspensionReason(schemeOf(r.Number)),
		Until: g.day(0, 5, 30, 30, 100, 180, 181, 360, 400, -1),
	}
	if g.one(6) {
		m.From = g.day(0, -1, 1)
	}
	return message{id, g.fourEyes(id), &txv1.Message{Action: &txv1.Message_Suspend{Suspend: m}}}
}

func (g *Gen) reinstate() message {
	id, r := g.own()
	m := &certificatev1.Reinstate{Issuer: r.Issuer, Number: r.Number, Decided: g.decided(), Note: g.note()}
	return message{id, g.fourEyes(id), &txv1.Message{Action: &txv1.Message_Reinstate{Reinstate: m}}}
}

func (g *Gen) revoke() message {
	id, r := g.own()
	m := &certificatev1.Revoke{Issuer: r.Issuer, Number: r.Number, Decided: g.decided(), Note: g.note(), Reason: g.revocationReason(schemeOf(r.Number))}
	return message{id, g.fourEyes(id), &txv1.Message{Action: &txv1.Message_Revoke{Revoke: m}}}
}

func (g *Gen) cancel() message {
	id, r := g.own()
	m := &certificatev1.Cancel{Issuer: r.Issuer, Number: r.Number, Decided: g.decided(), Note: g.note(), Reason: pick(g, "0202", "0204", "0299", "0204", "0201", "")}
	return message{id, g.fourEyes(id), &txv1.Message{Action: &txv1.Message_Cancel{Cancel: m}}}
}

// Edit changes a text: the n-th of some ways.
func Edit(d *certificatev1.Details, n int) {
	switch n {
	case 1:
		d.ScopeCodes = append(d.ScopeCodes, "29.10")
	case 2:
		d.ScopeCodes = []string{"29.10"}
	case 3:
		d.Holder.NameZh = "新名称公司"
	case 4:
		d.Holder.AddressZh = "济南市"
	case 5:
		d.Standards = append(d.Standards, "GB/T 24001-2016")
	case 6:
		d.Marks = []string{"01"}
	case 7:
		if d.Producer != nil {
			d.Models = append(d.Models, "M2")
		}
	}
}

var changeTypes = map[bool]map[certificatev1.Action]string{
	false: {7: "05", 8: "06", 9: "01", 10: "02", 11: "07", 12: "08", 13: "03"},
	true:  {7: "03", 8: "02", 9: "01", 10: "04", 11: "02", 12: "03", 13: "05"},
}

func (g *Gen) amend() message {
	id, r := g.own()
	scheme := schemeOf(r.Number)
	d := Text(scheme)
	action := certificatev1.Action(7 + g.Choose(7))
	fit := map[certificatev1.Action]int{7: 1, 8: 0, 9: 3, 10: 4, 11: 7, 12: 5, 13: 6}[action]
	if g.one(4) {
		fit = g.Choose(8)
	}
	Edit(d, fit)
	if g.one(3) {
		d.Document[0]++
	}
	m := &certificatev1.Amend{
		Issuer: r.Issuer, Number: r.Number, Decided: g.decided(), Action: action, Details: d,
		ChangeType: changeTypes[scheme[0] == 'B'][action], ReissueReason: pick(g, "", "", "", "0104", "0103"),
	}
	if g.one(12) {
		m.ChangeType = pick(g, "", "99", "97_01")
	}
	if action == 9 && g.one(3) {
		m.Holder = pick(g, holders...)
	}
	return message{id, g.fourEyes(id), &txv1.Message{Action: &txv1.Message_Amend{Amend: m}}}
}

func (g *Gen) correct() message {
	id, r := g.own()
	m := &certificatev1.Correct{Issuer: r.Issuer, Number: r.Number, Decided: g.decided(), Note: g.note()}
	keys := g.fourEyes(id)
	switch g.Choose(6) {
	case 0:
		m.Scheme = pick(g, "A020101", "A010102", "B0302", "C0102")
	case 1:
		if m.Holder = pick(g, holders...); g.one(2) { // a bar may move
			keys = append(keys, g.key(g.regulator(), "approver"))
		}
	case 2:
		m.Expires = g.day(0, 1, 10, 100, 1000, -5)
	case 3:
		m.Issued = g.day(-2, 0, 1)
	case 4:
		m.FirstIssued = g.day(-900, 0, 2)
	case 5:
		m.Details = Text(schemeOf(r.Number))
		Edit(m.Details, g.Choose(8))
	}
	return message{id, keys, &txv1.Message{Action: &txv1.Message_Correct{Correct: m}}}
}

func (g *Gen) annul() message {
	id, r := g.own()
	m := &certificatev1.Annul{Issuer: r.Issuer, Number: r.Number, Decided: g.decided(), Note: g.note()}
	keys := g.fourEyes(id)
	if !g.one(5) {
		keys = append(keys, g.key(g.regulator(), "approver"))
	}
	return message{id, keys, &txv1.Message{Action: &txv1.Message_Annul{Annul: m}}}
}

func (g *Gen) renew() message {
	id, r := g.own()
	m := &certificatev1.Renew{Issuer: r.Issuer, Number: r.Number, Decided: g.day(0), Certificate: g.certificate(id), ReissueReason: pick(g, "0102", "0102", "0101", "0103", "")}
	g.succeed(m.Certificate, r.Number, id)
	return message{id, g.fourEyes(id), &txv1.Message{Action: &txv1.Message_Renew{Renew: m}}}
}

// succeed makes a certificate that may replace another, mostly.
func (g *Gen) succeed(c *certificatev1.Certificate, old, id string) {
	if g.one(5) {
		return
	}
	today := g.today()
	scheme := schemeOf(old)
	c.Scheme, c.FirstIssued, c.Issued, c.Expires, c.Holder = scheme, pick(g, 0, 0, date(today)), date(today), date(today)+int32(pick(g, 10, 30, 100, 1000)), holders[0]
	c.Details = Text(scheme)
	c.Number = map[string]string{"A010101": "Q-", "B0301": "V-", "C01": "S-", "B01": "2025" + map[bool]string{true: "01", false: "02"}[id == "cqc"] + "090700"}[scheme] + fmt.Sprintf("%04d", 1000+g.Choose(2000))
	if approval := Approvals[id]; approval != "" {
		g.refs = append(g.refs, Ref{approval, c.Number})
	}
}

func (g *Gen) transfer() message {
	r := g.ref()
	id := g.body()
	if id == "cqc" && r.Issuer == CQC || id == "cqm" && r.Issuer == CQM {
		id = pick(g, map[string]string{CQC: "cqm", CQM: "cqc"}[r.Issuer], map[string]string{CQC: "cqm", CQM: "cqc"}[r.Issuer], id)
	}
	m := &certificatev1.Transfer{Issuer: r.Issuer, Number: r.Number, Decided: g.day(0), Certificate: g.certificate(id)}
	g.succeed(m.Certificate, r.Number, id)
	keys := g.fourEyes(id)
	if !g.one(5) {
		for _, b := range []string{"cqc", "cqm", "newcb"} {
			if Approvals[b] == r.Issuer {
				keys = distinct(append(keys, g.fourEyes(b)...)...)
			}
		}
	}
	return message{id, keys, &txv1.Message{Action: &txv1.Message_Transfer{Transfer: m}}}
}

func (g *Gen) fileOrder() message {
	id, keys := g.voter()
	r := g.ref()
	m := &certificatev1.FileOrder{Issuer: r.Issuer, Number: r.Number, Decided: g.decided(), Note: g.note(), Due: g.day(0, 1, 30, -1)}
	return message{id, keys, &txv1.Message{Action: &txv1.Message_FileOrder{FileOrder: m}}}
}

func (g *Gen) closeOrder() message {
	id, keys := g.voter()
	r := g.ref()
	m := &certificatev1.CloseOrder{Issuer: r.Issuer, Number: r.Number, Decided: g.decided(), Note: g.note(), Order: uint32(g.Choose(6))}
	return message{id, keys, &txv1.Message{Action: &txv1.Message_CloseOrder{CloseOrder: m}}}
}

func (g *Gen) flag() message {
	id, keys := g.voter()
	r := g.ref()
	m := &certificatev1.Flag{Issuer: r.Issuer, Number: r.Number, Decided: g.decided(), Note: g.note()}
	return message{id, keys, &txv1.Message{Action: &txv1.Message_Flag{Flag: m}}}
}

func (g *Gen) unflag() message {
	id, keys := g.voter()
	r := g.ref()
	m := &certificatev1.Unflag{Issuer: r.Issuer, Number: r.Number, Decided: g.decided(), Note: g.note(), Member: pick(g, "", "", "cnca", "samr-bj")}
	return message{id, keys, &txv1.Message{Action: &txv1.Message_Unflag{Unflag: m}}}
}

// DayOf is the civil date of a message.
func DayOf(d int32) civil.Date { return civil.Date(d) }
