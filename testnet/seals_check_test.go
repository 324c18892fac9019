package testnet

import (
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/light"
)

// until waits.
func (r *sealRun) until(limit time.Duration, what string, done func() bool) {
	r.Helper()
	for end := time.Now().Add(limit); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			r.Fatalf("%s: not within %v", what, limit)
		}
	}
}

func (r *sealRun) status(i int) *api.Status {
	r.Helper()
	s, err := r.net.Nodes[i].Client.Status(r.Context())
	if err != nil {
		r.Fatal(err)
	}
	return s
}

func (r *sealRun) height(i int) uint64 { r.Helper(); return r.status(i).Height }

func (r *sealRun) seal(i int, height uint64) *api.Seal {
	r.Helper()
	s, err := r.net.Nodes[i].Client.Seal(r.Context(), height)
	if err != nil {
		r.Fatal(err)
	}
	return s
}

func (r *sealRun) makeIll(how illness, nodes ...int) {
	r.Helper()
	for _, i := range nodes {
		if err := makeIll(r.net.Path(r.net.Nodes[i].Home), how); err != nil {
			r.Fatal(err)
		}
	}
}

// start starts a node and waits until it answers.
func (r *sealRun) start(i int) {
	r.Helper()
	n := r.net.Nodes[i]
	if err := n.Start(); err != nil {
		r.Fatal(err)
	}
	r.until(time.Minute, n.Name+" answers", func() bool {
		if err := n.Err(); err != nil {
			r.Fatal(err)
		}
		_, err := n.Client.Status(r.Context())
		return err == nil
	})
}

func (r *sealRun) ready(i int) {
	r.Helper()
	if err := r.net.Nodes[i].Ready(r.Context()); err != nil {
		r.Fatal(err)
	}
}

// sealsInTime looks, at each height of a range that some nodes come to, whether
// the height two below is sealed there.
func (r *sealRun) sealsInTime(from, to uint64, nodes []int) {
	r.Helper()
	next := map[int]uint64{}
	r.until(2*time.Minute, "blocks", func() (done bool) {
		done = true
		for _, i := range nodes {
			h := max(next[i], from)
			for ; h+withinBlocks <= r.height(i) && h <= to; h++ {
				if s := r.seal(i, h); !s.Sealed {
					r.Errorf("%s is at height %d and height %d is not sealed; missing: %v", r.net.Nodes[i].Name, r.height(i), h, s.Missing)
				}
			}
			next[i] = h
			done = done && h > to
		}
		return done
	})
}

// claim is of the first certificate of the load.
func (r *sealRun) claim() light.Claim {
	r.load.mu.Lock()
	defer r.load.mu.Unlock()
	return light.Claim{Kind: light.Valid, Issuer: r.load.filed[0].issuer, Number: r.load.filed[0].numbers[0]}
}

func (r *sealRun) bundle(c *client.Client, from uint64) []byte {
	r.Helper()
	claim := r.claim()
	b, err := c.Bundle(r.Context(), claim.Issuer, claim.Number, client.HandoversFrom(from))
	if err != nil {
		r.Fatal(err)
	}
	return b
}

// verify verifies what a node proves to the holder of a card.
func (r *sealRun) verify(c *client.Client, card *light.Card) *light.Verdict {
	r.Helper()
	return light.Verify(r.bundle(c, card.Height), card, r.claim(), light.Limits{}, time.Now())
}

