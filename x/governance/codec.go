package governance

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	"github.com/hallmark-ledger/hallmark/store"
)

var paramsCodec = store.ValueFuncs[Params]{
	Encode: func(p Params) ([]byte, error) {
		m := &governancev1.Parameters{
			MaxExpirySeconds: p.MaxExpirySeconds, QuotaBlock: p.QuotaBlock, QuotaMempool: p.QuotaMempool,
			MaxMessages: p.MaxMessages, MaxSigners: p.MaxSigners, MaxTxBytes: p.MaxTxBytes,
			ActivationBlocks: p.ActivationBlocks, KeyDelaySeconds: p.KeyDelaySeconds, ProposalSeconds: p.ProposalSeconds,
			SweepPerBlock: p.SweepPerBlock, MaxImportSeconds: p.MaxImportSeconds, MaxImportRecords: p.MaxImportRecords,
		}
		for _, t := range p.Thresholds {
			m.Thresholds = append(m.Thresholds, &governancev1.Threshold{
				Kind: governancev1.ActionKind(t.Kind), Numerator: t.Numerator, Denominator: t.Denominator,
			})
		}
		return encode(m)
	},
	Decode: func(b []byte) (p Params, err error) {
		m := &governancev1.Parameters{}
		if err := decode(b, m); err != nil {
			return p, err
		}
		p = Params{
			m.MaxExpirySeconds, m.QuotaBlock, m.QuotaMempool, m.MaxMessages, m.MaxSigners, m.MaxTxBytes,
			m.ActivationBlocks, m.KeyDelaySeconds, m.ProposalSeconds, m.SweepPerBlock, m.MaxImportSeconds, m.MaxImportRecords, nil,
		}
		for _, t := range m.Thresholds {
			p.Thresholds = append(p.Thresholds, newThreshold(t))
		}
		return p, p.Check()
	},
}

func newThreshold(t *governancev1.Threshold) Threshold {
	return Threshold{Kind(t.GetKind()), t.GetNumerator(), t.GetDenominator()}
}

// The number of a proposal is its key, not part of the value.
var proposalCodec = store.ValueFuncs[Proposal]{
	Encode: func(p Proposal) ([]byte, error) {
		m := &governancev1.Proposal{
			Proposer: p.Proposer, Title: p.Title,
			Height: p.Height, Time: p.Time.UnixNano(), Expires: p.Expires, Status: governancev1.Status(p.Status),
			Regulators: uint32(p.Tally.Regulators), Needed: uint32(p.Tally.Needed),
			Approvals: uint32(p.Tally.Approvals), Rejections: uint32(p.Tally.Rejections),
			FailureCode: p.Failure.Code, FailureAction: uint32(p.Failure.Action), FailureDetail: p.Failure.Detail,
		}
		if !p.Document.IsZero() {
			m.Document = p.Document[:]
		}
		if p.Status != Open {
			m.ClosedHeight, m.ClosedTime = p.Closed, p.ClosedTime.UnixNano()
		}
		for _, a := range p.Actions {
			b, err := encode(a)
			if err != nil {
				return nil, err
			}
			m.Actions = append(m.Actions, b)
		}
		return encode(m)
	},
	Decode: func(b []byte) (p Proposal, err error) {
		m := &governancev1.Proposal{}
		if err := decode(b, m); err != nil {
			return p, err
		}
		p = Proposal{
			Proposer: m.Proposer, Title: m.Title, Height: m.Height, Time: instant(m.Time), Expires: m.Expires,
			Status: Status(m.Status), Closed: m.ClosedHeight,
			Tally:   Tally{int(m.Regulators), int(m.Needed), int(m.Approvals), int(m.Rejections)},
			Failure: Failure{m.FailureCode, int(m.FailureAction), m.FailureDetail},
		}
		if p.Status < Open || p.Status > Expired || m.Status > 255 {
			return p, fmt.Errorf("the status %d does not exist", m.Status)
		}
		if p.Status != Open {
			p.ClosedTime = instant(m.ClosedTime)
		}
		if len(m.Document) > 0 {
			if err := fill(p.Document[:], m.Document, "document"); err != nil {
				return p, err
			}
		}
		for i, b := range m.Actions {
			a := &governancev1.Action{}
			if err := decode(b, a); err != nil {
				return p, fmt.Errorf("action %d: %w", i+1, err)
			}
			p.Actions = append(p.Actions, a)
		}
		return p, nil
	},
}

var voteCodec = store.ValueFuncs[Vote]{
	Encode: func(v Vote) ([]byte, error) {
		return encode(&governancev1.Vote{Approve: v.Approve, Key: v.Key[:], Height: v.Height, Time: v.Time.UnixNano()})
	},
	Decode: func(b []byte) (v Vote, err error) {
		m := &governancev1.Vote{}
		if err := decode(b, m); err != nil {
			return v, err
		}
		v = Vote{Approve: m.Approve, Height: m.Height, Time: instant(m.Time)}
		return v, fill(v.Key[:], m.Key, "key")
	},
}

var windowCodec = store.ValueFuncs[ImportWindow]{
	Encode: func(w ImportWindow) ([]byte, error) {
		return encode(&governancev1.ImportWindow{From: w.From, Until: w.Until, MaxRecords: w.MaxRecords})
	},
	Decode: func(b []byte) (ImportWindow, error) {
		m := &governancev1.ImportWindow{}
		err := decode(b, m)
		return ImportWindow{m.From, m.Until, m.MaxRecords}, err
	},
}

// The height of an upgrade is its key.
var upgradeCodec = store.ValueFuncs[Upgrade]{
	Encode: func(u Upgrade) ([]byte, error) {
		return encode(&governancev1.Upgrade{Name: u.Name, AppVersion: u.AppVersion})
	},
	Decode: func(b []byte) (Upgrade, error) {
		m := &governancev1.Upgrade{}
		err := decode(b, m)
		return Upgrade{Name: m.Name, AppVersion: m.AppVersion}, err
	},
}

func instant(nanoseconds int64) time.Time { return time.Unix(0, nanoseconds).UTC() }

func encode(m proto.Message) ([]byte, error) {
	return proto.MarshalOptions{Deterministic: true}.Marshal(m)
}

// decode reads b into m and refuses any other encoding than encode's.
func decode(b []byte, m proto.Message) error {
	if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(b, m); err != nil {
		return err
	}
	again, err := encode(m)
	if err == nil && !bytes.Equal(again, b) {
		err = errors.New("not the one encoding of the value")
	}
	return err
}

// fill copies b to dst if it has the length for it.
func fill(dst, b []byte, what string) error {
	if len(b) != len(dst) {
		return fmt.Errorf("the %s has %d bytes, want %d", what, len(b), len(dst))
	}
	copy(dst, b)
	return nil
}
