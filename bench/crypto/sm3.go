package main

import (
	"fmt"
	"io"

	gmsm "github.com/emmansun/gmsm/sm3"
	tjfoc "github.com/tjfoc/gmsm/sm3"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

func sm3Section(w io.Writer) {
	h := sm3.NewHasher()
	out := new(sm3.Hash)
	for i, size := range []int{65, 300, 8 << 10} {
		data := make([]byte, size)
		title := fmt.Sprintf("SM3 of %d bytes, one core", size)
		if i > 0 {
			title = "\n" + title
		}
		compare(w, title,
			contender{"gmsm Sum", repeat(func() { *out = gmsm.Sum(data) })},
			contender{"hallmark sm3.Sum", repeat(func() { *out = sm3.Sum(data) })},
			contender{"hallmark Hasher.Sum", repeat(func() { h.Sum(data, out) })},
			contender{"tjfoc Sm3Sum", repeat(func() { copy(out[:], tjfoc.Sm3Sum(data)) })})
	}

	// The work of a trie node: a 64-byte tag, then two digests. The libraries
	// hash 128 bytes; a Tag has the first 64 behind it.
	block := sm3.TagBlock("bench")
	tag := sm3.NewTag(block)
	whole := append(block, make([]byte, 2*sm3.Size)...)
	in := (*[2 * sm3.Size]byte)(whole[len(block):])
	compare(w, "\nSM3 of a 64-byte tag and 64 bytes (a node of the trie), one core",
		contender{"gmsm Sum, 128 bytes", repeat(func() { *out = gmsm.Sum(whole) })},
		contender{"hallmark Hasher.Sum, 128 bytes", repeat(func() { h.Sum(whole, out) })},
		contender{"hallmark Hasher.Pair, tag absorbed before", repeat(func() { h.Pair(tag, in, out) })},
		contender{"tjfoc Sm3Sum, 128 bytes", repeat(func() { copy(out[:], tjfoc.Sm3Sum(whole)) })})
}

func repeat(f func()) func(int) {
	return func(n int) {
		for range n {
			f()
		}
	}
}
