package demo

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/light"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/testnet/example"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
	"github.com/hallmark-ledger/hallmark/testnet/words"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// demo is one demonstration. Its steps run one after the other.
type demo struct {
	net    *runner.Network
	keys   generate.Keys
	client *client.Client // of all nodes
	nonces map[string]*client.Nonces
	last   uint64      // height of the last transaction
	once   bool        // Options.Once
	card   *light.Card // made when it is needed first
	story
}

func (d *demo) connect() (err error) {
	var urls []string
	for _, n := range d.net.Nodes {
		urls = append(urls, n.URL())
	}
	d.nonces = map[string]*client.Nonces{}
	d.client, err = client.New(urls, client.Options{ChainID: d.net.ChainID, Timeout: 10 * time.Second, Patience: patience, Agent: "hallmark-demo"})
	return err
}

// as returns what makes transactions signed by the keys named, as cqc.certifier.
func (d *demo) as(keys ...string) *client.Maker {
	m := &client.Maker{Client: d.client}
	for _, name := range keys {
		key, id := d.keys[name], memberOf(name)
		m.Parties = append(m.Parties, client.Party{Member: id, Key: key.Public(), Signer: key})
	}
	if d.nonces[keys[0]] == nil {
		d.nonces[keys[0]] = d.client.Nonces(m.Parties[0].Key, nil)
	}
	m.Nonces = d.nonces[keys[0]]
	return m
}

// fourEyes are the two keys of a body that decide.
func fourEyes(id string) []string { return []string{id + ".certifier", id + ".approver"} }

// submit signs messages, submits them and waits for their block. What the ledger
// says to them is not looked at.
func (d *demo) submit(ctx context.Context, m *client.Maker, messages ...*txv1.Message) (committed, *client.Outcome, error) {
	draft, err := m.Draft(ctx, messages)
	if err != nil {
		return committed{}, nil, err
	}
	if err := m.Sign(ctx, draft); err != nil {
		return committed{}, nil, err
	}
	o, err := d.client.SubmitAndWait(ctx, draft.Bytes(), time.Unix(draft.Body().GetExpiry(), 0))
	switch {
	case err != nil:
		return committed{}, nil, err
	case o.Transaction == nil || o.Transaction.Time == nil:
		return committed{}, nil, fmt.Errorf("transaction %s came into no block", o.ID)
	}
	d.last = o.Transaction.Height
	return committed{o.ID, o.Transaction.Height, *o.Transaction.Time}, o, nil
}

// do is submit for what must be done.
func (d *demo) do(ctx context.Context, m *client.Maker, messages ...*txv1.Message) (committed, error) {
	c, o, err := d.submit(ctx, m, messages...)
	if err == nil && o.Result != client.Done {
		err = fmt.Errorf("refused: %+v", *o.Transaction)
	}
	return c, err
}

// refused rehearses messages, which must be refused with a code.
func (d *demo) refused(ctx context.Context, m *client.Maker, name string, messages ...*txv1.Message) (*api.Refusal, error) {
	draft, err := m.Draft(ctx, messages)
	if err != nil {
		return nil, err
	}
	if err := m.Sign(ctx, draft); err != nil {
		return nil, err
	}
	c, err := d.client.Check(ctx, draft.Bytes())
	if err != nil {
		return nil, err
	}
	return oneRefusal(c.Refusal, c.Refused, name)
}

// oneRefusal finds the refusal with a name; there must be one.
func oneRefusal(whole *api.Refusal, single []api.Refusal, name string) (*api.Refusal, error) {
	if whole != nil {
		single = append(single, *whole)
	}
	for _, r := range single {
		if r.Name == name {
			return &r, nil
		}
	}
	return nil, fmt.Errorf("it must be refused with %s; refused: %+v", name, single)
}

// today is the day of the newest block: no decision may be of a later one.
func (d *demo) today(ctx context.Context) (civil.Date, error) {
	s, err := d.client.Status(ctx)
	if err != nil {
		return 0, err
	}
	return civil.DateOf(s.Time), nil
}

// each does f for every node, side by side.
func (d *demo) each(f func(*runner.Node) error) error {
	errs := make([]error, len(d.net.Nodes))
	var all sync.WaitGroup
	for i, n := range d.net.Nodes {
		all.Go(func() {
			if err := f(n); err != nil {
				errs[i] = fmt.Errorf("%s: %w", n.Name, err)
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// level waits until every node has the block of the last transaction.
func (d *demo) level(ctx context.Context) error {
	return d.each(func(n *runner.Node) error { return n.Reach(ctx, d.last) })
}

// name is the name of a member.
func (d *demo) name(id string) words.Message {
	for _, m := range d.net.Members {
		if m.ID == id {
			return words.Pair(m.NameEn, m.NameZh)
		}
	}
	return words.Plain("%s", id)
}

func memberOf(key string) string {
	for i := range key {
		if key[i] == '.' {
			return key[:i]
		}
	}
	return key
}

// people says that the two of a body signed.
func (d *demo) people(id string) words.Message {
	return words.Say("certifier and approver of %s (%s)", "%s（%s）的认证决定人员和负责人", d.name(id), id)
}

// official says that the approver of a regulator signed.
func (d *demo) official(id string) words.Message {
	return words.Say("approver of %s (%s)", "%s（%s）的审批人员", d.name(id), id)
}

// number is the number of an example certificate.
func number(i int) string { return example.Number(series, i) }

// ref names an example certificate.
func ref(i int) rules.Ref {
	issuer := generate.ExampleCertNumber
	if i > examples/2 {
		issuer = generate.ExampleSecondNumber
	}
	return rules.Ref{Issuer: issuer, Number: number(i)}
}
