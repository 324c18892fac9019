package rules

import (
	"fmt"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func TestHeadCheck(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Head)
		want   *exec.Code
	}{
		{"issuer", func(h *Head) { h.Issuer = "" }, &CodeIssuer},
		{"number", func(h *Head) { h.Number = "x" }, &CodeNumber},
		{"CCC number", func(h *Head) { h.Number = "X" }, &CodeCCCNumber},
		{"scheme", func(h *Head) { h.Scheme = "Z01" }, &CodeScheme},
		{"other family", func(h *Head) { h.Scheme = "A010101" }, &CodeHead},
		{"holder", func(h *Head) { h.Holder = "1" }, &CodeHolder},
		{"no first issue", func(h *Head) { h.FirstIssued = 0 }, &CodeDate},
		{"first issue later", func(h *Head) { h.FirstIssued = h.Issued + 1 }, &CodeDateOrder},
		{"version 0", func(h *Head) { h.Version = 0 }, &CodeHead},
		{"no records", func(h *Head) { h.Records = 0 }, &CodeHead},
		{"version above records", func(h *Head) { h.Version = 4 }, &CodeHead},
		{"no details", func(h *Head) { h.Details = sm3.Hash{} }, &CodeHead},
		{"family", func(h *Head) { h.Family = 0 }, &CodeHead},
		{"status", func(h *Head) { h.Status = None }, &CodeAction},
		{"as stated", func(h *Head) { h.Status = AsStated }, &CodeAction},
		{"since", func(h *Head) { h.Since = -1 }, &CodeDate},
		{"expires", func(h *Head) { h.Expires = 0 }, &CodeDate},
		{"expires before issue", func(h *Head) { h.Expires = h.Issued - 1 }, &CodeDateOrder},
		{"no end of suspension", func(h *Head) { h.SuspendedUntil = 0 }, &CodeDate},
		{"ends before it begins", func(h *Head) { h.SuspendedUntil = h.SuspendedFrom - 1 }, &CodeDateOrder},
		{"suspension of a valid one", func(h *Head) { h.Status, h.Reason = Valid, "" }, &CodeDate},
		{"order due", func(h *Head) { h.OrderDue = -5 }, &CodeDate},
		{"unstored flag", func(h *Head) { h.Flags |= FlagBodyStopped }, &CodeHead},
		{"replaced, but live", func(h *Head) { h.Flags |= FlagReplaced }, &CodeHead},
		{"overdue, but valid", func(h *Head) { h.Standing = h.Reinstate(h.Since); h.Flags |= FlagOverdue }, &CodeHead},
		{"no reason", func(h *Head) { h.Reason = "" }, &CodeReason},
		{"reason of another family", func(h *Head) { h.Reason = "0116" }, &CodeReason},
		{"reason of a valid one", func(h *Head) { h.Standing = h.Reinstate(h.Since); h.Reason = "0201" }, &CodeReason},
		{"imported as expired", func(h *Head) { h.Standing = h.Close(Expired, "", h.Since) }, nil},
		{"revoked for the lapse's reserved reason", func(h *Head) { h.Standing = h.Close(Revoked, "0201", h.Since) }, nil},
		{"overdue", func(h *Head) { h.Flags |= FlagOverdue }, nil},
	} {
		h, _ := sampleProduct()
		c.change(h)
		refused(t, c.name, h.Check(), c.want)
		if _, err := DecodeHead(EncodeHead(h)); (err == nil) != (c.want == nil) {
			t.Errorf("%s: decoded with %v", c.name, err)
		}
	}
}

