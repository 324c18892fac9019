package connected

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/light"
)

// TestClaims: every claim ends as it does by a seal, with the same findings.
func TestClaims(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, false)
	first := n.issue(1, good, bad)
	n.await(n.suspend(2, bad) + 2)
	raw, err := n.api.DraftCard(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	card, err := light.ParseCard(raw)
	if err != nil {
		t.Fatal(err)
	}
	c := n.config(n.trust(first), n.rpc, honest(n), honest(n))
	c.Wait = 5 * time.Second
	for _, one := range []struct {
		claim light.Claim
		later time.Duration
		want  light.Outcome
	}{
		{valid(good), 0, light.Holds},
		{valid(bad), 0, light.DoesNotHold},
		{light.Claim{Kind: light.History, Issuer: apptest.CQC, Number: bad}, 0, light.Holds},
		{light.Claim{Kind: light.Approved, Issuer: apptest.CQC, Number: good}, 0, light.Holds},
		{light.Claim{Kind: light.Absent, Number: "00117Q99999R0M"}, 0, light.Holds},
		{light.Claim{Kind: light.Absent, Number: good}, 0, light.DoesNotHold},
		{light.Claim{Kind: light.OnDate, Issuer: apptest.CQC, Number: good, Date: n.day - 1}, 0, light.DoesNotHold},
		{light.Claim{Kind: light.OnDate, Issuer: apptest.CQC, Number: good, Date: n.day}, 24 * time.Hour, light.NotEstablished},
		{valid("00117Q99999R0M"), 0, light.DoesNotHold},
	} {
		bundle, now := n.bundle(one.claim), time.Now().Add(one.later)
		v, err := verify(t, c, bundle, one.claim, light.Limits{}, now)
		if err != nil {
			t.Fatal(err)
		}
		sealed := light.Verify(bundle, card, one.claim, light.Limits{}, v.At)
		if v.Outcome != one.want || v.Outcome != sealed.Outcome {
			t.Errorf("%v: %v %v, by the seal %v, want %v", one.claim, v.Outcome, v.Reasons, sealed.Outcome, one.want)
		}
		if v.Header == nil || v.Sealed || v.Card != nil || v.Height > sealed.Height || v.Height+1 < sealed.Height {
			t.Errorf("%v: of height %d, sealed is %d", one.claim, v.Height, sealed.Height)
		}
		for _, field := range []string{"certificate", "records", "issuers", "claim", "outcome"} {
			if a, b := part(t, v, field), part(t, sealed, field); a != b {
				t.Errorf("%v: %s is %s, by the seal %s", one.claim, field, a, b)
			}
		}
		if header := part(t, v, "header"); !strings.Contains(header, apptest.Chain) || part(t, v, "seal") != "" || part(t, sealed, "connected") != "" {
			t.Errorf("the verdict does not say by which path: %s", header)
		}
		if text := light.Text(v, "zh"); !strings.Contains(text, "区块头：") || strings.Contains(text, "签章：") {
			t.Error(text)
		}
	}
}

// part is a field of a verdict as JSON, without what depends on the instant.
func part(t *testing.T, v *light.Verdict, field string) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]json.RawMessage
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return string(m[field])
}

// TestIdle: where no block follows, since nothing has changed, the header of the
// block itself states the root.
func TestIdle(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, true)
	n.await(1)
	at := n.issue(1, good)
	n.await(at + 1) // states the root, and is the last
	c := n.config(n.trust(1), n.rpc, honest(n))
	c.Wait = 10 * time.Second
	v, err := verify(t, c, n.bundle(valid(good)), valid(good), light.Limits{}, time.Now())
	if got := outcome(v, err); got != "holds valid" || v.Height != at {
		t.Errorf("%s, of height %d, want %d", got, v.Height, at)
	}
	if h := n.height(); h > at+1 {
		t.Skip("blocks went on to ", h)
	}
}

