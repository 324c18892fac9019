package browser_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/light"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/testnet/example"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// ledger is a network of real nodes and what there is on it. The first node hands
// out the trust card.
type ledger struct {
	*testing.T
	net    *runner.Network
	keys   generate.Keys
	client *client.Client
	nonces map[string]*client.Nonces
	card   *light.Card // signed by two regulators
	last   uint64      // height of the last transaction
	report anchored    // evidence about the power bank
	beside anchored    // an event of the power bank, beside its chain
	today  civil.Date
}

// The certificates on it, by number.
var (
	authentic = example.Number("PAGE", 1)
	suspended = example.Number("PAGE", 2)
	revoked   = example.Number("PAGE", 3)
	expired   = "00114E22766R2L/3502"
	unknown   = example.Number("PAGE", 999999)
)

const (
	issuer         = generate.ExampleCertNumber
	expiredIssuer  = "CNCA-R-2002-001"
	expiredValidOn = "2017-06-30"
	html           = `<img src=x onerror=alert(1)><b>示例`
)

// newLedger starts four nodes, files the certificates and makes the card.
func newLedger(t *testing.T) *ledger {
	t.Helper()
	ctx := t.Context()
	keys, err := generate.NewKeys(nil)
	check(t, err)
	summary, err := generate.Create(ctx, filepath.Join(t.TempDir(), "net"), generate.Options{
		ChainID: "hallmark-page", Keys: keys, Settings: []string{"consensus.timeout_commit=200ms", "consensus.gossip_interval=10ms"},
	})
	check(t, err)
	net, err := runner.New(ctx, summary, runner.Options{Env: []string{asNode + "=1"}})
	check(t, err)
	t.Cleanup(func() { check(t, net.Close()) })
	l := &ledger{T: t, net: net, keys: keys, nonces: map[string]*client.Nonces{}}
	check(t, net.Start(ctx))
	l.client, err = client.New(net.URLs(), client.Options{ChainID: net.ChainID, Patience: 30 * time.Second, Agent: "hallmark-page-test"})
	check(t, err)
	t.Cleanup(l.client.Close)
	s, err := l.client.Status(ctx)
	check(t, err)
	l.today = civil.DateOf(s.Time)
	l.file()
	l.trace()
	l.sealed()
	l.makeCard()
	return l
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// do submits messages signed by keys, waits for their block, and fails if anything
// was refused.
func (l *ledger) do(keys string, messages ...*txv1.Message) {
	l.Helper()
	m := &client.Maker{Client: l.client}
	for name := range strings.FieldsSeq(keys) {
		id, _, _ := strings.Cut(name, ".")
		m.Parties = append(m.Parties, client.Party{Member: id, Key: l.keys[name].Public(), Signer: l.keys[name]})
		if l.nonces[name] == nil {
			l.nonces[name] = l.client.Nonces(l.keys[name].Public(), nil)
		}
		if m.Nonces == nil {
			m.Nonces = l.nonces[name]
		}
	}
	ctx, cancel := context.WithTimeoutCause(l.Context(), time.Minute, fmt.Errorf("no block had the transaction within a minute"))
	defer cancel()
	draft, err := m.Draft(ctx, messages)
	check(l, err)
	check(l, m.Sign(ctx, draft))
	o, err := l.client.SubmitAndWait(ctx, draft.Bytes(), time.Unix(draft.Body().GetExpiry(), 0))
	check(l, err)
	if o.Result != client.Done {
		l.Fatalf("refused: %+v", *o.Transaction)
	}
	l.last = max(l.last, o.Transaction.Height)
}

const fourEyes = generate.ExampleCert + ".certifier " + generate.ExampleCert + ".approver"

// file files the certificates: three of an example body, and one that ended years
// ago, which is imported.
func (l *ledger) file() {
	today := int32(l.today)
	hostile := example.System(revoked, 3, l.today)
	hostile.Details.ScopeZh = html
	l.do(fourEyes,
		example.Issue(example.System(authentic, 1, l.today)),
		example.Issue(example.System(suspended, 2, l.today)),
		example.Issue(hostile))
	l.do(fourEyes, &txv1.Message{Action: &txv1.Message_Suspend{Suspend: &certificatev1.Suspend{
		Number: suspended, Decided: today, Reason: "0116", Until: int32(l.today.AddMonths(3)),
	}}})
	l.do(fourEyes, &txv1.Message{Action: &txv1.Message_Revoke{Revoke: &certificatev1.Revoke{Number: revoked, Decided: today, Reason: "0114"}}})
	now := time.Now()
	l.do("cnca.approver", &txv1.Message{Action: &txv1.Message_Propose{Propose: &governancev1.Propose{
		Title: "历史证书导入 / Import", Actions: []*governancev1.Action{{Action: &governancev1.Action_OpenImportWindow{
			OpenImportWindow: &governancev1.OpenImportWindow{Body: generate.CQC, From: now.Add(-time.Minute).Unix(), Until: now.Add(time.Hour).Unix(), MaxRecords: 10},
		}}},
	}}})
	for _, id := range []string{"amr-sd", "amr-fj"} {
		l.do(id+".approver", &txv1.Message{Action: &txv1.Message_Approve{Approve: &governancev1.Approve{Proposal: 1}}})
	}
	l.do("cqc.certifier cqc.approver", &txv1.Message{Action: &txv1.Message_Import{Import: &certificatev1.Import{
		Decided: l.date("2017-01-03"), Status: certificatev1.Status_STATUS_VALID, Note: "示例导入",
		Certificate: &certificatev1.Certificate{
			Number: expired, Scheme: "A020101", Holder: "739547709",
			FirstIssued: l.date("2017-01-03"), Issued: l.date("2017-01-03"), Expires: l.date("2017-12-01"),
			Details: &certificatev1.Details{
				Holder:  &certificatev1.Party{NameZh: "漳州灿坤实业有限公司", AddressZh: "（公开记录未载）", Country: "156"},
				ScopeZh: "（公开记录未载）", Standards: []string{"GB/T 24001"},
			},
		},
	}}})
}

func (l *ledger) date(s string) int32 {
	d, err := civil.Parse(s)
	check(l, err)
	return int32(d)
}

// sealed waits until the last transaction is sealed on every node.
func (l *ledger) sealed() {
	ctx, cancel := context.WithTimeout(l.Context(), time.Minute)
	defer cancel()
	for _, n := range l.net.Nodes {
		check(l, n.Client.WaitSealed(ctx, l.last))
	}
}

// makeCard makes the card, and has the first node hand it out.
func (l *ledger) makeCard() {
	draft, err := l.client.DraftCard(l.Context())
	check(l, err)
	l.card, err = light.ParseCard(draft)
	check(l, err)
	l.sign(l.card)
	first := l.net.Nodes[0]
	check(l, first.Stop())
	file := filepath.Join(l.net.Dir(), "trust.hmcard")
	check(l, os.WriteFile(file, l.card.Bytes(), 0o644))
	path := filepath.Join(l.net.Path(first.Home), "config", "hallmark.toml")
	config, err := os.ReadFile(path)
	check(l, err)
	changed := strings.Replace(string(config), `card_file = ""`, fmt.Sprintf("card_file = %q", file), 1)
	if changed == string(config) {
		l.Fatal("the configuration has no card_file")
	}
	check(l, os.WriteFile(path, []byte(changed), 0o600))
	check(l, first.Start())
	ctx, cancel := context.WithTimeout(l.Context(), time.Minute)
	defer cancel()
	check(l, first.Ready(ctx))
	check(l, first.Client.WaitSealed(ctx, l.last))
}

func (l *ledger) sign(c *light.Card) {
	for _, id := range []string{generate.CNCA, "amr-sd"} {
		check(l, c.Sign(l.Context(), id, l.keys[id+".approver"]))
	}
}

// cardOf is another card of the same set, for times of its own.
func (l *ledger) cardOf(made, notAfter time.Time) *light.Card {
	c, err := light.NewCard(light.Card{ChainID: l.card.ChainID, Genesis: l.card.Genesis, Height: l.card.Height, Set: l.card.Set, Made: made, NotAfter: notAfter})
	check(l, err)
	l.sign(c)
	return c
}

// bundle asks the first node for a bundle.
func (l *ledger) bundle(issuer, number string, opts ...client.ReadOption) []byte {
	b, err := l.net.Nodes[0].Client.Bundle(l.Context(), issuer, number, opts...)
	check(l, err)
	return b
}
