package node_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/node"
)

// TestCardFile: a node hands out the card of its configuration, and does not start
// with what is none, or is of another chain.
func TestCardFile(t *testing.T) {
	t.Parallel()
	key, err := sm2.Generate(nil)
	if err != nil {
		t.Fatal(err)
	}
	set, err := seal.NewSet([]seal.Entry{{Key: key.Public().Bytes(), Power: 1}})
	if err != nil {
		t.Fatal(err)
	}
	file := func(chain string) string {
		c, err := light.NewCard(light.Card{ChainID: chain, Genesis: sm3.Sum(nil), Height: 1, Set: set, Made: time.Unix(1, 0), NotAfter: time.Unix(2, 0)})
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "card.hmcard")
		if err := os.WriteFile(path, c.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	none := filepath.Join(t.TempDir(), "none")
	if err := os.WriteFile(none, []byte("no card"), 0o644); err != nil {
		t.Fatal(err)
	}
	for path, words := range map[string][]string{
		"/nowhere/card.hmcard": {"api.card_file", "no such file"},
		none:                   {"api.card_file", "not a trust card"},
		file("hallmark-other"): {"hallmark-other", "hallmark-test"},
	} {
		home := newHome(t, "api.card_file="+path)
		says(t, tryStart(t, home), node.ErrConfig, words...)
	}
	good, api := file("hallmark-test"), freeAddress()
	home := newHome(t, "api.card_file="+good, "api.listen="+api)
	n := start(t, home)
	n.await(1)
	defer n.stop(home)
	r, err := http.Get("http://" + api + "/v1/card")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	got, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if want, _ := os.ReadFile(good); r.StatusCode != http.StatusOK || string(got) != string(want) {
		t.Errorf("%s, %d bytes", r.Status, len(got))
	}
}