// TestWitnesses: one of two may lie or be gone, and is left out.
func TestWitnesses(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, false)
	first := n.issue(1, good)
	n.await(first + 3)
	bundle := n.bundle(valid(good))
	liar := newProxy(t, n.rpc)
	for how, change := range map[string]func(call, []byte) []byte{
		"another app hash": func(c call, b []byte) []byte {
			return []byte(strings.Replace(string(b), `"app_hash":"`, `"app_hash":"00`, 1))
		},
		"another height": func(c call, b []byte) []byte {
			return []byte(strings.Replace(string(b), `"height":"`, `"height":"1`, 1))
		},
		"nothing":     func(call, []byte) []byte { return nil },
		"rubbish":     func(call, []byte) []byte { return []byte("\x00") },
		"without end": func(call, []byte) []byte { return []byte(`{"result":"` + strings.Repeat("A", 2*maxAnswer)) },
		"never": func(call, []byte) []byte {
			return []byte(`{"jsonrpc":"2.0","id":0,"error":{"code":-32603,"message":"Internal error","data":"height 5 is not available, lowest height is 9"}}`)
		},
		"later": func(call, []byte) []byte {
			return []byte(`{"jsonrpc":"2.0","id":0,"error":{"code":-32603,"message":"Internal error","data":"height 9 must be less than or equal to the current blockchain height 5"}}`)
		},
	} {
		liar.set(change)
		if got := outcome(verify(t, n.config(n.trust(first), n.rpc, liar.URL, honest(n)), bundle, valid(good), light.Limits{}, time.Now())); got != "holds valid" {
			t.Errorf("one of two witnesses says %s: %s", how, got)
		}
		if got := outcome(verify(t, n.config(n.trust(first), liar.URL, n.rpc, honest(n)), bundle, valid(good), light.Limits{}, time.Now())); got != "holds valid" {
			t.Errorf("the primary says %s: %s", how, got)
		}
		got := outcome(verify(t, n.config(n.trust(first), n.rpc, liar.URL), bundle, valid(good), light.Limits{}, time.Now()))
		if got != "not-established header-unwitnessed" {
			t.Errorf("the only witness says %s: %s", how, got)
		}
	}
	gone := "http://" + freeAddress()
	if got := outcome(verify(t, n.config(n.trust(first), gone, n.rpc, honest(n)), bundle, valid(good), light.Limits{}, time.Now())); got != "holds valid" {
		t.Errorf("without the primary: %s", got)
	}
	for _, c := range []Config{n.config(n.trust(first), gone, gone+"/"), n.config(n.trust(first), gone, n.rpc)} {
		if v, err := verify(t, c, bundle, valid(good), light.Limits{}, time.Now()); err == nil && v.Outcome != light.NotEstablished {
			t.Errorf("with no two nodes: %s", outcome(v, err))
		}
	}
}

// TestStale: nodes that keep what is new to themselves are found by the age.
func TestStale(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, false)
	first := n.issue(1, bad)
	n.await(first + 2)
	old := n.bundle(valid(bad)) // of whoever serves no newer one
	h, err := light.Claimed(old, light.MaxBundleSize)
	if err != nil {
		t.Fatal(err)
	}
	n.await(n.suspend(2, bad) + 2)
	primary := newProxy(t, n.rpc)
	primary.set(func(c call, b []byte) []byte {
		var height uint64
		if _, err := fmt.Sscan(c.height(), &height); err == nil && height <= h.Height+1 {
			return b
		}
		if c.height() == "" {
			raw, _ := json.Marshal(get(t, n.rpc, c.Method, h.Height+1))
			return raw
		}
		return fmt.Appendf(nil, `{"jsonrpc":"2.0","id":0,"error":{"code":-32603,"message":"Internal error","data":"height %d must be less than or equal to the current blockchain height %d"}}`, height, h.Height+1)
	})
	c := n.config(n.trust(first), primary.URL, n.rpc)
	for _, one := range []struct {
		now  time.Time
		want string
	}{
		{time.Now(), "holds valid"}, // as it was, within the age that is allowed
		{time.Now().Add(2 * time.Hour), "not-established stale"},
		{h.Time.Add(-time.Hour), "not-established header-invalid"}, // the clock is behind
	} {
		c.Dir += "x"
		v, err := verify(t, c, old, valid(bad), light.Limits{MaxAge: time.Hour}, one.now)
		if got := outcome(v, err); got != one.want {
			t.Errorf("at %v: %s, want %s", one.now, got, one.want)
		}
		if err == nil && v.Header != nil && !v.Time.Equal(h.Time) {
			t.Errorf("as of %v, want %v", v.Time, h.Time)
		}
	}
	// A newer bundle is verified nevertheless, by the witness.
	c = n.config(n.trust(first), primary.URL, n.rpc, honest(n))
	c.Wait = 2 * time.Second
	if v, err := verify(t, c, n.bundle(valid(bad)), valid(bad), light.Limits{}, time.Now()); outcome(v, err) != "does-not-hold not-valid" {
		t.Error(outcome(v, err), v.Reasons)
	}
}

