package apptest

import (
	"context"
	"encoding/hex"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/governance"
	"github.com/hallmark-ledger/hallmark/x/member"
	"github.com/hallmark-ledger/hallmark/x/tx"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// simulation runs a chain and the model side by side.
type simulation struct {
	net   *Network
	g     *Gen
	model *model
	// seen counts what was done and refused, by kind of message and by code.
	seen map[string]int
}

// simulated is a genesis in which much is possible.
func simulated() *app.Genesis {
	g := wide()
	g.Member.Grants[1].Schemes = []string{"A01", "B01"}
	g.Member.Grants = append(g.Member.Grants, member.GenesisGrant{
		Body: "cqc", From: "2020-01-01", Until: "2029-12-31",
		Grant: member.Grant{By: "cnas", Mark: "01", Number: "L0001", Schemes: []string{"A01", "B01"}},
	})
	return g
}

func newSimulation(g *app.Genesis) (*simulation, error) {
	net, err := New(context.Background(), g, Options{CheckEvery: 1, Retain: 16})
	if err != nil {
		return nil, err
	}
	return &simulation{net, &Gen{}, newModel(g), map[string]int{}}, nil
}

// newModel is the model of a genesis.
func newModel(g *app.Genesis) *model {
	m := &model{
		params: map[int]uint64{}, thresholds: map[int][2]int{}, nonces: map[pub]nonceWindow{}, members: map[string]party{}, keys: map[pub]key{},
		taken: map[string]bool{}, grants: map[string][]grant{}, seals: map[pub]sealKey{}, conflicts: map[conflict]string{}, certs: map[Ref]cert{}, releases: map[[2]string]int{}, anchors: map[sm3.Hash]string{}, products: map[string]article{},
	}
	p := g.Governance.Parameters
	for i, v := range []uint64{
		p.MaxExpirySeconds, p.QuotaBlock, p.QuotaMempool, p.MaxMessages, p.MaxSigners, p.MaxTxBytes,
		p.ActivationBlocks, p.KeyDelaySeconds, p.ProposalSeconds, p.SweepPerBlock, p.MaxImportSeconds, p.MaxImportRecords,
	} {
		m.params[i+1] = v
	}
	for _, t := range p.Thresholds {
		m.thresholds[int(t.Kind)] = [2]int{int(t.Numerator), int(t.Denominator)}
	}
	for _, e := range g.Member.Members {
		x := party{status: "active", approval: e.ApprovalNumber, registration: e.USCC, marks: e.Marks, versions: 1}
		for _, r := range e.Roles {
			x.roles = append(x.roles, int(r))
		}
		m.members[e.ID] = x
	}
	for _, e := range g.Member.Keys {
		m.keys[pub(e.Key)] = key{member: e.Member, duty: e.Duty, holder: e.Holder}
		m.taken[string(e.Key[1:])] = true
	}
	for _, e := range g.Member.Grants {
		from, _ := civil.Parse(e.From)
		until, _ := civil.Parse(e.Until)
		m.give(e.Body, grant{by: e.By, mark: e.Mark, schemes: e.Schemes, from: int(from), until: int(until)})
	}
	s := set{int64(g.Validator.Sets[0].Begin), map[string]val{}}
	for _, e := range g.Validator.Sets[0].Validators {
		c, _ := hex.DecodeString(e.ConsensusKey)
		k, _ := hex.DecodeString(e.SealKey)
		s.vals[e.Name] = val{e.Member, string(c), pub(k), e.Power}
		m.taken["consensus "+string(c)], m.taken[string(k[1:])] = true, true
		m.seals[pub(k)] = sealKey{}
	}
	m.sets = []set{s}
	return m
}

// block runs a block of random transactions on both, and compares.
func (s *simulation) block(r *rand.Rand) error {
	g := s.g
	g.Choose = r.IntN
	after := pace(r)
	if r.IntN(40) == 0 {
		after = 300 * 24 * time.Hour
	}
	g.Now, g.Height = s.net.Now().Add(after), s.net.Height()+1
	g.Known, g.Open = s.model.known()
	g.Products, g.Held = s.model.traced()
	var drafts []Draft
	for range r.IntN(7) {
		drafts = append(drafts, g.Tx())
	}
	if r.IntN(3) == 0 {
		g.Proposals = uint64(len(s.model.proposals)) // the next is the next
		drafts = append(g.decide(g.Action()), drafts...)
	}
	err := s.run(after, drafts...)
	g.Proposals = uint64(len(s.model.proposals))
	return err
}

// known are the certificates that are there, and the open proposals.
func (m *model) known() (refs []Ref, open []uint64) {
	refs = slices.SortedFunc(maps.Keys(m.certs), func(a, b Ref) int { return strings.Compare(a.Issuer+a.Number, b.Issuer+b.Number) })
	for i, p := range m.proposals {
		if m.status(p) == "open" {
			open = append(open, uint64(i+1))
		}
	}
	return refs, open
}

// run runs transactions in a block on both, and compares.
func (s *simulation) run(after time.Duration, drafts ...Draft) error {
	var raw [][]byte
	for _, d := range drafts {
		b, err := d.TrySign()
		if err != nil {
			return fmt.Errorf("%v: %w", d.Body(), err)
		}
		raw = append(raw, b)
	}
	b := s.net.Next(after, raw...)
	res, err := s.net.Run(context.Background(), b)
	if err != nil {
		return err
	}
	s.model.begin(b.Height, b.Time)
	for i, d := range drafts {
		body := d.Body()
		if err := s.compareResult(body, res.TxResults[i], s.model.deliver(body)); err != nil {
			return fmt.Errorf("height %d, transaction %d: %w\n%v", b.Height, i, err, body)
		}
	}
	s.model.endBlock()
	if err := s.compare(); err != nil {
		return fmt.Errorf("after height %d: %w", b.Height, err)
	}
	return nil
}

// compareResult holds what the ledger said of a transaction against the model.
func (s *simulation) compareResult(body *txv1.Body, got *abci.ExecTxResult, want outcome) error {
	if len(want.whole) > 0 {
		s.seen[fmt.Sprint(got.Code)]++
		if !slices.Contains(want.whole, got.Code) || got.Data != nil {
			return fmt.Errorf("the transaction: code %d (%s), the model has %v", got.Code, got.Log, want.whole)
		}
		return nil
	}
	var results txv1.Results
	if err := proto.Unmarshal(got.Data, &results); err != nil {
		return err
	}
	if len(results.Codes) != len(want.messages) {
		return fmt.Errorf("code %d (%s): %d results, the model has %v", got.Code, got.Log, len(results.Codes), want.messages)
	}
	for i, code := range results.Codes {
		name := string(body.Messages[i].ProtoReflect().WhichOneof(body.Messages[i].ProtoReflect().Descriptor().Oneofs().Get(0)).Name())
		if code == 0 {
			s.seen[name]++
		} else {
			s.seen[fmt.Sprint(code)]++
		}
		if (code == 0) != (len(want.messages[i]) == 0) || code != 0 && !slices.Contains(want.messages[i], code) {
			return fmt.Errorf("message %d, %s: code %d, the model has %v\n%s", i, name, code, want.messages[i], got.Log)
		}
	}
	return nil
}

// compare holds the state of the ledger against that of the model.
func (s *simulation) compare() error {
	r, err := s.net.View()
	if err != nil {
		return err
	}
	for _, f := range []func(*app.Reader) error{
		s.model.compareMembers, s.model.compareKeys, s.model.compareGovernance, s.model.compareValidators, s.model.compareCertificates, s.model.compareEvidence, s.model.compareTraces,
	} {
		if err := f(r); err != nil {
			return err
		}
	}
	return nil
}

func (m *model) compareMembers(r *app.Reader) error {
	for _, id := range memberIDs {
		want, there := m.members[id]
		got, ok, err := r.Member.MemberAt(r, id, m.now)
		if err != nil || ok != there {
			return fmt.Errorf("member %s: there %v, in the model %v (%w)", id, ok, there, err)
		}
		if !ok {
			continue
		}
		var roles []int
		for _, role := range got.Roles {
			roles = append(roles, int(role))
		}
		have := party{
			roles: roles, marks: got.Marks, status: got.Status.String(), stopped: got.Stopped, caretaker: got.Caretaker,
			approval: got.ApprovalNumber, registration: want.registration, versions: int(got.Version), gone: want.gone,
		}
		if fmt.Sprint(have) != fmt.Sprint(want) {
			return fmt.Errorf("member %s: %v, the model has %v", id, have, want)
		}
		for _, scheme := range []string{"A010101", "A020101", "B01", "B0301", "C01"} {
			for _, mark := range []string{"", "01"} {
				for _, day := range []int{m.day(), m.day() - 1, m.day() - 50} {
					got, err := r.Member.Covers(r, id, scheme, civil.Date(day))
					if mark != "" {
						got, err = r.Member.Accredited(r, id, mark, scheme, civil.Date(day))
					}
					if err != nil || got != m.covered(id, mark, scheme, day) {
						return fmt.Errorf("member %s, %s with %q on %d: %v, the model has %v (%w)", id, scheme, mark, day, got, !got, err)
					}
				}
			}
		}
	}
	return nil
}

func (m *model) compareKeys(r *app.Reader) error {
	n := 0
	for p, want := range m.keys {
		n++
		got, ok, err := r.Member.KeyRecord(r, p)
		if err != nil || !ok {
			return fmt.Errorf("key %x: %v, %w", p, ok, err)
		}
		ended := ""
		if got.End.Reason != 0 {
			ended = got.End.Reason.String()
		}
		facts, _, err := r.Member.Key(r, p, m.now)
		if err != nil || facts.Usable != m.usable(want) || ended != want.ended || got.Member != want.member || got.Holder != want.holder ||
			got.Compromise.Since.Unix() != want.compromised.Unix() || pub(got.Replaces) != want.replaces {
			return fmt.Errorf("key %x of %s: %+v %q, the model has %+v (%w)", p, want.member, got, facts.Reason, want, err)
		}
		w, err := tx.Nonces(r, p)
		if err != nil || w.Highest() != m.nonces[p].highest {
			return fmt.Errorf("key %x: the highest nonce is %d, the model has %d (%w)", p, w.Highest(), m.nonces[p].highest, err)
		}
		for nonce := max(w.Highest(), 12) - 11; nonce < w.Highest(); nonce++ {
			if (w.Check(nonce) != nil) != m.nonces[p].used[nonce] {
				return fmt.Errorf("key %x: nonce %d: %v, the model has %v", p, nonce, w.Check(nonce), m.nonces[p].used[nonce])
			}
		}
	}
	all := 0
	for _, id := range memberIDs {
		for cursor := []byte(nil); ; {
			list, next, err := r.Member.Keys(r, id, cursor, 100)
			if err != nil {
				return err
			}
			all += len(list)
			if cursor = next; next == nil {
				break
			}
		}
	}
	if all != n {
		return fmt.Errorf("%d keys, the model has %d", all, n)
	}
	return nil
}

func (m *model) compareGovernance(r *app.Reader) error {
	p, err := r.Governance.Params(r)
	if err != nil {
		return err
	}
	have := newModel(&app.Genesis{Governance: governance.Genesis{Parameters: &p}, Validator: Validators(1, 1)})
	if !maps.Equal(have.params, m.params) || !maps.Equal(have.thresholds, m.thresholds) {
		return fmt.Errorf("parameters %v %v, the model has %v %v", have.params, have.thresholds, m.params, m.thresholds)
	}
	list, err := r.Governance.Proposals(r, 1, len(m.proposals)+1)
	if err != nil || len(list) != len(m.proposals) {
		return fmt.Errorf("%d proposals, the model has %d (%w)", len(list), len(m.proposals), err)
	}
	for i, got := range list {
		want := m.proposals[i]
		if got.Status.String() != want.status || got.Proposer != want.proposer || got.Expires != want.expires ||
			want.status == "failed" && !slices.Contains(want.failure, got.Failure.Code) {
			return fmt.Errorf("proposal %d: %v %v of %s, the model has %s %v of %s\n%v", got.Number, got.Status, got.Failure, got.Proposer, want.status, want.failure, want.proposer, want.actions)
		}
	}
	for i, w := range m.windows {
		used, err := certificate.Imported(r, w.body, uint64(i+1))
		if err != nil || used != w.imported {
			return fmt.Errorf("import window %d: %d used, the model has %d (%w)", i+1, used, w.imported, err)
		}
	}
	for _, u := range m.upgrades {
		got, ok, err := r.Governance.UpgradeAt(r, u.height)
		if err != nil || !ok || got.AppVersion != u.version {
			return fmt.Errorf("upgrade %v: %v, %v, %w", u, got, ok, err)
		}
	}
	return nil
}

func (m *model) compareValidators(r *app.Reader) error {
	sets, err := r.Validator.Sets(r, 0, len(m.sets)+1)
	if err != nil || len(sets) != len(m.sets) {
		return fmt.Errorf("%d validator sets, the model has %d (%w)", len(sets), len(m.sets), err)
	}
	for i, got := range sets {
		have := set{int64(got.Begin), map[string]val{}}
		for _, v := range got.Validators {
			have.vals[v.Name] = val{v.Member, string(v.ConsensusKey[:]), pub(v.SealKey), v.Power}
		}
		if want := m.sets[i]; have.begin != want.begin || !maps.Equal(have.vals, want.vals) {
			return fmt.Errorf("validator set %d: %v, the model has %v", i, have, want)
		}
	}
	reported := map[conflict]string{}
	err = r.Validator.Conflicts(r, validator.ConflictID{}, func(id validator.ConflictID, v validator.Conflict) (bool, error) {
		reported[conflict{pub(id.Key), id.Height}] = v.Reporter
		return true, nil
	})
	if err != nil || !maps.Equal(reported, m.conflicts) {
		return fmt.Errorf("conflicts %v, the model has %v (%w)", reported, m.conflicts, err)
	}
	return nil
}

func (m *model) compareCertificates(r *app.Reader) error {
	issuers := map[string][]string{}
	for ref, want := range m.certs {
		if err := m.compareCertificate(r, ref, want); err != nil {
			return fmt.Errorf("certificate %v: %w", ref, err)
		}
		issuers[ref.Number] = append(issuers[ref.Number], ref.Issuer)
		family := want.family
		scope := scopeOf(family, want.scheme, ref.Number)
		got, err := certificate.BarredUntil(r, want.holder, scope)
		if err != nil || int(got) != m.barredUntil(want.holder, scope) {
			return fmt.Errorf("%s is barred from %s until %v, the model has %v (%w)", want.holder, scope, got, civil.Date(m.barredUntil(want.holder, scope)), err)
		}
	}
	for number, want := range issuers {
		got, err := certificate.Issuers(r, number)
		if slices.Sort(want); err != nil || !slices.Equal(got, want) {
			return fmt.Errorf("number %s is of %v, the model has %v (%w)", number, got, want, err)
		}
	}
	return nil
}

var statusNames = map[rules.Status]string{1: "valid", 2: "suspended", 3: "revoked", 4: "cancelled", 5: "expired", 6: "annulled"}

func (m *model) compareCertificate(r *app.Reader, ref Ref, want cert) error {
	h, ok, err := certificate.Head(r, rules.Ref(ref))
	if err != nil || !ok {
		return fmt.Errorf("%v, %w", ok, err)
	}
	have := state{
		status: statusNames[h.Status], reason: h.Reason, since: int(h.Since), from: int(h.SuspendedFrom), until: int(h.SuspendedUntil),
		overdue: h.Flags&rules.FlagOverdue != 0, replaced: h.Flags&rules.FlagReplaced != 0, reversed: h.Flags&rules.FlagReversed != 0,
	}
	if have != want.state {
		return fmt.Errorf("%+v, the model has %+v", have, want.state)
	}
	due := 0
	for _, o := range want.orders {
		if o.open && (due == 0 || o.due < due) {
			due = o.due
		}
	}
	one := fmt.Sprint(h.Scheme, h.Holder, int(h.FirstIssued), int(h.Issued), int(h.Expires), h.Version, h.Records, int(h.OrderDue),
		h.Flags&rules.FlagImported != 0, h.Flags&rules.FlagRegulator != 0, h.Flags&rules.FlagSub != 0, h.Flags&rules.FlagComponents != 0)
	other := fmt.Sprint(want.scheme, want.holder, want.first, want.issued, want.expires, want.version, len(want.history), due,
		want.imported, len(want.flags) > 0, want.text.main != Ref{}, want.text.components != "")
	if one != other {
		return fmt.Errorf("%s, the model has %s", one, other)
	}
	// What holds now, whatever the chain has got to.
	now, _ := m.nowOf(ref)
	e := rules.Effective(h.Standing, m.now, rules.Facts{})
	if statusNames[e.Status] != now.status || e.Reason != now.reason || int(e.Since) != now.since || e.Flags&rules.FlagOverdue != 0 != now.overdue {
		return fmt.Errorf("effective: %+v, the model has %+v", e, now.state)
	}
	// The history: what held on a day is what its last record of the day says.
	last := want.history[len(want.history)-1]
	rec, ok, err := certificate.Record(r, rules.Ref(ref), h.Records)
	if err != nil || !ok || rec.Action.String() != last.action || int(rec.Decided) != last.decided || statusNames[rec.From] != last.was {
		return fmt.Errorf("the last record is %v of %v from %v, the model has %+v (%w)", rec.Action, rec.Decided, rec.From, last, err)
	}
	return nil
}

// TestSimulation runs random transactions of all kinds against the model. After
// each block: the same answers, the same state, and all invariants.
//
// There are few long runs, since much has to happen before more can;
// -rapid.checks makes more.
func TestSimulation(t *testing.T) {
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		checks := "6"
		if testing.Short() {
			checks = "10" // of which rapid takes a fifth
		}
		if err := f.Value.Set(checks); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := f.Value.Set(f.DefValue); err != nil {
				t.Error(err)
			}
		}()
	}
	seen := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		s, err := newSimulation(simulated())
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := s.net.Close(); err != nil {
				t.Error(err)
			}
		}()
		for i, seed := range rapid.SliceOfN(rapid.Uint64(), 40, 80).Draw(t, "blocks") {
			if err := s.block(rand.New(rand.NewPCG(seed, uint64(i)))); err != nil {
				t.Fatal(err)
			}
		}
		for k, n := range s.seen {
			seen[k] += n
		}
	})
	var lines []string
	for k, n := range seen {
		lines = append(lines, fmt.Sprintf("%s %d", k, n))
	}
	slices.Sort(lines)
	t.Log(strings.Join(lines, ", "))
}

