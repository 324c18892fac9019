package proof_test

import (
	"bytes"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// plainVerify is a second verifier, written from docs/formats.md step by step
// without sharing code with the first. It reports whether v holds.
func plainVerify(v *vector) bool {
	in := v.Proof
	take := func(n int) []byte {
		if len(in) < n {
			return nil
		}
		out := in[:n]
		in = in[n:]
		return out
	}

	kind := take(1)
	if kind == nil {
		return false
	}
	if kind[0] == 3 {
		return len(in) == 0 && v.Claim == "absence" && bytes.Equal(v.Root, make([]byte, 32))
	}
	if want := map[string]byte{"inclusion": 1, "absence": 2}[v.Claim]; kind[0] != want {
		return false
	}

	length := take(1)
	if length == nil || length[0] > 32 {
		return false
	}
	bitmap := take(int(length[0]))
	if bitmap == nil && length[0] > 0 || len(bitmap) > 0 && bitmap[len(bitmap)-1] == 0 {
		return false
	}
	var depths []int // ascending
	for i, b := range bitmap {
		for j := range 8 {
			if b&(128>>j) != 0 {
				depths = append(depths, 8*i+j)
			}
		}
	}

	path := plainHash(v.Key)
	at, valueHash := path, []byte(nil)
	if v.Claim == "inclusion" {
		valueHash = plainHash(*v.Value)
	} else {
		if at, valueHash = take(32), take(32); at == nil || valueHash == nil {
			return false
		}
		if bytes.Equal(at, path) {
			return false
		}
	}

	node := plainHash(tag("hallmark/store/leaf/v1", 0), at, valueHash)
	for i := len(depths) - 1; i >= 0; i-- {
		d := depths[i]
		sibling := take(32)
		if sibling == nil {
			return false
		}
		side := at[d/8] & (128 >> (d % 8))
		if path[d/8]&(128>>(d%8)) != side {
			return false
		}
		if side == 0 {
			node = plainHash(tag("hallmark/store/fork/v1", d), node, sibling)
		} else {
			node = plainHash(tag("hallmark/store/fork/v1", d), sibling, node)
		}
	}
	return len(in) == 0 && bytes.Equal(node, v.Root)
}

func tag(name string, depth int) []byte {
	block := make([]byte, 64)
	copy(block, name)
	block[63] = byte(depth)
	return block
}

// plainHash returns SM3(parts[0] ‖ parts[1] ‖ …).
func plainHash(parts ...[]byte) []byte {
	h := sm3.Sum(bytes.Join(parts, nil))
	return h[:]
}