// verifySeals waits until a node has the seal of every height up to one, and
// verifies each by the card, through the handovers that the node gives.
func (r *sealRun) verifySeals(i int, to uint64) {
	r.Helper()
	c := r.net.Nodes[i].Client
	for h := uint64(1); h <= to; h++ {
		r.until(2*time.Minute, "the seal of height "+strconv.FormatUint(h, 10), func() bool { return r.seal(i, h).Sealed })
	}
	list, err := c.Handovers(r.Context(), r.card.Height)
	if err != nil {
		r.Fatal(err)
	}
	first := r.seal(i, 1)
	st := r.statement(first.Statement)
	trust := seal.NewTrust(sm3.Sum([]byte(r.net.ChainID)), st.Genesis, r.card.Height, r.card.Set)
	if trust.Genesis != r.card.Genesis {
		r.Fatal("another genesis")
	}
	for h := uint64(1); h <= to; h++ {
		for len(list.Items) > 0 && list.Items[0].Begin <= h {
			trust = r.advance(trust, &list.Items[0])
			list.Items = list.Items[1:]
		}
		s := r.seal(i, h)
		st := r.statement(s.Statement)
		sl, err := seal.Parse(trust.Set().Len(), r.bytes(s.Seal))
		if err == nil {
			err = trust.Verify(&st, sl)
		}
		if err != nil || st.Height != h {
			r.Fatalf("%s, height %d: %v", r.net.Nodes[i].Name, h, err)
		}
	}
}

func (r *sealRun) advance(trust *seal.Trust, h *api.Handover) *seal.Trust {
	r.Helper()
	st := r.statement(h.Statement)
	sl, err := seal.Parse(trust.Set().Len(), r.bytes(h.Seal))
	set, err2 := seal.ParseSet(r.bytes(h.Next))
	if err := errors.Join(err, err2); err != nil {
		r.Fatal(err)
	}
	next, err := trust.Advance(&st, sl, set)
	if err != nil {
		r.Fatal(err)
	}
	return next
}

func (r *sealRun) statement(text string) seal.Statement {
	r.Helper()
	st, err := seal.ParseStatement(r.bytes(text))
	if err != nil {
		r.Fatal(err)
	}
	return st
}

func (r *sealRun) bytes(text string) []byte {
	r.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		r.Fatal(err)
	}
	return b
}

var sample = regexp.MustCompile(`(?m)^(hallmark_seal_[a-z_]+(?:\{[^}]*\})?) (\S+)$`)

// metrics returns what a node says of its seals, by name and labels.
func (r *sealRun) metrics(i int) map[string]float64 {
	r.Helper()
	res, err := http.Get("http://" + r.net.Nodes[i].Metrics + "/metrics") //nolint:noctx // the test has its own time limit
	if err != nil {
		r.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		r.Fatal(err)
	}
	list := map[string]float64{}
	for _, m := range sample.FindAllStringSubmatch(string(body), -1) {
		if list[m[1]], err = strconv.ParseFloat(m[2], 64); err != nil {
			r.Fatal(err)
		}
	}
	if len(list) < 10 {
		r.Fatalf("%d metrics of seals", len(list))
	}
	return list
}

var alertRule = regexp.MustCompile(`(?m)- alert: (\w+)\n\s+expr: \|\n\s+(hallmark_seal_\w+) (>|>=|==) (\d+)$`)

// alerts returns which alerts on seals hold by the figures of a node, each as
// often as it does. Those that compare a figure with a number are looked at.
func (r *sealRun) alerts(i int) (hold []string) {
	r.Helper()
	raw, err := os.ReadFile("../deploy/prometheus/alerts.yml")
	if err != nil {
		r.Fatal(err)
	}
	rules := alertRule.FindAllStringSubmatch(string(raw), -1)
	if len(rules) < 4 {
		r.Fatalf("%d rules: %q", len(rules), rules)
	}
	for name, value := range r.metrics(i) {
		for _, m := range rules {
			limit, err := strconv.ParseFloat(m[4], 64)
			if err != nil {
				r.Fatal(err)
			}
			metric, _, _ := strings.Cut(name, "{")
			if metric == m[2] && (m[3] == ">" && value > limit || m[3] == ">=" && value >= limit || m[3] == "==" && value == limit) {
				hold = append(hold, m[1])
			}
		}
	}
	slices.Sort(hold)
	return hold
}
