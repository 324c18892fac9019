package rules

import (
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// MaxRecordSigners bounds the signers that a record names.
const MaxRecordSigners = 16

// Record is one entry of a certificate's history. It never changes.
type Record struct {
	N      uint32 // from 1
	Action Action
	From   Status // the effective status before; None for the first record
	// After is the certificate after the act: so one record says everything of
	// it until the next. Its Records is N.
	After Head

	ChangeType    string // of an amendment, from the family's table
	ReissueReason string // why there is a new paper, if there is

	// Actor and Signers are who did it: the member and the keys that signed. Both
	// are empty for the chain, and for governance, whose proposal says who decided.
	Actor   string
	Signers []Signer
	// Decided is the civil date of the decision, Height and Time those of the
	// block that recorded it. Time is UTC.
	Decided civil.Date
	Height  uint64
	Time    time.Time
	Tx      sm3.Hash // SM3 of the transaction's body; zero for the chain

	Evidence []sm3.Hash // ids of evidence anchors
	// DetailsBefore is SM3 of the encoded Details before; zero where the act
	// leaves them as they are, and in the first record.
	DetailsBefore sm3.Hash
	Link          Ref    // the other certificate of a renewal or transfer
	Reverses      uint32 // of a reversal: the n of the record it reverses
	Imported      bool
	Note          string // grounds in words, at most MaxNote bytes
}

// Signer is a key that an act relies on.
type Signer struct {
	Member string
	Key    [33]byte // compressed SM2 public key
	Duty   uint8    // number of the exec.Duty
}

// Check reports how the parts of r break the rules, as a refusal.
func (r *Record) Check() error {
	if r.N == 0 {
		return CodeRecord.Refuse("no number")
	}
	if r.N != r.After.Records {
		return CodeRecord.Refuse("record %d of a certificate with %d records", r.N, r.After.Records)
	}
	if !r.Action.Known() {
		return CodeAction.Refuse("action %d", r.Action)
	}
	if err := r.After.Check(); err != nil {
		return err
	}
	to, code := Next(r.After.Family, r.From, r.Action)
	if code != nil {
		return code.Refuse("%v of a certificate that is %v", r.Action, r.From)
	}
	if to != AsStated && to != r.After.Status {
		return CodeRecord.Refuse("%v leads to %v, not %v", r.Action, to, r.After.Status)
	}
	chain := r.Action.By() == ByChain
	nobody := chain || r.Action.By() == ByGovernance
	switch {
	case (r.N == 1) != (r.From == None):
		return CodeRecord.Refuse("record %d of a certificate that was %v", r.N, r.From)
	case r.Action == Import && r.After.Status == Annulled:
		return CodeRecord.Refuse("an annulled certificate is not imported")
	case nobody != (r.Actor == "") || nobody != (len(r.Signers) == 0) || chain != r.Tx.IsZero():
		return CodeRecord.Refuse("actor, signers and transaction of %v", r.Action)
	case !r.Decided.Valid():
		return CodeDate.Refuse("decided: %v", r.Decided)
	case r.Height == 0 || r.Time.UnixNano() <= 0:
		return CodeRecord.Refuse("no block")
	case r.Decided > civil.DateOf(r.Time):
		return CodeFuture.Refuse("decided on %v, recorded on %v", r.Decided, civil.DateOf(r.Time))
	case r.N == 1 && !r.DetailsBefore.IsZero():
		return CodeRecord.Refuse("details before the first record")
	case r.DetailsBefore == r.After.Details:
		return CodeRecord.Refuse("details that do not change")
	case (r.Action == Renew || r.Action == Transfer) == r.Link.IsZero():
		return CodeRecord.Refuse("link of %v", r.Action)
	case (r.Action == Reverse) != (r.Reverses != 0) || r.Reverses >= r.N:
		return CodeRecord.Refuse("record %d reverses %d", r.N, r.Reverses)
	case len(r.Signers) > MaxRecordSigners:
		return CodeCount.Refuse("%d signers, at most %d", len(r.Signers), MaxRecordSigners)
	}
	return r.checkTexts()
}

func (r *Record) checkTexts() error {
	if err := r.checkReason(); err != nil {
		return err
	}
	if err := CheckReissueReason(r.Action, r.ReissueReason); err != nil {
		return err
	}
	if err := CheckChangeType(r.After.Family, r.Action, r.ChangeType); err != nil {
		return err
	}
	if !r.Link.IsZero() {
		if err := r.Link.Check(); err != nil {
			return err
		}
	}
	if r.Note != "" {
		if err := checkText("note", r.Note, MaxNote); err != nil {
			return err
		}
	}
	if r.Actor != "" {
		if err := checkText("actor", r.Actor, 64); err != nil {
			return err
		}
	}
	for _, s := range r.Signers {
		if err := checkText("signer", s.Member, 64); err != nil {
			return err
		}
		if s.Duty == 0 || s.Key[0] != 2 && s.Key[0] != 3 {
			return CodeRecord.Refuse("signer of %s", s.Member)
		}
	}
	return checkHashes("evidence", r.Evidence)
}

// checkReason holds the reason of the status after the act against the act; that
// it is one of the status, Standing.Check has seen.
func (r *Record) checkReason() error {
	rules := r.After.Family.Rules()
	want := r.After.Reason
	switch r.Action {
	case Suspend, Revoke, Cancel:
		return CheckReason(r.After.Family, r.Action, r.After.Reason)
	case Lapse:
		want = rules.Lapses.Reason
	case Renew, Transfer:
		if r.From != None {
			want = rules.Replaced.Reason
		}
	default:
	}
	if want != r.After.Reason {
		return CodeReason.Refuse("%q of %v in %v", r.After.Reason, r.Action, r.After.Family)
	}
	return nil
}