func TestDetailsCheck(t *testing.T) {
	many := func(n, length int) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprintf("%0*d", length, i))
		}
		return list
	}
	for _, c := range []struct {
		name   string
		change func(*Details)
		want   *exec.Code
	}{
		{"no holder", func(d *Details) { d.Holder = Party{} }, &CodeText},
		{"no address", func(d *Details) { d.Holder.AddressChinese = "" }, &CodeText},
		{"long name", func(d *Details) { d.Holder.NameEnglish = repeat(MaxName+1, "x") }, &CodeText},
		{"country", func(d *Details) { d.Holder.Country = "CHN" }, &CodeCountry},
		{"no country", func(d *Details) { d.Holder.Country = "" }, &CodeCountry},
		{"region abroad", func(d *Details) { d.Factory.Country = "704" }, &CodeRegion},
		{"factory abroad", func(d *Details) { d.Factory.Country, d.Factory.Region = "704", "" }, nil},
		{"English only", func(d *Details) { d.Holder.NameChinese, d.Holder.NameEnglish = "", "Hongda" }, nil},
		{"no scope", func(d *Details) { d.ScopeChinese, d.ScopeEnglish = "", "" }, &CodeText},
		{"long scope", func(d *Details) { d.ScopeChinese = repeat(MaxScope, "x") }, nil},
		{"too long scope", func(d *Details) { d.ScopeChinese = repeat(MaxScope+1, "x") }, &CodeText},
		{"scope code", func(d *Details) { d.ScopeCodes = []string{repeat(MaxCode+1, "1")} }, &CodeText},
		{"no standard", func(d *Details) { d.Standards = nil }, &CodeText},
		{"standard twice", func(d *Details) { d.Standards = []string{"A", "A"} }, &CodeCount},
		{"mark", func(d *Details) { d.Marks = []string{"98"} }, &CodeMark},
		{"no producer", func(d *Details) { d.Producer = Party{} }, &CodeProduct},
		{"no factory", func(d *Details) { d.Factory = Party{} }, &CodeProduct},
		{"producer without name", func(d *Details) { d.Producer.NameChinese = "" }, &CodeText},
		{"trade mark", func(d *Details) { d.TradeMark = "a\u202e" }, &CodeText},
		{"model twice", func(d *Details) { d.Models = append(d.Models, d.Models[0]) }, &CodeCount},
		{"many models", func(d *Details) { d.Models = many(MaxModels, 20) }, nil},
		{"too many models", func(d *Details) { d.Models = many(MaxModels+1, 20) }, &CodeCount},
		{"too large", func(d *Details) { d.Models = many(MaxModels, 70) }, &CodeTooLarge},
		{"GTIN", func(d *Details) { d.GTINs = []string{"4006381333932"} }, &CodeGTIN},
		{"GTIN twice", func(d *Details) { d.GTINs = []string{"96385074", "96385074"} }, &CodeCount},
		{"main", func(d *Details) { d.Main.Number = "" }, &CodeNumber},
		{"its own main", func(d *Details) { d.Main = Ref{"CNCA-R-2002-001", "2013010702607951"} }, &CodeMain},
		{"component", func(d *Details) { d.Components = []Ref{{}} }, &CodeIssuer},
		{"its own component", func(d *Details) { d.Components = []Ref{{"CNCA-R-2002-001", "2013010702607951"}} }, &CodeMain},
		{"component twice", func(d *Details) { d.Components = append(d.Components, d.Components[0]) }, &CodeCount},
		{"too many components", func(d *Details) { d.Components = make([]Ref, MaxComponents+1) }, &CodeCount},
		{"evidence twice", func(d *Details) { d.Evidence = append(d.Evidence, d.Evidence[0]) }, &CodeCount},
		{"zero evidence", func(d *Details) { d.Evidence = make([]sm3.Hash, 1) }, &CodeCount},
		{"too much evidence", func(d *Details) { d.Evidence = make([]sm3.Hash, MaxEvidence+1) }, &CodeCount},
		{"not UTF-8", func(d *Details) { d.TradeMark = "\xff" }, &CodeText},
	} {
		h, d := sampleProduct()
		c.change(d)
		refused(t, c.name, d.Check(CCC, h.Ref), c.want)
		if err := h.Matches(d); !CodeHead.Is(err) {
			t.Errorf("%s: other details match: %v", c.name, err)
		}
	}
	h, d := sampleSystem()
	refused(t, "system", d.Check(ManagementSystem, h.Ref), nil)
	d.TradeMark = "泓达"
	refused(t, "system with a trade mark", d.Check(ManagementSystem, h.Ref), &CodeProduct)
	h, d = sampleProduct()
	h.Flags = 0
	refused(t, "flags of the details", h.Matches(d), &CodeHead)
}

