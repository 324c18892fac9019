package evidence

import (
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/merkle"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

var update = flag.Bool("update", false, "write the example in docs/formats.md anew")

// TestFormatsExample makes the example of docs/formats.md, section 19.
func TestFormatsExample(t *testing.T) {
	const path, begin, end = "../../docs/formats.md", "<!-- example: evidence -->\n```\n", "```\n<!-- end -->"
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(b), begin)
	old, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("the example is not there")
	}
	want := example(t)
	if old == want {
		return
	}
	if !*update {
		t.Fatal("the example is not what the code makes; run with -update if the format was meant to change")
	}
	if err := os.WriteFile(path, []byte(before+begin+want+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

func example(t *testing.T) string {
	content := []byte("23.5 °C\n")
	captured := time.Date(2026, 6, 1, 12, 0, 0, 0, time.FixedZone("", 8*3600))
	leaf := &Leaf{Content: sm3.Sum(content), Size: uint64(len(content)), Name: "room-1/reading.txt", Captured: captured, Salt: []byte("0123456789abcdef")}
	encoded, err := EncodeLeaf(leaf)
	if err != nil {
		t.Fatal(err)
	}
	a := &Anchor{
		Member: "lab", Kind: Capture, Subject: OfEngagement("CNCA-R-2002-001", "B01", "2026/7"), Root: merkle.LeafHash(encoded), Leaves: 1,
		From: captured, To: captured.Add(time.Second), Method: "Pt100", Retention: SixYears,
	}
	proof := merkle.Inclusion{Size: 1}.Append(nil)
	if _, _, err := a.Verify(encoded, proof); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	fmt.Fprintf(&out, "content     %x   (%q)\n", content, content)
	fmt.Fprintf(&out, "leaf        %s\n", folded(encoded))
	fmt.Fprintf(&out, "leaf hash   %v\n", a.Root)
	fmt.Fprintf(&out, "anchor      %s\n", folded(EncodeAnchor(a)))
	fmt.Fprintf(&out, "id          %v\n", a.ID())
	fmt.Fprintf(&out, "proof       %x\n", proof)
	return out.String()
}

// folded is in lines of 32 bytes.
func folded(b []byte) string {
	var lines []string
	for ; len(b) > 32; b = b[32:] {
		lines = append(lines, hex.EncodeToString(b[:32]))
	}
	return strings.Join(append(lines, hex.EncodeToString(b)), "\n            ")
}
