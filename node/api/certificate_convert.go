package api

import (
	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// certificate returns a certificate without its text, false if the ledger does
// not have it.
func (v *view) certificate(ref rules.Ref) (*api.Certificate, bool, error) {
	at, err := v.time()
	if err != nil {
		return nil, false, err
	}
	e, ok, err := v.Certificate.Effective(v, ref, at)
	if err != nil || !ok {
		return nil, false, err
	}
	h := e.Head
	c := &api.Certificate{
		Ref: refOf(ref), Scheme: h.Scheme, Family: h.Family.String(), Holder: h.Holder,
		FirstIssued: dateText(h.FirstIssued), Issued: dateText(h.Issued), Expires: dateText(h.Expires),
		SuspendedFrom: dateText(h.SuspendedFrom), SuspendedUntil: dateText(h.SuspendedUntil),
		Version: h.Version, Records: h.Records, DetailsHash: h.Details.String(),
		Effective: effectiveOf(h.Family, e.Status), At: at,
		Unsound: refsOf(e.Unsound), Warnings: e.Supervision.Flags, Successor: optionalRef(e.Successor),
	}
	for _, s := range e.Compromised {
		c.Compromised = append(c.Compromised, hexText(s.Key[:]))
	}
	for _, o := range e.Supervision.Orders {
		c.Orders = append(c.Orders, api.OpenOrder{Record: o.Record, Due: dateText(o.Due)})
	}
	return c, true, v.nameIssuer(c)
}

// nameIssuer says which member the issuer is.
func (v *view) nameIssuer(c *api.Certificate) error {
	id, ok, err := v.Member.ByApprovalNumber(v, c.Issuer)
	if err != nil || !ok {
		return err
	}
	m, ok, err := v.Member.Member(v, id)
	if err != nil || !ok {
		return err
	}
	c.Member, c.IssuerName = id, &api.Text{En: m.NameEn, Zh: m.NameZh}
	return nil
}

func effectiveOf(f rules.Family, e rules.EffectiveStatus) api.Effective {
	out := api.Effective{
		Status: e.Status.String(), Code: e.Status.Code(), Text: textOf(e.Status.Text()),
		Reason: e.Reason, Since: dateText(e.Since), OverdueSince: dateText(e.OverdueSince), Holds: e.Holds(),
	}
	if r, ok := f.Rules().Reason(e.Status, e.Reason); ok {
		t := textOf(r.Text)
		out.ReasonText = &t
	}
	for bit := rules.Flags(1); bit != 0; bit <<= 1 {
		for _, name := range (e.Flags & bit).Names() {
			out.Flags = append(out.Flags, api.Flag{Name: name.English, Text: textOf(name), Blocking: bit&rules.Blocking != 0})
		}
	}
	return out
}

func textOf(t rules.Text) api.Text { return api.Text{En: t.English, Zh: t.Chinese} }

func refOf(r rules.Ref) api.Ref { return api.Ref{Issuer: r.Issuer, Number: r.Number} }

func refsOf(refs []rules.Ref) (out []api.Ref) {
	for _, r := range refs {
		out = append(out, refOf(r))
	}
	return out
}

func optionalRef(r rules.Ref) *api.Ref {
	if r.IsZero() {
		return nil
	}
	out := refOf(r)
	return &out
}

func detailsOf(d *rules.Details) *api.Details {
	return &api.Details{
		Holder: partyOf(d.Holder), ScopeZh: d.ScopeChinese, ScopeEn: d.ScopeEnglish, ScopeCodes: d.ScopeCodes,
		Standards: list(d.Standards), Marks: d.Marks, Producer: partyOf(d.Producer), Factory: partyOf(d.Factory),
		TradeMark: d.TradeMark, Models: d.Models, GTINs: d.GTINs, Main: optionalRef(d.Main), Components: refsOf(d.Components),
		Document: hashText(d.Document), Evidence: hashesText(d.Evidence),
	}
}

// partyOf returns nil for no party.
func partyOf(p rules.Party) *api.Party {
	if p == (rules.Party{}) {
		return nil
	}
	return &api.Party{
		NameZh: p.NameChinese, NameEn: p.NameEnglish, AddressZh: p.AddressChinese, AddressEn: p.AddressEnglish,
		Country: p.Country, Region: p.Region,
	}
}

func hashesText(hashes []sm3.Hash) (out []string) {
	for _, h := range hashes {
		out = append(out, h.String())
	}
	return out
}
