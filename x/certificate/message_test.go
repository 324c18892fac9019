package certificate

import (
	"slices"

	"google.golang.org/protobuf/proto"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// changeFor returns a change type of an amendment.
func changeFor(f rules.Family, a rules.Action) string {
	for _, c := range f.Rules().ChangeTypes() {
		if slices.Contains(c.For, a) {
			return c.Code
		}
	}
	return ""
}

// amended returns the text with a change that an amendment may make.
func amended(f rules.Family, a rules.Action, d *certificatev1.Details) *certificatev1.Details {
	d = proto.CloneOf(d)
	switch a {
	case rules.Extend:
		d.ScopeCodes = append(d.ScopeCodes, "03.09")
	case rules.Reduce:
		d.ScopeCodes = d.ScopeCodes[:1]
	case rules.Name:
		d.Holder.NameEn = "Hongda"
	case rules.Address:
		d.Holder.AddressEn = "Linyi"
	case rules.Model:
		d.ScopeEn = "Feed additives"
	case rules.Standard:
		d.Standards = []string{"GB/T 19001-2016"}
	default:
		d.Marks = []string{"01"}
	}
	return d
}

// by returns who takes an action by right, and with which signatures.
func by(a rules.Action) (actor string, signers []exec.Signer) {
	switch {
	case a == rules.Annul:
		return cqc, append(body(cqc), head(samr)...)
	case a == rules.Transfer:
		return cqm, append(body(cqm), body(cqc)...)
	case a.By() == rules.ByRegulator || a.By() == rules.ByGovernance:
		return samr, head(samr)
	}
	return cqc, body(cqc)
}

// message returns a message, in order in itself, that takes an action on a
// certificate of CQC; nil for what time alone does. order is an open order and
// record what a reversal names.
func (w *world) message(f rules.Family, a rules.Action, ref rules.Ref, order, record uint32) proto.Message {
	text := details(f)
	if ok, _ := texts.Has(w.state, ref); ok {
		text = w.text(ref)
	}
	number, issuer, decided := ref.Number, ref.Issuer, w.day()
	renewed := w.certificate(f, "N-2")
	if f == rules.CCC {
		renewed.Number = "2013010702607951"
	}
	switch a {
	case rules.Issue:
		return &certificatev1.Issue{Certificate: w.certificate(f, number), Decided: decided}
	case rules.Import:
		return &certificatev1.Import{Certificate: w.certificate(f, number), Decided: decided, Status: certificatev1.Status_STATUS_VALID}
	case rules.Suspend:
		return &certificatev1.Suspend{Number: number, Issuer: issuer, Decided: decided, Reason: reasonFor(f, a), Until: decided + 30}
	case rules.Reinstate:
		return &certificatev1.Reinstate{Number: number, Issuer: issuer, Decided: decided}
	case rules.Revoke:
		return &certificatev1.Revoke{Number: number, Issuer: issuer, Decided: decided, Reason: reasonFor(f, a)}
	case rules.Cancel:
		return &certificatev1.Cancel{Number: number, Issuer: issuer, Decided: decided, Reason: reasonFor(f, a)}
	case rules.Correct:
		text.ScopeZh = "勘误"
		return &certificatev1.Correct{Number: number, Issuer: issuer, Decided: decided, Note: "erratum", Details: text}
	case rules.Annul:
		return &certificatev1.Annul{Number: number, Issuer: issuer, Decided: decided, Note: "filed in error"}
	case rules.Reverse:
		return &certificatev1.ReverseDecision{Number: number, Issuer: issuer, Record: record, Note: "appeal"}
	case rules.Renew:
		return &certificatev1.Renew{Number: number, Issuer: issuer, Decided: decided, Certificate: renewed, ReissueReason: "0102"}
	case rules.Transfer:
		if f == rules.CCC {
			renewed.Number = "2013020702607951" // of another body
		}
		renewed.Expires = min(renewed.Expires, expiryOf(w, ref))
		return &certificatev1.Transfer{Number: number, Issuer: issuer, Decided: decided, Certificate: renewed}
	case rules.Order:
		return &certificatev1.FileOrder{Number: number, Issuer: issuer, Decided: decided, Note: "look into it", Due: decided + 10}
	case rules.CloseOrder:
		return &certificatev1.CloseOrder{Number: number, Issuer: issuer, Decided: decided, Order: order}
	case rules.Flag:
		return &certificatev1.Flag{Number: number, Issuer: issuer, Decided: decided, Note: "warning"}
	case rules.Unflag:
		return &certificatev1.Unflag{Number: number, Issuer: issuer, Decided: decided}
	case rules.Lapse, rules.Overdue:
		return nil
	}
	return &certificatev1.Amend{
		Number: number, Issuer: issuer, Decided: decided, Action: certificatev1.Action(a),
		ChangeType: changeFor(f, a), Details: amended(f, a, text),
	}
}

func expiryOf(w *world, ref rules.Ref) int32 {
	if h, ok, _ := Head(w.state, ref); ok {
		return int32(h.Expires)
	}
	return w.day() + 100
}
