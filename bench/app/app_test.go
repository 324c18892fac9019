package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// TestCases takes every case through a small run, the second on the state that
// the first has left, so that the benchmark cannot rot unseen.
func TestCases(t *testing.T) {
	p := plan{Certificates: 300, Singles: 4, Bulks: 2, Blocks: 1, PowerBanks: 20}
	dir := t.TempDir()
	for _, filed := range []int{300, 300 + 2*4*(4+2*recordsPerBulk)} { // warm-up and block, four ways
		c, done, err := openIn(dir)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := c.grow(p.Certificates, &out); err != nil {
			t.Fatal(err)
		}
		if c.filed != filed {
			t.Fatalf("%d certificates, want %d", c.filed, filed)
		}
		if err := powerBankCase(c, p, &out); err != nil {
			t.Fatal(err)
		}
		if err := throughputCase(c, p, &out); err != nil {
			t.Fatal(err)
		}
		if s := out.String(); !strings.Contains(s, "app ratio to sm2: ") || !strings.Contains(s, "app records/s at 100 per transaction: ") {
			t.Fatal(s)
		}
		r, err := c.View(0)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Check(r); err != nil {
			t.Fatal(err)
		}
		if err := done(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRefused shows that a block that does not do its work is not counted.
func TestRefused(t *testing.T) {
	c, done, err := openIn("")
	if err != nil {
		t.Fatal(err)
	}
	txs := c.batch(2, 1)
	c.filed = 0 // the same number again
	txs = append(txs, c.batch(1, 1)...)
	if err := c.measureBlock(ways[0], txs, &sample{}); err == nil {
		t.Error("a certificate that exists was issued")
	}
	if err := done(); err != nil {
		t.Fatal(err)
	}
}

func TestHolder(t *testing.T) {
	for n := range 2000 {
		if kind, ok := rules.KindOfHolder(holder(n * 7)); !ok || kind != rules.USCC || rules.OrganisationOf(holder(n)) == "" {
			t.Fatalf("%s is no code of an organisation", holder(n*7))
		}
	}
}
