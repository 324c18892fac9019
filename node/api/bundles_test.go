package api_test

import (
	"crypto/ed25519"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/light"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// bundle is the path of a bundle about a certificate.
func bundle(issuer, number string) string {
	return "/v1/bundles/certificates/" + url.PathEscape(issuer) + "/" + url.PathEscape(number)
}

// octets asks for what must be answered with bytes, and returns them and the
// height that they are of.
func (s *service) octets(path string) ([]byte, uint64) {
	s.Helper()
	r := s.get(path, 200, nil)
	if ct := r.Header.Get("Content-Type"); ct != "application/octet-stream" {
		s.Fatalf("%s: of type %q", path, ct)
	}
	h, err := strconv.ParseUint(r.Header.Get("Hallmark-Height"), 10, 64)
	if err != nil {
		s.Fatalf("%s: %v", path, err)
	}
	return r.body, h
}

// card is the draft that the service makes.
func (s *service) card() *light.Card {
	s.Helper()
	b, _ := s.octets("/v1/cards/draft")
	c, err := light.ParseCard(b)
	if err != nil {
		s.Fatal(err)
	}
	return c
}

// old is for chains whose blocks are not of today.
var old = light.Limits{MaxAge: 100 * 365 * 24 * time.Hour}

// TestBundles verifies what the service gives for each claim, with a card that it
// drafted, as of the sealed height and not of the newest.
func TestBundles(t *testing.T) {
	s, x := sealing(t)
	s.commit()
	s.problem(bundle(apptest.CQC, number), 503)
	s.problem("/v1/bundles/numbers/X", 503)
	s.problem("/v1/cards/draft", 503)
	s.commit(issue(1, number, "00126Q20001R0M"))
	x.seal()
	s.commit(suspend(2, number))
	card := s.card()
	if card.ChainID != apptest.Chain || card.Height != 1 || card.Set.Len() != 4 || len(card.Signatures) != 0 {
		t.Errorf("%+v", card)
	}

	verify := func(path string, claim light.Claim, limits light.Limits, want light.Outcome) *light.Verdict {
		t.Helper()
		b, height := s.octets(path)
		v := light.Verify(b, card, claim, limits, time.Now())
		if v.Outcome != want || v.Sealed && v.Height != height {
			t.Errorf("%s: %s at %d, want %s at %d: %v", path, v.Outcome, v.Height, want, height, v.Reasons)
		}
		return v
	}
	valid := light.Claim{Kind: light.Valid, Issuer: apptest.CQC, Number: number}
	path := bundle(apptest.CQC, number)
	v := verify(path, valid, old, light.Holds)
	if v.Height != 2 || v.Details == nil || v.Member == nil {
		t.Errorf("%+v", v)
	}
	head := old
	head.HeadSuffices = true
	verify(path+"?head=true", valid, head, light.Holds)
	verify(path+"?head=true", valid, old, light.NotEstablished)
	verify(path, valid, light.Limits{}, light.NotEstablished) // old

	x.seal() // of the height with the suspension
	v = verify(path, valid, old, light.DoesNotHold)
	if v.Status == nil || v.Status.Status != rules.Suspended {
		t.Errorf("%+v", v)
	}
	with := func(kind light.Kind) light.Claim {
		c := valid
		c.Kind = kind
		return c
	}
	if v := verify(path+"?claim=history", with(light.History), old, light.Holds); len(v.Records) != 2 {
		t.Errorf("%d records", len(v.Records))
	}
	verify(path+"?claim=approved", with(light.Approved), old, light.Holds)
	onDate := with(light.OnDate)
	onDate.Date = today
	verify(path+"?claim=on-date&date="+today.String(), onDate, old, light.NotEstablished) // the day is not over
	unknown := with(light.Valid)
	unknown.Number = "FORGED"
	verify(bundle(apptest.CQC, "FORGED"), unknown, old, light.DoesNotHold)
	verify("/v1/bundles/numbers/FORGED", light.Claim{Kind: light.Absent, Number: "FORGED"}, old, light.Holds)
	if v := verify("/v1/bundles/numbers/"+url.PathEscape(number), light.Claim{Kind: light.Absent, Number: number}, old, light.DoesNotHold); len(v.Issuers) != 1 {
		t.Errorf("issuers %v", v.Issuers)
	}

	for _, bad := range []string{
		path + "?claim=colour", path + "?claim=absent", path + "?claim=on-date", path + "?date=2026-06-01", path + "?claim=on-date&date=x",
		path + "?head=true&claim=history", path + "?from=-1", path + "?height=1", bundle("x", "y"), "/v1/bundles/numbers/lower",
		"/v1/cards/draft?not_after=2020-01-01", "/v1/cards/draft?not_after=x",
	} {
		s.problem(bad, 422)
	}
	b, _ := s.octets("/v1/cards/draft?not_after=2099-12-31")
	c, err := light.ParseCard(b)
	if err != nil || c.NotAfter.Format(time.RFC3339) != "2099-12-31T15:59:59Z" {
		t.Errorf("%v, %v", c, err)
	}
}

// TestBundleLeast wants no more signatures in a bundle than the seal needs.
func TestBundleLeast(t *testing.T) {
	s, x := sealing(t)
	s.commit()
	st := x.seal()
	b, _ := s.octets("/v1/bundles/numbers/X")
	state, err := light.Open(b, s.card(), light.MaxBundleSize)
	if err != nil {
		t.Fatal(err)
	}
	if state.Statement != *st {
		t.Errorf("%+v", state.Statement)
	}
	_, full, _, err := x.Sealed(st.Height)
	if err != nil {
		t.Fatal(err)
	}
	// Three of four with equal powers; each takes 64 bytes.
	if more := len(full.Signatures()); more != 4 {
		t.Fatalf("%d signatures", more)
	}
	short, err := light.Build(light.Source{State: must(s.app.View(0)), Statement: *st, Seal: full}, light.Claim{Kind: light.Absent, Number: "X"}, false)
	if err != nil {
		t.Fatal(err)
	}
	if len(short)-len(b) != 64 {
		t.Errorf("%d bytes, and %d with all signatures", len(b), len(short))
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// rotate makes the transaction in which validator i changes its seal key to the
// one with a name.
func rotate(nonce uint64, i int, name string) []byte {
	id := apptest.Regulators[i%3]
	public, proof := apptest.SealKeyOf(name, id, apptest.ConsensusKey(i).Public().(ed25519.PublicKey))
	return apptest.Draft{Nonce: nonce, Keys: []string{id + "/admin/1", id + "/admin/2"}, Messages: []*txv1.Message{{
		Action: &txv1.Message_RotateSealKey{RotateSealKey: &validatorv1.RotateSealKey{Name: "val-0" + strconv.Itoa(i), SealKey: public[:], SealProof: proof}},
	}}}.Sign()
}

// TestBundleHandovers rotates two seal keys, one after the other: with the card of
// the first set a bundle is good if it has the handovers since.
func TestBundleHandovers(t *testing.T) {
	s, x := sealing(t)
	s.commit(issue(1, number))
	x.seal()
	card := s.card()
	valid := light.Claim{Kind: light.Valid, Issuer: apptest.CQC, Number: number}
	path := bundle(apptest.CQC, number)
	for i := range 2 {
		name := "rotated-" + strconv.Itoa(i)
		x.add(apptest.Key("seal/" + name))
		s.mustDo(rotate(1, i, name))
		for range 21 {
			x.seal()
			s.commit()
		}
		x.seal()
		b, _ := s.octets(path)
		if v := light.Verify(b, card, valid, old, time.Now()); v.Outcome != light.NotEstablished {
			t.Errorf("%d: without handovers: %v", i, v.Outcome)
		}
		b, _ = s.octets(path + "?from=" + strconv.FormatUint(card.Height, 10))
		v := light.Verify(b, card, valid, old, time.Now())
		if v.Outcome != light.Holds || v.Handovers != i+1 {
			t.Errorf("%d: %v with %d handovers: %v", i, v.Outcome, v.Handovers, v.Reasons)
		}
	}
	fresh := s.card()
	if fresh.Set.Equal(card.Set) || fresh.Height <= card.Height {
		t.Errorf("the card's set begins at %d", fresh.Height)
	}
	// No handover was sealed: there is no way from the old card.
	x.mu.Lock()
	for h, m := range x.sealed {
		if h > 1 && m.set.Equal(card.Set) {
			delete(x.sealed, h)
		}
	}
	x.mu.Unlock()
	s.problem(path+"?from=1", 410)
}

// mustDo commits a transaction that must be done.
func (s *service) mustDo(raw []byte) {
	s.Helper()
	data := s.commit(raw)
	if r := data.Results.TxResults[0]; r.Code != 0 {
		s.Fatalf("refused: %d %s", r.Code, r.Log)
	}
}

// TestBundleWhileSealing lets the state of the sealed height go between the
// question which it is and the reading of it.
func TestBundleWhileSealing(t *testing.T) {
	s, x := sealing(t)
	s.commit(issue(1, number))
	x.seal()
	x.mu.Lock()
	times := 0
	x.hook = func() {
		if times++; times <= 2 {
			for range 9 { // more than are retained
				s.commit()
			}
			x.seal()
		}
	}
	x.mu.Unlock()
	b, h := s.octets(bundle(apptest.CQC, number))
	x.mu.Lock()
	x.hook = nil
	x.mu.Unlock()
	v := light.Verify(b, s.card(), light.Claim{Kind: light.Valid, Issuer: apptest.CQC, Number: number}, old, time.Now())
	if v.Outcome != light.Holds || v.Height != h || h != 19 || times != 3 {
		t.Errorf("%v at %d, asked %d times: %v", v.Outcome, h, times, v.Reasons)
	}
}

// TestBundleFault: a seal that is lost is a fault, and no empty bundle.
func TestBundleFault(t *testing.T) {
	s, x := sealing(t)
	s.commit()
	x.seal()
	x.mu.Lock()
	delete(x.sealed, 1)
	x.mu.Unlock()
	s.problem("/v1/bundles/numbers/X", http.StatusInternalServerError)
	s.problem("/v1/cards/draft", http.StatusInternalServerError)
}
