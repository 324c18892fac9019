package sealer_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
)

// TestFour: four nodes seal every height, each within two blocks, and agree.
func TestFour(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, 4, 0)
	n.start()
	n.nodes[0].feed()
	for _, m := range n.nodes {
		m.awaitHeight(12)
		m.awaitSealed(10)
		m.until("all heights", func() bool {
			for h := uint64(1); h <= 10; h++ {
				if _, _, ok, err := m.Seals().Sealed(h); err != nil || !ok {
					return false
				}
			}
			return true
		})
		m.checkSealed(1, 10)
		m.checkPin()
		missing, err := m.Seals().Missing(8)
		if err != nil || len(missing) > 1 {
			t.Errorf("missing: %v, %v", missing, err)
		}
	}
}

// TestHTTP asks a node for what it tells of seals.
func TestHTTP(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, 1, 0)
	n.start()
	m := n.nodes[0]
	m.awaitSealed(5)
	var one api.Seal
	m.get("/v1/seals/latest", http.StatusOK, &one)
	st, err := seal.ParseStatement(unhex(t, one.Statement))
	if err != nil || st.Height != one.Height || !one.Sealed || one.SetBegin != 1 || len(one.Missing) != 0 || one.Time.UnixNano() != st.Time {
		t.Errorf("%+v, %v", one, err)
	}
	var set api.SealSet
	m.get(fmt.Sprint("/v1/seals/sets/", one.Height), http.StatusOK, &set)
	seals, err := seal.ParseSet(unhex(t, set.Set))
	if err != nil || seals.Hash() != st.Set || set.Hash != st.Set.String() {
		t.Fatalf("%+v, %v", set, err)
	}
	sl, err := seal.Parse(seals.Len(), unhex(t, one.Seal))
	if err != nil {
		t.Fatal(err)
	}
	if err := seal.NewVerifier(seals).Verify(&st, sl); err != nil {
		t.Error(err)
	}
	var handovers api.HandoverList
	m.get("/v1/handovers?from=1", http.StatusOK, &handovers)
	if len(handovers.Items) != 0 || handovers.More || handovers.Sealed < 5 {
		t.Errorf("%+v", handovers)
	}
	var conflicts api.SealConflictList
	m.get("/v1/seals/conflicts", http.StatusOK, &conflicts)
	if len(conflicts.Items) != 0 {
		t.Errorf("%+v", conflicts)
	}
	var status api.Status
	m.get("/v1/status", http.StatusOK, &status)
	if status.SealedHeight < 5 || status.SealedTime == nil || status.SealLag > 2 {
		t.Errorf("%+v", status)
	}
	for path, want := range map[string]int{
		"/v1/seals/999999": http.StatusNotFound, "/v1/seals/x": http.StatusUnprocessableEntity, "/v1/seals/sets/999999": http.StatusNotFound,
		"/v1/seals/99999999999999999999": http.StatusUnprocessableEntity, "/v1/handovers?from=0": http.StatusUnprocessableEntity,
	} {
		m.get(path, want, nil)
	}
}

// get asks for a path; the answer, of which nothing may be unknown, goes to out.
func (m *member) get(path string, status int, out any) {
	m.net.Helper()
	res, err := http.Get("http://" + m.config().API.Listen + path)
	if err != nil {
		m.net.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != status {
		m.net.Fatalf("%s: %s, want %d", path, res.Status, status)
	}
	if out == nil {
		return
	}
	d := json.NewDecoder(res.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(out); err != nil {
		m.net.Fatalf("%s: %v", path, err)
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
