package record

import (
	"reflect"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// detailsToProto returns nil for details that say nothing.
func detailsToProto(d *rules.Details) *certificatev1.Details {
	if reflect.ValueOf(d).Elem().IsZero() {
		return nil
	}
	m := &certificatev1.Details{
		Holder: partyToProto(&d.Holder), ScopeZh: d.ScopeChinese, ScopeEn: d.ScopeEnglish, ScopeCodes: d.ScopeCodes,
		Standards: d.Standards, Marks: d.Marks, Producer: partyToProto(&d.Producer), Factory: partyToProto(&d.Factory),
		TradeMark: d.TradeMark, Models: d.Models, Gtins: d.GTINs, Evidence: hashBytes(d.Evidence),
	}
	if !d.Main.IsZero() {
		m.Main = &certificatev1.Ref{Issuer: d.Main.Issuer, Number: d.Main.Number}
	}
	for _, c := range d.Components {
		m.Components = append(m.Components, &certificatev1.Ref{Issuer: c.Issuer, Number: c.Number})
	}
	if !d.Document.IsZero() {
		m.Document = d.Document[:]
	}
	return m
}

func detailsFromProto(m *certificatev1.Details) rules.Details {
	d := rules.Details{
		Holder: partyFromProto(m.GetHolder()), ScopeChinese: m.GetScopeZh(), ScopeEnglish: m.GetScopeEn(),
		ScopeCodes: m.GetScopeCodes(), Standards: m.GetStandards(), Marks: m.GetMarks(),
		Producer: partyFromProto(m.GetProducer()), Factory: partyFromProto(m.GetFactory()),
		TradeMark: m.GetTradeMark(), Models: m.GetModels(), GTINs: m.GetGtins(),
		Main: rules.Ref{Issuer: m.GetMain().GetIssuer(), Number: m.GetMain().GetNumber()},
	}
	for _, c := range m.GetComponents() {
		d.Components = append(d.Components, rules.Ref{Issuer: c.GetIssuer(), Number: c.GetNumber()})
	}
	copy(d.Document[:], m.GetDocument())
	for _, e := range m.GetEvidence() {
		var h sm3.Hash
		copy(h[:], e)
		d.Evidence = append(d.Evidence, h)
	}
	return d
}

func partyToProto(p *rules.Party) *certificatev1.Party {
	if *p == (rules.Party{}) {
		return nil
	}
	return &certificatev1.Party{
		NameZh: p.NameChinese, NameEn: p.NameEnglish, AddressZh: p.AddressChinese, AddressEn: p.AddressEnglish,
		Country: p.Country, Region: p.Region,
	}
}

func partyFromProto(m *certificatev1.Party) rules.Party {
	return rules.Party{
		NameChinese: m.GetNameZh(), NameEnglish: m.GetNameEn(), AddressChinese: m.GetAddressZh(),
		AddressEnglish: m.GetAddressEn(), Country: m.GetCountry(), Region: m.GetRegion(),
	}
}

func hashBytes(list []sm3.Hash) (out [][]byte) {
	for i := range list {
		out = append(out, list[i][:])
	}
	return out
}

// DetailsOf reads details as a node gives them, as to amend a text.
func DetailsOf(a *api.Details) (rules.Details, error) {
	r := new(Record)
	for path, values := range detailsValues(a) {
		values = nonEmpty(values)
		if len(values) == 0 {
			continue
		}
		f := byPath["details."+path]
		if fault := f.set(r, values); fault != nil {
			fault.Field = f.path
			return rules.Details{}, fault
		}
	}
	return r.Details, nil
}

func detailsValues(a *api.Details) map[string][]string {
	v := map[string][]string{
		"scope_zh": {a.ScopeZh}, "scope_en": {a.ScopeEn}, "scope_codes": a.ScopeCodes, "standards": a.Standards,
		"marks": a.Marks, "trade_mark": {a.TradeMark}, "models": a.Models, "gtins": a.GTINs,
		"document": {a.Document}, "evidence": a.Evidence,
	}
	for role, p := range map[string]*api.Party{"holder": a.Holder, "producer": a.Producer, "factory": a.Factory} {
		if p != nil {
			v[role+".name_zh"], v[role+".name_en"] = []string{p.NameZh}, []string{p.NameEn}
			v[role+".address_zh"], v[role+".address_en"] = []string{p.AddressZh}, []string{p.AddressEn}
			v[role+".country"], v[role+".region"] = []string{p.Country}, []string{p.Region}
		}
	}
	if a.Main != nil {
		v["main.issuer"], v["main.number"] = []string{a.Main.Issuer}, []string{a.Main.Number}
	}
	for _, c := range a.Components {
		v["components"] = append(v["components"], c.Issuer+"/"+c.Number)
	}
	return v
}

func nonEmpty(list []string) (out []string) {
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
