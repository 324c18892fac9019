package light

import (
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// verdictJSON is a Verdict as JSON. Certificates and records have the form that
// a node's API gives them.
type verdictJSON struct {
	Claim    Claim     `json:"claim"`
	Outcome  Outcome   `json:"outcome"`
	ExitCode int       `json:"exit_code"`
	Reasons  []Reason  `json:"reasons"`
	Unproven []Reason  `json:"unproven,omitempty"`
	Notes    []Reason  `json:"notes,omitempty"`
	Verified time.Time `json:"verified_at"`

	Seal *sealJSON `json:"seal,omitempty"` // none unless it is good
	Card *cardJSON `json:"card,omitempty"`

	Connected bool        `json:"connected,omitempty"`
	Header    *headerJSON `json:"header,omitempty"` // none unless it is established

	Certificate *api.Certificate `json:"certificate,omitempty"`
	Records     []api.Record     `json:"records,omitempty"`
	Issuers     []string         `json:"issuers,omitempty"`
	Trace       *api.Way         `json:"trace,omitempty"`
	Evidence    *api.Evidence    `json:"evidence,omitempty"`
	Leaf        *leafJSON        `json:"leaf,omitempty"`
}

type sealJSON struct {
	Height     uint64    `json:"height"`
	Time       time.Time `json:"time"`
	AgeSeconds int64     `json:"age_seconds"` // rounded down
	Set        string    `json:"set"`
	Handovers  int       `json:"handovers"`
}

// headerJSON is a Header as JSON.
type headerJSON struct {
	ChainID    string    `json:"chain_id"`
	Height     uint64    `json:"height"`
	Time       time.Time `json:"time"`
	AgeSeconds int64     `json:"age_seconds"` // rounded down
	Hash       string    `json:"hash"`        // of the header of the next block
	Witnesses  []string  `json:"witnesses"`
}

type cardJSON struct {
	ChainID     string       `json:"chain_id"`
	Genesis     string       `json:"genesis"`
	Height      uint64       `json:"height"`
	Set         string       `json:"set"`
	Validators  int          `json:"validators"`
	Made        time.Time    `json:"made"`
	NotAfter    time.Time    `json:"not_after"`
	Fingerprint string       `json:"fingerprint"`
	Signers     []signerJSON `json:"signers"`
}

type signerJSON struct {
	Member string `json:"member"`
	Key    string `json:"key"`
}

// MarshalJSON implements json.Marshaler: what a card says, and who signed it.
func (c *Card) MarshalJSON() ([]byte, error) { return json.Marshal(c.json()) }

func (c *Card) json() *cardJSON {
	j := &cardJSON{
		ChainID: c.ChainID, Genesis: c.Genesis.String(), Height: c.Height, Set: c.Set.Hash().String(), Validators: c.Set.Len(),
		Made: c.Made, NotAfter: c.NotAfter, Fingerprint: c.Fingerprint().String(), Signers: []signerJSON{},
	}
	for _, s := range c.Signatures {
		j.Signers = append(j.Signers, signerJSON{s.Member, hex.EncodeToString(s.Key[:])})
	}
	return j
}

// MarshalJSON implements json.Marshaler.
func (v *Verdict) MarshalJSON() ([]byte, error) {
	j := verdictJSON{
		Claim: v.Claim, Outcome: v.Outcome, ExitCode: int(v.Outcome), Reasons: v.Reasons, Unproven: v.Unproven, Notes: v.Notes,
		Verified: v.At, Issuers: v.Issuers,
	}
	if v.Card != nil {
		j.Card = v.Card.json()
	}
	if v.Sealed {
		j.Seal = &sealJSON{v.Height, v.Time, v.ageSeconds(), v.Set.String(), v.Handovers}
	}
	if j.Connected = v.Connected; v.Header != nil {
		j.Header = &headerJSON{
			v.Header.ChainID, v.Height, v.Time, v.ageSeconds(), strings.ToUpper(hex.EncodeToString(v.Header.Hash[:])),
			append([]string{}, v.Header.Witnesses...),
		}
	}
	if v.Head != nil && v.Status != nil {
		j.Certificate = v.certificate()
	}
	if v.Trace != nil {
		j.Trace = v.Trace.JSON()
	}
	for _, r := range v.Records {
		j.Records = append(j.Records, recordOf(r))
	}
	j.Evidence, j.Leaf = v.evidence(), v.leaf()
	return json.Marshal(&j)
}

// ageSeconds is Age, rounded down.
func (v *Verdict) ageSeconds() int64 {
	age := v.Age.Truncate(time.Second)
	if age > v.Age {
		age -= time.Second
	}
	return int64(age / time.Second)
}

// certificate is what the verdict says of it. On a date, at is the end of the
// date.
func (v *Verdict) certificate() *api.Certificate {
	h := v.Head
	c := &api.Certificate{
		Ref: refOf(h.Ref), Scheme: h.Scheme, Family: h.Family.String(), Holder: h.Holder,
		FirstIssued: dateText(h.FirstIssued), Issued: dateText(h.Issued), Expires: dateText(h.Expires),
		SuspendedFrom: dateText(h.SuspendedFrom), SuspendedUntil: dateText(h.SuspendedUntil),
		Version: h.Version, Records: h.Records, DetailsHash: h.Details.String(),
		Effective: effectiveOf(h.Family, *v.Status), At: v.at().UTC(),
	}
	if v.Claim.Kind == OnDate {
		c.At = v.Claim.Date.End().UTC()
	}
	if v.Details != nil {
		c.Details = detailsOf(v.Details)
	}
	if v.Member != nil {
		c.Member, c.IssuerName = v.Member.ID, &api.Text{En: v.Member.NameEn, Zh: v.Member.NameZh}
	}
	if w := v.View; w != nil {
		c.Unsound, c.Warnings, c.Successor = refsOf(w.Unsound), w.Supervision.Flags, optionalRef(w.Successor)
		for _, s := range w.Compromised {
			c.Compromised = append(c.Compromised, hex.EncodeToString(s.Key[:]))
		}
		for _, o := range w.Supervision.Orders {
			c.Orders = append(c.Orders, api.OpenOrder{Record: o.Record, Due: dateText(o.Due)})
		}
	}
	return c
}

func effectiveOf(f rules.Family, e rules.EffectiveStatus) api.Effective {
	out := api.Effective{
		Status: e.Status.String(), Code: e.Status.Code(), Text: textIn(e.Status.Text()),
		Reason: e.Reason, Since: dateText(e.Since), OverdueSince: dateText(e.OverdueSince), Holds: e.Holds(),
	}
	if r, ok := f.Rules().Reason(e.Status, e.Reason); ok {
		t := textIn(r.Text)
		out.ReasonText = &t
	}
	for bit := rules.Flags(1); bit != 0; bit <<= 1 {
		for _, name := range (e.Flags & bit).Names() {
			out.Flags = append(out.Flags, api.Flag{Name: name.English, Text: textIn(name), Blocking: bit&rules.Blocking != 0})
		}
	}
	return out
}

func recordOf(r *rules.Record) api.Record {
	out := api.Record{
		N: r.N, Action: r.Action.String(), Text: textIn(r.Action.Text()), Status: r.After.Status.String(), Reason: r.After.Reason,
		Decided: dateText(r.Decided), Actor: r.Actor, Height: r.Height, Time: r.Time.UTC(), Tx: hashText(r.Tx),
		Version: r.After.Version, ChangeType: r.ChangeType, ReissueReason: r.ReissueReason, Evidence: hashesText(r.Evidence),
		DetailsHash: r.After.Details.String(), DetailsBefore: hashText(r.DetailsBefore), Until: dateText(r.After.SuspendedUntil),
		Link: optionalRef(r.Link), Reverses: r.Reverses, Imported: r.Imported, Note: r.Note,
	}
	if r.From != rules.None {
		out.From = r.From.String()
	}
	for _, s := range r.Signers {
		out.Signers = append(out.Signers, api.Signer{Member: s.Member, Key: hex.EncodeToString(s.Key[:]), Duty: exec.Duty(s.Duty).String()})
	}
	return out
}

func detailsOf(d *rules.Details) *api.Details {
	return &api.Details{
		Holder: partyOf(d.Holder), ScopeZh: d.ScopeChinese, ScopeEn: d.ScopeEnglish, ScopeCodes: d.ScopeCodes,
		Standards: append([]string{}, d.Standards...), Marks: d.Marks, Producer: partyOf(d.Producer), Factory: partyOf(d.Factory),
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

func textIn(t rules.Text) api.Text { return api.Text{En: t.English, Zh: t.Chinese} }

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

// dateText is empty for no date.
func dateText(d civil.Date) string {
	if !d.Valid() {
		return ""
	}
	return d.String()
}

// hashText is empty for no hash.
func hashText(h sm3.Hash) string {
	if h.IsZero() {
		return ""
	}
	return h.String()
}

func hashesText(hashes []sm3.Hash) (out []string) {
	for _, h := range hashes {
		out = append(out, h.String())
	}
	return out
}
