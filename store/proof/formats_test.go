package proof_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/merkle"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/proof"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

const formatsPath = "../../docs/formats.md"

// TestFormatsExamples makes the examples of docs/formats.md anew and compares.
func TestFormatsExamples(t *testing.T) {
	doc, err := os.ReadFile(formatsPath)
	if err != nil {
		t.Fatal(err)
	}
	got := string(doc)
	for name, text := range map[string]string{
		"trie":   trieExample(),
		"sm2":    sm2Example(t),
		"merkle": merkleExample(),
	} {
		block := regexp.MustCompile(`(?s)<!-- example: ` + name + ` -->\n.*?<!-- end -->`)
		if len(block.FindAllString(got, -1)) != 1 {
			t.Fatalf("the document has not one example %s", name)
		}
		want := "<!-- example: " + name + " -->\n```\n" + text + "```\n<!-- end -->"
		got = block.ReplaceAllLiteralString(got, want)
	}
	if got == string(doc) {
		return
	}
	if !*update {
		t.Fatal("the examples are not what the code makes; run with -update if the format was meant to change")
	}
	if err := os.WriteFile(formatsPath, []byte(got), 0o644); err != nil {
		t.Fatal(err)
	}
}

func trieExample() string {
	var out strings.Builder
	kvs := numbered(3)
	var leaf [3]sm3.Hash
	var path [3]sm3.Hash
	for i, kv := range kvs {
		path[i] = proof.Path(kv.Key)
		leaf[i] = proof.Leaf(path[i], sm3.Sum(kv.Value))
		fmt.Fprintf(&out, "key %s, value %s\n  path        %v   (begins %08b %08b)\n  SM3(value)  %v\n  leaf        %v\n",
			kv.Key, kv.Value, path[i], path[i][0], path[i][1], sm3.Sum(kv.Value), leaf[i])
	}

	// The forks, from the paths: which two part last.
	parting := func(a, b int) int {
		d := 0
		for proof.Bit(&path[a], d) == proof.Bit(&path[b], d) {
			d++
		}
		return d
	}
	a, b, c := 0, 1, 2
	for range 2 {
		if parting(a, b) < parting(b, c) || parting(a, b) < parting(a, c) {
			a, b, c = b, c, a
		}
	}
	fork := func(d int, side byte, x, y sm3.Hash, nx, ny string) sm3.Hash {
		if side == 1 {
			x, y, nx, ny = y, x, ny, nx
		}
		h := proof.Fork(d, x, y)
		fmt.Fprintf(&out, "fork at depth %d: left %s, right %s\n  %v\n", d, nx, ny, h)
		return h
	}
	name := func(i int) string { return "leaf of " + string(kvs[i].Key) }
	low, high := parting(a, b), parting(a, c)
	node := fork(low, proof.Bit(&path[a], low), leaf[a], leaf[b], name(a), name(b))
	root := fork(high, proof.Bit(&path[a], high), node, leaf[c], "the fork above", name(c))
	if root != storetest.Root(kvs) {
		panic("the example is wrong")
	}
	fmt.Fprintf(&out, "root\n  %v\n", root)

	in := storetest.Prove(kvs, kvs[a].Key)
	fmt.Fprintf(&out, "proof that %s is there (%d bytes)\n%s", kvs[a].Key, len(in), broken(in, 0))
	absent := []byte("key-9")
	p := storetest.Prove(kvs, absent)
	fmt.Fprintf(&out, "proof that %s is absent (%d bytes); its path is %v\n%s", absent, len(p), proof.Path(absent), broken(p, 2))
	return out.String()
}

// broken writes a proof in lines: kind, n and bitmap; then 32 bytes each.
func broken(p []byte, others int) string {
	n := 2 + int(p[1])
	out := fmt.Sprintf("  %x\n", p[:n])
	for i := 0; n < len(p); n, i = n+32, i+1 {
		what := "sibling"
		if i < others {
			what = [2]string{"path of the other leaf", "SM3 of its value"}[i]
		}
		out += fmt.Sprintf("  %x   %s\n", p[n:n+32], what)
	}
	return out
}

func sm2Example(t *testing.T) string {
	unhex := func(s string) []byte {
		b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	// GB/T 32918.5-2017, annex A.2: x_A, y_A (odd), r, s.
	public := unhex("03 09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020")
	signature := unhex("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3" +
		"b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa")
	message := []byte("message digest")
	key, err := sm2.ParsePublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	if err := sm2.Verify(key, message, sm2.Signature(signature)); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("public key  %x\nmessage     %x\ne           %v\nsignature   %x\n            %x\n",
		public, message, key.Digest(message), signature[:32], signature[32:])
}

func merkleExample() string {
	a, b, c := merkle.LeafHash([]byte("a")), merkle.LeafHash([]byte("b")), merkle.LeafHash([]byte("c"))
	ab := merkle.NodeHash(a, b)
	root := merkle.NodeHash(ab, c)
	in := merkle.Inclusion{Index: 1, Size: 3, Path: []sm3.Hash{a, c}}
	if err := merkle.VerifyInclusion(in, b, merkle.Head{Size: 3, Root: root}); err != nil {
		panic(err)
	}
	p := in.Append(nil)
	return fmt.Sprintf("leaf hash of a  %v\nleaf hash of b  %v\nleaf hash of c  %v\nnode(a, b)      %v\nroot            %v\n"+
		"inclusion of b (%d bytes)\n  %x %x\n  %x\n  %x\n",
		a, b, c, ab, root, len(p), p[:8], p[8:16], p[16:48], p[48:])
}

// TestFormatsPython holds the verifier that the document prints against the
// vectors.
func TestFormatsPython(t *testing.T) {
	if err := exec.Command("python3", "-c", `import hashlib; hashlib.new("sm3")`).Run(); err != nil {
		t.Skip("no python3 with SM3: ", err)
	}
	doc, err := os.ReadFile(formatsPath)
	if err != nil {
		t.Fatal(err)
	}
	_, listing, _ := strings.Cut(string(doc), "<!-- python -->\n```python\n")
	listing, _, found := strings.Cut(listing, "```\n")
	if !found {
		t.Fatal("the document has no listing")
	}
	cmd := exec.Command("python3", "-c", listing+`
import json, sys
for v in json.load(sys.stdin)["vectors"]:
    got = "ok"
    try:
        verify(v["claim"], *(bytes.fromhex(v.get(f, "")) for f in ("root", "key", "value", "proof")))
    except Refused as e:
        got = str(e)
    if got != v["want"]:
        print(v["name"], "is", got, "and not", v["want"])
`)
	vectors, err := os.ReadFile(vectorsPath)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdin = bytes.NewReader(vectors)
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Fatalf("%v\n%s", err, out)
	}
}
