package cli

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/evidence"
)

// anchorJSON is an anchor of a manifest, as JSON.
type anchorJSON struct {
	Number uint64     `json:"number"` // in the manifest, from 1
	ID     string     `json:"id"`
	Root   string     `json:"root"`
	First  uint64     `json:"first"` // number of its first leaf in the manifest, from 1
	Leaves uint64     `json:"leaves"`
	From   time.Time  `json:"from"`
	To     time.Time  `json:"to"`
	Height uint64     `json:"height,omitempty"` // of the block that has it; none if it is not filed
	Time   *time.Time `json:"time,omitempty"`
	Tx     string     `json:"tx,omitempty"`
}

func anchorOf(a *evidence.Anchor) anchorJSON {
	j := anchorJSON{
		Number: a.Number, ID: a.ID.String(), Root: a.Root.String(), First: a.First + 1, Leaves: a.Leaves, From: a.From, To: a.To,
	}
	if o := a.Outcome; o != nil {
		at := time.Unix(0, o.Time).UTC()
		j.Height, j.Time, j.Tx = o.Height, &at, o.Tx.String()
	}
	return j
}

// manifestJSON is what a manifest has, as JSON.
type manifestJSON struct {
	Manifest  string       `json:"manifest"`
	Member    string       `json:"member"`
	Kind      string       `json:"kind"`
	Subject   string       `json:"subject"`
	Method    string       `json:"method,omitempty"`
	Retention string       `json:"retention"`
	Files     int64        `json:"files,omitempty"`   // of this run
	Bytes     int64        `json:"bytes,omitempty"`   // of those
	Known     int64        `json:"known,omitempty"`   // of the files: not read again
	Skipped   int64        `json:"skipped,omitempty"` // links, devices and what was told to be left out
	Anchors   []anchorJSON `json:"anchors"`
}

func manifestOf(path string, b *evidence.Begin, anchors []*evidence.Anchor) *manifestJSON {
	m := &manifestJSON{
		Manifest: path, Member: b.Anchor.Member, Kind: b.Anchor.Kind.String(), Subject: b.Anchor.Subject.String(),
		Method: b.Anchor.Method, Retention: b.Anchor.Retention.String(), Anchors: []anchorJSON{},
	}
	for _, a := range anchors {
		m.Anchors = append(m.Anchors, anchorOf(a))
	}
	return m
}

// anchorLine prints an anchor on one line.
func (s *session) anchorLine(a *evidence.Anchor) {
	if o := a.Outcome; o != nil {
		s.printf("anchor %d, leaves %d: recorded in block %d at %s, id %s", "锚定 %d，叶数 %d：区块 %d，记录时间 %s，标识 %s", a.Number, a.Leaves, o.Height, s.instant(time.Unix(0, o.Time)), a.ID)
		return
	}
	s.printf("anchor %d, leaves %d: not filed yet, id %s", "锚定 %d，叶数 %d：尚未提交，标识 %s", a.Number, a.Leaves, a.ID)
}

func (s *session) evidenceShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show MANIFEST",
		Short: s.language.of(say("Show the anchors of a manifest", "显示清单中的锚定")),
		Args:  args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, given []string) error {
			r, err := evidence.Open(given[0])
			if err != nil {
				return evidenceFault(given[0], err)
			}
			defer r.Close()
			m := manifestOf(given[0], r.Begin, r.Anchors)
			if s.json {
				return s.printJSON(m)
			}
			kind := r.Begin.Anchor.Kind.Words()
			s.facts(
				pair{say("member", "成员"), m.Member},
				pair{say("kind", "种类"), s.language.of(text{En: kind.English, Zh: kind.Chinese})},
				pair{say("subject", "对象"), m.Subject},
				pair{say("method", "方式"), m.Method},
				pair{say("source", "来源"), r.Begin.Path},
			)
			for _, a := range r.Anchors {
				s.anchorLine(a)
			}
			return nil
		},
	}
}

