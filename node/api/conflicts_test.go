package api_test

import (
	"context"
	"encoding/json"
	"testing"

	wire "github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/client/message"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
)

// conflict is two statements of a height that a validator's key has signed, the
// higher one first.
func (s *seals) conflict(key string, height uint64) seal.Conflict {
	s.Helper()
	k := apptest.Key("seal/" + key)
	c := seal.Conflict{Key: k.Public().Bytes()}
	for i := range c.Statements {
		st := s.sealed[s.newest].statement
		st.Height, st.NextHeight, st.Next, st.Block = height, 0, [32]byte{}, [32]byte{byte(9 - i)}
		signature, err := k.Sign(context.Background(), st.Append(nil))
		if err != nil {
			s.Fatal(err)
		}
		c.Statements[i], c.Signatures[i] = st, signature
	}
	return c
}

// TestConflicts: what a node has seen comes with the message that puts it on
// record, which is then read from the state, page by page.
func TestConflicts(t *testing.T) {
	n := newNode(t)
	n.commit()
	n.commit()
	sealed := newSeals(n)
	sealed.seal()
	opts := unlimited
	opts.Seals, opts.Statements = sealed, statements{sealed, []seal.Conflict{sealed.conflict("val-01", 1), sealed.conflict("val-02", 1), sealed.conflict("val-01", 2)}}
	s := serve(t, n, opts)

	var seen wire.SealConflictList
	s.get("/v1/seals/conflicts", 200, &seen)
	var none wire.ConflictList
	s.get("/v1/conflicts", 200, &none)
	if len(seen.Items) != 3 || len(none.Items) != 0 || none.Next != "" {
		t.Fatalf("%+v, %+v", seen, none)
	}
	for i, c := range seen.Items {
		raw, err := json.Marshal(c.Report)
		if err != nil {
			t.Fatal(err)
		}
		list, err := message.ParseMessages(raw)
		if err != nil || c.Recorded {
			t.Fatalf("recorded %v, %v", c.Recorded, err)
		}
		if i == 2 {
			continue
		}
		id := n.commit(apptest.Draft{Nonce: uint64(i + 1), Keys: []string{"maker/operator"}, Messages: list}.Sign())
		for _, r := range id.Results.TxResults {
			if r.Code != 0 {
				t.Fatalf("%+v", r)
			}
		}
	}
	s.get("/v1/seals/conflicts", 200, &seen)
	if !seen.Items[0].Recorded || !seen.Items[1].Recorded || seen.Items[2].Recorded {
		t.Errorf("%+v", seen)
	}
	found := map[string]wire.Conflict{}
	for next, pages := "", 0; pages == 0 || next != ""; pages++ {
		var page wire.ConflictList
		s.get("/v1/conflicts?limit=1&cursor="+next, 200, &page)
		if len(page.Items) > 1 || pages > 2 {
			t.Fatalf("%+v", page)
		}
		for _, c := range page.Items {
			found[c.Validator] = c
		}
		next = page.Next
	}
	for i, name := range []string{"val-01", "val-02"} {
		c := found[name]
		if c.SealConflict != seen.Items[i].SealConflict || c.Reporter != "maker" || c.Reported != uint64(3+i) || c.Member == "" || c.Height != 1 {
			t.Errorf("%s: %+v", name, c)
		}
	}
	s.isProblem(s.do("GET", "/v1/conflicts?cursor=AAAA", nil), 422)
	s.isProblem(s.do("GET", "/v1/conflicts?cursor=eAAA", nil), 422)
}