// TestModelOfTraces is a simulation with traces and what they need alone.
func TestModelOfTraces(t *testing.T) {
	s, err := newSimulation(simulated())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.net.Close(); err != nil {
			t.Error(err)
		}
	}()
	s.g.Kinds = []string{
		"issue", "anchor_evidence", "register_product", "capture_events", "link_certificates", "set_reporters", "recall", "lift_recall",
	}
	r := rand.New(rand.NewPCG(7, 7))
	for range 240 {
		if err := s.block(r); err != nil {
			t.Fatal(err)
		}
	}
	for _, what := range append(s.g.Kinds[2:], "600", "601", "602", "603", "604", "607", "608", "609", "610", "611", "612", "613", "614", "615", "616", "617", "618", "619", "620") {
		if s.seen[what] == 0 {
			t.Errorf("never seen: %s", what)
		}
	}
	t.Log(s.seen)
}

// TestModelOfImports takes the model through what a random run seldom gets to:
// imports with a past, transfers between two bodies, of a body that has ended,
// and orders that are closed.
func TestModelOfImports(t *testing.T) {
	s, err := newSimulation(simulated())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.net.Close(); err != nil {
			t.Error(err)
		}
	}()
	s.g.Choose = func(int) int { return 0 }
	run := func(after time.Duration, drafts ...Draft) {
		t.Helper()
		if err := s.run(after, drafts...); err != nil {
			t.Fatal(err)
		}
		s.g.Now = s.net.Now().Add(time.Second)
		s.g.Proposals = uint64(len(s.model.proposals))
	}
	send := func(keys []string, list ...*txv1.Message) {
		t.Helper()
		run(time.Second, Draft{Nonce: s.g.nonce(keys[0]), Keys: keys, Mode: txv1.Mode_MODE_EACH, Expiry: s.net.Now().Add(time.Hour), Messages: list})
	}
	s.g.Now = s.net.Now().Add(time.Second)
	now, day := s.net.Now().Unix(), int32(civil.DateOf(s.net.Now()))
	old := func(number, scheme string, expires int32) *certificatev1.Certificate {
		return &certificatev1.Certificate{Number: number, Scheme: scheme, Holder: Holder, FirstIssued: day - 900, Issued: day - 900, Expires: expires, Details: Text(scheme)}
	}
	run(time.Second, s.g.decide(action(&governancev1.OpenImportWindow{Body: "cqc", From: now, Until: now + 30*86400, MaxRecords: 6}))...)
	send(eyes("cqc"),
		msg(&certificatev1.Import{Certificate: old("O-1", "A010101", day+100), Decided: day - 900, Status: 1, Decisions: []*certificatev1.PastDecision{
			{Action: 3, Decided: day - 800, Reason: "0116", SuspendedUntil: day - 700}, {Action: 4, Decided: day - 750}, {Action: 5, Decided: day - 30, Reason: "0114"},
		}}),
		msg(&certificatev1.Import{Certificate: old("O-2", "A010101", day-100), Decided: day - 900, Status: 2, Reason: "0116", SuspendedFrom: day - 900, SuspendedUntil: day - 600}),
		msg(&certificatev1.Import{Certificate: old("O-3", "B0301", day+3), Decided: day - 900, Status: 1}),
		msg(&certificatev1.Import{Certificate: old("O-3", "B0301", day+3), Decided: day - 900, Status: 1}),
		msg(&certificatev1.Import{Certificate: old("O-4", "C01", day+3000), Decided: day - 900, Status: 5}),
		msg(&certificatev1.Import{Certificate: old("O-5", "C01", day+3000), Decided: day - 900, Status: 1, Decisions: []*certificatev1.PastDecision{{Action: 6, Decided: day}}}),
		msg(&certificatev1.Import{Certificate: old("O-6", "C01", day+3000), Decided: day - 900, Status: 4}),
		msg(&certificatev1.Import{Certificate: old("O-7", "C01", day+3000), Decided: day - 900, Status: 1}),
		msg(&certificatev1.Import{Certificate: old("O-8", "C01", day+3000), Decided: day - 900, Status: 1}), // one too many
		Issue("Q-1", civil.Date(day)), // the holder is barred by O-1
	)
	send([]string{"cnca/approver"},
		msg(&certificatev1.FileOrder{Issuer: CQC, Number: "O-7", Decided: day, Note: "look into it", Due: day}),
		msg(&certificatev1.FileOrder{Issuer: CQC, Number: "O-7", Decided: day, Note: "again", Due: day + 9}),
		msg(&certificatev1.CloseOrder{Issuer: CQC, Number: "O-7", Decided: day, Order: 3}),
	)
	send([]string{"samr-bj/approver"}, msg(&certificatev1.CloseOrder{Issuer: CQC, Number: "O-7", Decided: day, Order: 2}))
	run(5 * 24 * time.Hour)
	day += 5

	mine := func(number string, expires int32) *certificatev1.Certificate {
		c := old(number, "A010101", expires)
		c.FirstIssued, c.Issued, c.Holder = day, day, holders[2]
		return c
	}
	send(eyes("cqc"), msg(&certificatev1.Issue{Certificate: mine("T-1", day+500), Decided: day}), msg(&certificatev1.Issue{Certificate: mine("T-2", day+500), Decided: day}))
	move := func(number string, expires int32) *txv1.Message {
		return msg(&certificatev1.Transfer{Issuer: CQC, Number: number, Decided: day, Certificate: mine("M-"+number, expires)})
	}
	send(eyes("cqm"), move("T-1", day+400))
	send(append(eyes("cqm"), eyes("cqc")...), move("T-1", day+501), move("T-1", day+500), move("T-1", day+400))
	run(time.Second, s.g.decide(action(&memberv1.SuspendMember{Member: "cqc", Reason: "fees"}))...)
	send(eyes("cqm"), move("T-2", day+400))
	run(time.Second, s.g.decide(action(&certificatev1.ReleaseCertificates{Issuer: CQC, Receiver: "cqm", Until: day + 10}))...)
	send(eyes("cqm"), move("T-2", day+400))
	run(800 * 24 * time.Hour)
	for _, kind := range []string{"import", "transfer", "close_order", "issue", "file_order"} {
		if s.seen[kind] == 0 {
			t.Errorf("no %s was done", kind)
		}
	}
	t.Log(s.seen)
}