func TestRecordCheck(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Record)
		want   *exec.Code
	}{
		{"n 0", func(r *Record) { r.N = 0 }, &CodeRecord},
		{"other n than the head", func(r *Record) { r.N = 2 }, &CodeRecord},
		{"action", func(r *Record) { r.Action = 0 }, &CodeAction},
		{"head", func(r *Record) { r.After.Holder = "" }, &CodeHolder},
		{"from suspended", func(r *Record) { r.From = Suspended }, &CodeSuspended},
		{"from revoked", func(r *Record) { r.From = Revoked }, &CodeRevoked},
		{"not the first", func(r *Record) { r.From = None }, &CodeAbsent},
		{"another result", func(r *Record) { r.Action = Revoke }, &CodeRecord},
		{"no actor", func(r *Record) { r.Actor = "" }, &CodeRecord},
		{"no signers", func(r *Record) { r.Signers = nil }, &CodeRecord},
		{"no transaction", func(r *Record) { r.Tx = sm3.Hash{} }, &CodeRecord},
		{"not decided", func(r *Record) { r.Decided = 0 }, &CodeDate},
		{"decided later", func(r *Record) { r.Decided++ }, &CodeFuture},
		{"no height", func(r *Record) { r.Height = 0 }, &CodeRecord},
		{"no time", func(r *Record) { r.Time = time.Unix(0, 0).UTC() }, &CodeRecord},
		{"details unchanged", func(r *Record) { r.DetailsBefore = r.After.Details }, &CodeRecord},
		{"details changed", func(r *Record) { r.DetailsBefore = sm3.Sum(nil) }, nil},
		{"link", func(r *Record) { r.Link = r.After.Ref }, &CodeRecord},
		{"reverses", func(r *Record) { r.Reverses = 1 }, &CodeRecord},
		{"change type", func(r *Record) { r.ChangeType = "08_01" }, &CodeChange},
		{"reissue reason", func(r *Record) { r.ReissueReason = "0101" }, &CodeReissue},
		{"note", func(r *Record) { r.Note = repeat(MaxNote+1, "x") }, &CodeText},
		{"actor", func(r *Record) { r.Actor = "a\n" }, &CodeText},
		{"signer without a member", func(r *Record) { r.Signers[0].Member = "" }, &CodeText},
		{"signer without a duty", func(r *Record) { r.Signers[0].Duty = 0 }, &CodeRecord},
		{"signer without a key", func(r *Record) { r.Signers[0].Key[0] = 0 }, &CodeRecord},
		{"too many signers", func(r *Record) { r.Signers = make([]Signer, MaxRecordSigners+1) }, &CodeCount},
		{"evidence twice", func(r *Record) { r.Evidence = append(r.Evidence, r.Evidence[0]) }, &CodeCount},

		{"overdue", func(r *Record) { r.chain(Overdue, Suspended); r.After.Flags |= FlagOverdue }, nil},
		{"overdue by a member", func(r *Record) { r.Action, r.From = Overdue, Suspended }, &CodeRecord},
		{"lapse", func(r *Record) { r.chain(Lapse, Valid); r.After.Standing = r.After.Close(Cancelled, "0201", r.Decided) }, nil},
		{"lapse for another reason", func(r *Record) { r.chain(Lapse, Valid); r.After.Standing = r.After.Close(Cancelled, "0204", r.Decided) }, &CodeReason},
		{"revoke", func(r *Record) { r.act(Revoke, Valid, r.After.Close(Revoked, "0201", r.Decided)) }, nil},
		{"cancel as if lapsed", func(r *Record) { r.act(Cancel, Valid, r.After.Close(Cancelled, "0201", r.Decided)) }, &CodeReason},
		{"renew", func(r *Record) { r.renewed("2013010702607952") }, nil},
		{"renew without a link", func(r *Record) { r.renewed("2013010702607952"); r.Link = Ref{} }, &CodeRecord},
		{"renew with a bad link", func(r *Record) { r.renewed("x") }, &CodeNumber},
		{"renew for another reason", func(r *Record) { r.renewed("2013010702607952"); r.After.Reason = "0202" }, &CodeReason},
		{"reverse", func(r *Record) { r.reverse(); r.Reverses = 2 }, nil},
		{"reverse by a member", func(r *Record) { r.act(Reverse, Revoked, r.After.Standing); r.Reverses = 2 }, &CodeRecord},
		{"reverse without a transaction", func(r *Record) { r.reverse(); r.Reverses, r.Tx = 2, sm3.Hash{} }, &CodeRecord},
		{"reverse itself", func(r *Record) { r.reverse(); r.Reverses = 3 }, &CodeRecord},
		{"reverse nothing", func(r *Record) { r.reverse() }, &CodeRecord},
		{"amend", func(r *Record) { r.act(Name, Valid, r.After.Reinstate(r.Decided)); r.ChangeType = "01" }, nil},
		{"amend without a type", func(r *Record) { r.act(Name, Valid, r.After.Reinstate(r.Decided)) }, &CodeChange},
		{"first", func(r *Record) { r.first(Issue) }, nil},
		{"import", func(r *Record) { r.first(Import); r.After.Standing = r.After.Close(Expired, "", r.Decided) }, nil},
		{"import of a replaced one", func(r *Record) { r.first(Import); r.After.Standing = r.After.Replace(r.Decided) }, nil},
		{"import as annulled", func(r *Record) { r.first(Import); r.After.Standing = r.After.Close(Annulled, "", r.Decided) }, &CodeRecord},
		{"details before the first", func(r *Record) { r.first(Issue); r.DetailsBefore = sm3.Sum(nil) }, &CodeRecord},
	} {
		r := sampleRecord()
		c.change(r)
		refused(t, c.name, r.Check(), c.want)
		if _, err := DecodeRecord(EncodeRecord(r)); (err == nil) != (c.want == nil) {
			t.Errorf("%s: decoded with %v", c.name, err)
		}
	}
}

// act turns r into the record of another act.
func (r *Record) act(a Action, from Status, after Standing) {
	r.Action, r.From, r.After.Standing = a, from, after
}

func (r *Record) chain(a Action, from Status) {
	r.Action, r.From, r.Actor, r.Signers, r.Tx = a, from, "", nil, sm3.Hash{}
}

// reverse turns r into the record of a reversal by governance.
func (r *Record) reverse() {
	r.act(Reverse, Revoked, r.After.Standing)
	r.Actor, r.Signers = "", nil
}

func (r *Record) renewed(number string) {
	r.act(Renew, Valid, r.After.Replace(r.Decided))
	r.Link, r.ReissueReason = Ref{"CNCA-R-2002-001", number}, "0102"
}

func (r *Record) first(a Action) {
	r.act(a, None, r.After.Reinstate(r.After.Issued))
	r.N, r.After.Records, r.After.Version = 1, 1, 1
}