func (s *session) evidenceSubmit() *cobra.Command {
	f := new(filingFlags)
	c := &cobra.Command{
		Use:   "submit MANIFEST",
		Short: s.language.of(say("File the anchors of a manifest that the ledger does not have yet", "提交清单中尚未上链的锚定")),
		Long: s.language.of(say(`File the anchors of a manifest that the ledger does not have yet, in their order.
Nothing is filed twice, however often this is run.`,
			`按顺序提交清单中尚未上链的锚定。无论执行多少次，都不会重复提交。`)),
		Args: args(cobra.ExactArgs(1)),
	}
	s.filingFlags(c, f)
	c.RunE = func(c *cobra.Command, given []string) error {
		w, err := evidence.Append(given[0])
		if err != nil {
			return evidenceFault(given[0], err)
		}
		return s.fileAnchors(c.Context(), given[0], w, f, nil)
	}
	return c
}

// fileAnchors files what a manifest has, closes it, and prints how it then stands.
// The error has the exit code. m may be nil.
func (s *session) fileAnchors(ctx context.Context, path string, w *evidence.Writer, f *filingFlags, m *manifestJSON) (err error) {
	defer func() {
		if e := w.Close(); e != nil {
			err = errors.Join(err, e)
		}
	}()
	if !f.only && !filed(w.Anchors()) {
		maker, err := s.evidenceMaker(ctx, f)
		if err != nil {
			return err
		}
		if member := w.Begin.Anchor.Member; maker.Parties[0].Member != member {
			return usage(sayf("The manifest is of %s, the key of %s.", "清单属于 %s，密钥属于 %s。", member, maker.Parties[0].Member))
		}
		waiting, cancel := context.WithTimeout(ctx, f.timeout)
		defer cancel()
		err = evidence.File(waiting, w, evidence.Network{Maker: maker}, s.againNote())
		if err == nil && f.sealed {
			err = maker.Client.WaitSealed(waiting, highest(w.Anchors()))
		}
		if err != nil {
			return s.unfiled(path, w, err)
		}
	}
	now := manifestOf(path, w.Begin, w.Anchors())
	if m != nil {
		now.Files, now.Bytes, now.Known, now.Skipped = m.Files, m.Bytes, m.Known, m.Skipped
	}
	if s.json {
		return s.printJSON(now)
	}
	for _, a := range w.Anchors() {
		s.anchorLine(a)
	}
	return nil
}

// unfiled says with an error that the manifest is good and what to do.
func (s *session) unfiled(path string, w *evidence.Writer, err error) error {
	if codeOf(err) != exitUnknown {
		return evidenceFault(path, err)
	}
	left := 0
	for _, a := range w.Anchors() {
		if a.Outcome == nil {
			left++
		}
	}
	if left == 0 {
		return err // it waited for the seal
	}
	return &failure{exitUnknown, sayf("%d anchors are in %s and not certain to be on the ledger: run hallmark evidence submit %[2]s; nothing is filed twice. %[3]s", "%[2]s 中有 %[1]d 个锚定尚不确定是否上链：请执行 hallmark evidence submit %[2]s，不会重复提交。%[3]s", left, path, adviceOf(err)), err}
}

func filed(anchors []*evidence.Anchor) bool {
	for _, a := range anchors {
		if a.Outcome == nil {
			return false
		}
	}
	return true
}

func highest(anchors []*evidence.Anchor) (height uint64) {
	for _, a := range anchors {
		height = max(height, a.Outcome.Height)
	}
	return height
}

// againNote returns what tells, now and then, why filing is tried again. Several
// goroutines may call it.
func (s *session) againNote() func(error) {
	var mu sync.Mutex
	var last time.Time
	return func(err error) {
		mu.Lock()
		defer mu.Unlock()
		if time.Since(last) < retryPause {
			return
		}
		last = time.Now()
		why := adviceOf(err)
		if r, ok := client.RefusalOf(err); ok {
			why = r.Text
		}
		if refused, ok := errors.AsType[*evidence.RefusedError](err); ok {
			why = refused.Refusal.Text
		}
		if why == (text{}) {
			why = say(err.Error(), err.Error())
		}
		s.notef("Filing is tried again: %s", "正在重试提交：%s", why)
	}
}
