package client_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/node"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// chain starts a chain of one real node and returns a client of it.
func chain(t *testing.T) *client.Client {
	t.Helper()
	home := filepath.Join(t.TempDir(), "node")
	address := freeAddress(t)
	_, err := node.InitHome(home, node.InitOptions{
		ChainID: apptest.Chain, Member: "cnca", Iterations: keystore.MinIterations, State: apptest.Genesis(1, 0),
		Passphrase: func(keystore.Request) ([]byte, error) { return []byte("a pass phrase of tests"), nil },
		Settings: []string{
			"node.name=val-00", "consensus.timeout_commit=10ms", "consensus.heartbeat=1s",
			"p2p.listen=" + freeAddress(t), "rpc.listen=", "metrics.listen=", "api.listen=" + address,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	config, err := node.Load(home)
	if err != nil {
		t.Fatal(err)
	}
	n, err := node.New(context.Background(), config, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Start(); err != nil {
		t.Fatal(errors.Join(err, n.Stop()))
	}
	t.Cleanup(func() {
		if err := n.Stop(); err != nil {
			t.Error(err)
		}
	})
	c, err := client.New([]string{"http://127.0.0.1:1", address}, client.Options{ChainID: apptest.Chain}) // the first is dead
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func party(name, member string) client.Party {
	key := apptest.Key(name)
	return client.Party{Member: member, Key: key.Public(), Signer: key}
}

// Many transactions of one key at a time: each is done once, and the feed tells
// of each once.
func TestInFlight(t *testing.T) {
	c := chain(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	m := &client.Maker{
		Client: c, Parties: []client.Party{party("cqc/certifier", "cqc"), party("cqc/approver", "cqc")},
		Nonces: c.Nonces(apptest.Key("cqc/certifier").Public(), nil), Lifetime: time.Hour,
	}
	const transactions, each = 60, 3
	var all sync.WaitGroup
	for i := range transactions {
		all.Go(func() {
			var messages []*txv1.Message
			for j := range each {
				messages = append(messages, apptest.Issue(fmt.Sprintf("N%d", i*each+j), civil.DateOf(time.Now())))
			}
			d, err := m.Draft(ctx, messages)
			if err != nil {
				t.Error(err)
				return
			}
			if check, err := c.Check(ctx, d.Bytes()); err != nil || !check.OK || check.Messages != each {
				t.Errorf("%+v, %v", check, err)
			}
			if err := m.Sign(ctx, d); err != nil {
				t.Error(err)
				return
			}
			for range 2 { // again does no harm
				o, err := c.SubmitAndWait(ctx, d.Bytes(), time.Unix(d.Body().GetExpiry(), 0))
				if err != nil || o.Result != client.Done || o.Transaction.Messages != each {
					t.Errorf("%+v, %v", o, err)
				}
			}
		})
	}
	all.Wait()
	if t.Failed() {
		return
	}
	told := map[string]bool{}
	for e, err := range c.Watch(ctx, client.Feed{Since: 1, Types: []string{"certificate.issued"}, Issuer: apptest.CQC}) {
		if err != nil {
			t.Fatalf("after %d events: %v", len(told), err)
		}
		if number := e.Attributes["number"]; told[number] {
			t.Errorf("%s is told twice", number)
		}
		told[e.Attributes["number"]] = true
		if len(told) == transactions*each {
			break
		}
	}
	cert, err := c.Certificate(ctx, apptest.CQC, "N0")
	if err != nil || cert.Number != "N0" || !cert.Effective.Holds || cert.Details == nil {
		t.Errorf("%+v, %v", cert, err)
	}
	held := 0
	for cursor, more := "", true; more; more = cursor != "" {
		page := []client.ReadOption{client.Limit(50)}
		if cursor != "" {
			page = append(page, client.Cursor(cursor))
		}
		l, err := c.Held(ctx, apptest.Holder, page...)
		if err != nil {
			t.Fatal(err)
		}
		held, cursor = held+len(l.Items), l.Next
	}
	if held != transactions*each {
		t.Errorf("the holder has %d certificates, not %d", held, transactions*each)
	}
}

// Two programs use one key and do not know of each other: the refusal of the
// nonce is told apart, and a fresh one works.
func TestNonceOfAnother(t *testing.T) {
	c := chain(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	maker := func() *client.Maker {
		return &client.Maker{
			Client: c, Parties: []client.Party{party("cqc/certifier", "cqc"), party("cqc/approver", "cqc")},
			Nonces: c.Nonces(apptest.Key("cqc/certifier").Public(), nil), Lifetime: time.Hour,
		}
	}
	file := func(m *client.Maker, number string) error {
		d, err := m.Draft(ctx, []*txv1.Message{apptest.Issue(number, civil.DateOf(time.Now()))})
		if err != nil {
			return err
		}
		if err := m.Sign(ctx, d); err != nil {
			return err
		}
		_, err = c.SubmitAndWait(ctx, d.Bytes(), time.Unix(d.Body().GetExpiry(), 0))
		return err
	}
	a, b := maker(), maker()
	if err := file(a, "A1"); err != nil {
		t.Fatal(err)
	}
	if err := file(b, "B1"); err != nil { // reads what is used by now
		t.Fatal(err)
	}
	err := file(a, "A2") // its next nonce is what b has used
	if !client.NonceUsed(err) {
		t.Fatalf("%v, want the refusal of the nonce", err)
	}
	a.Nonces.Stale()
	if err := file(a, "A2"); err != nil {
		t.Fatal(err)
	}
}
