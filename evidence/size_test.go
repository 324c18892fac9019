package evidence

import (
	"encoding/hex"
	"os"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/merkle"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
)

// The part of a proof from the content to the anchor, as it stands in a bundle, has
// less than a kilobyte for any leaf of a million; a line takes 36.2 bytes of the
// manifest at most.
func TestMillion(t *testing.T) {
	const leaves = 1_000_000
	path := millions(t, leaves)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if each := float64(info.Size()) / leaves; each > 36.2 {
		t.Errorf("%.2f bytes for each line", each)
	} else {
		t.Logf("%.2f bytes for each line", each)
	}
	r, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	most := 0
	for _, n := range []uint64{0, 1, 1023, 1024, leaves / 2, leaves - 577, leaves - 576, leaves - 2, leaves - 1, 123_456, 987_654} {
		p, err := r.Prove(n)
		if err != nil {
			t.Fatal(n, err)
		}
		proof := merkle.Inclusion{Index: p.Index, Size: p.Anchor.Leaves, Path: p.Path}.Append(nil)
		m := &lightv1.Bundle{Leaves: []*lightv1.AnchoredLeaf{{Anchor: p.Anchor.ID[:], Leaf: p.Encoded, Proof: proof}}}
		most = max(most, proto.Size(m))
	}
	t.Logf("at most %d bytes of a bundle", most)
	if most >= 1000 {
		t.Errorf("%d bytes of a bundle", most)
	}
}

// The bytes of a manifest do not change.
func TestGolden(t *testing.T) {
	for source, want := range map[Source]string{
		Files: goldenFiles,
		Lines: goldenLines,
	} {
		raw := sampleManifest(t, source)
		if got := sm3.Sum(raw).String(); got != want {
			t.Errorf("source %d: SM3 %s, want %s\n%s", source, got, want, hex.Dump(raw))
		}
	}
}

const (
	goldenFiles = "8d66601a12b7f9b026fa726d8f856b6603dfcb51b312a030c934a5366c90121f"
	goldenLines = "26e3d07cde71cdf20c8292676b1940b2f27c4d7e877ff5fddd2e8f54a6b81d53"
)