// TestStart: from where it may be started, and how often.
func TestStart(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, false)
	first := n.issue(1, good)
	n.await(first + 3)
	bundle, now, other := n.bundle(valid(good)), time.Now(), honest(n)
	root, wrong := n.trust(first), n.trust(first+1)
	wrong.Height = first
	at := func(trust *Trust, edit ...func(*Config)) Config {
		c := n.config(trust, n.rpc, other)
		for _, f := range edit {
			f(&c)
		}
		return c
	}
	started := at(root)
	if got := outcome(verify(t, started, bundle, valid(good), light.Limits{}, now)); got != "holds valid" {
		t.Fatal(got)
	}
	in := func(c *Config) { c.Dir = started.Dir }
	for _, one := range []struct {
		what string
		c    Config
		now  time.Time
		want string
	}{
		{"nothing", at(nil), now, "error no-trusted-header"},
		{"another hash", at(wrong), now, "error header-invalid"},
		{"a height to come", at(&Trust{Height: 1 << 40}), now, "error header-unavailable"},
		{"another chain", at(root, func(c *Config) { c.ChainID = "hallmark-other" }), now, "error header-invalid"},
		{"a header too old", at(root), now.Add(DefaultPeriod), "error trust-period-over"},
		{"the folder", at(nil, in), now, "holds valid"},
		{"the folder, and the same", at(root, in), now, "holds valid"},
		{"the folder, and another hash", at(wrong, in), now, "error trust-mismatch"},
		{"the folder of another chain", at(root, in, func(c *Config) { c.ChainID = "hallmark-other" }), now, "error headers-damaged"},
		{"a folder too old", at(nil, in), now.Add(DefaultPeriod), "error trust-period-over"},
		{"a folder too old for a shorter period", at(nil, in, func(c *Config) { c.Period = time.Minute }), now.Add(time.Hour), "error trust-period-over"},
		{"the folder still", at(nil, in), now, "holds valid"},
	} {
		if got := outcome(verify(t, one.c, bundle, valid(good), light.Limits{}, one.now)); got != one.want {
			t.Errorf("from %s: %s, want %s", one.what, got, one.want)
		}
	}
	// What is trusted anew takes the place of a folder that is too old.
	n.await(n.height() + 1)
	newest, err := n.Block(n.height())
	if err != nil {
		t.Fatal(err)
	}
	c := at(n.trust(n.height()), in, func(c *Config) { c.Period = time.Minute })
	k, err := Open(t.Context(), c, newest.Block.Time.Add(time.Minute-time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	if low, err := k.store.FirstLightBlockHeight(); err != nil || low != newest.Block.Height {
		t.Errorf("headers from %d on are kept, want %d (%v)", low, newest.Block.Height, err)
	}
	if err := k.Close(); err != nil {
		t.Error(err)
	}
	for _, c := range []Config{
		at(root, func(c *Config) { c.ChainID = "" }), at(root, func(c *Config) { c.Witnesses = nil }), at(root, func(c *Config) { c.Witnesses = []string{n.rpc} }),
		at(root, func(c *Config) { c.Primary = "ftp://x" }), at(root, func(c *Config) { c.Primary = "" }), at(root, func(c *Config) { c.Keep = 20_000 }),
	} {
		if _, err := Open(t.Context(), c, now); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
	if k, err = Open(t.Context(), at(root), now); err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	if _, err := Open(t.Context(), k.config, now); !errors.Is(err, ErrLocked) {
		t.Errorf("a second one: %v", err)
	}
}
