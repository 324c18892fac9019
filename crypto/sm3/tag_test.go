package sm3_test

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// in returns the 64 bytes of a job, different for each i.
func in(i int) (b [2 * sm3.Size]byte) {
	copy(b[:], message(64+i))
	return b
}

func TestPairIsSumOfConcatenation(t *testing.T) {
	h := sm3.NewHasher()
	for blocks := 1; blocks <= 5; blocks++ {
		block := message(blocks * sm3.BlockSize)
		tag := sm3.NewTag(block)
		for i := range 20 {
			b := in(i)
			want := sm3.Sum(slices.Concat(block, b[:]))
			var got sm3.Hash
			if h.Pair(tag, &b, &got); got != want {
				t.Errorf("tag of %d blocks, input %d: Pair = %s, want %s", blocks, i, got, want)
			}
			if b != in(i) {
				t.Error("Pair changed its input")
			}
			// A Sum between two Pairs must leave nothing behind.
			var plain sm3.Hash
			if h.Sum(b[:i], &plain); plain != sm3.Sum(b[:i]) {
				t.Errorf("Sum after Pair = %s, want %s", plain, sm3.Sum(b[:i]))
			}
		}
	}
}

func TestRun(t *testing.T) {
	tags := []*sm3.Tag{
		sm3.NewTag(sm3.TagBlock("one")),
		sm3.NewTag(sm3.TagBlock("two")),
		sm3.NewTag(slices.Concat(sm3.TagBlock("three"), sm3.TagBlock("blocks"), sm3.TagBlock("long"))),
	}
	h := sm3.NewHasher()
	for _, n := range []int{0, 1, 2, 3, 4, 7, 8, 9, 100} {
		jobs, ins, outs := make([]sm3.Job, n), make([][64]byte, n), make([]sm3.Hash, n)
		for i := range jobs {
			ins[i] = in(i)
			jobs[i] = sm3.Job{Tag: tags[i%len(tags)], In: &ins[i], Out: &outs[i]}
		}
		h.Run(jobs)
		for i := range jobs {
			var want sm3.Hash
			h.Pair(tags[i%len(tags)], &ins[i], &want)
			if outs[i] != want {
				t.Errorf("job %d of %d = %s, want %s", i, n, outs[i], want)
			}
		}
	}
}

// TestRunIntoNextInput builds a tree's next level in place: outputs of one call
// are the inputs of the next.
func TestRunIntoNextInput(t *testing.T) {
	block := sm3.TagBlock("level")
	tag := sm3.NewTag(block)
	left, right := in(1), in(2)
	var parent [64]byte
	h := sm3.NewHasher()
	h.Run([]sm3.Job{
		{tag, &left, (*sm3.Hash)(parent[:32])},
		{tag, &right, (*sm3.Hash)(parent[32:])},
	})
	var root sm3.Hash
	h.Run([]sm3.Job{{tag, &parent, &root}})
	l, r := sm3.Sum(slices.Concat(block, left[:])), sm3.Sum(slices.Concat(block, right[:]))
	if want := sm3.Sum(slices.Concat(block, l[:], r[:])); root != want {
		t.Errorf("root = %s, want %s", root, want)
	}
}

func TestNewTagPanics(t *testing.T) {
	for _, n := range []int{0, 1, 63, 65, 127, 129} {
		if !panics(func() { sm3.NewTag(make([]byte, n)) }) {
			t.Errorf("NewTag accepts %d bytes", n)
		}
	}
	for _, n := range []int{64, 128, 640} {
		if panics(func() { sm3.NewTag(make([]byte, n)) }) {
			t.Errorf("NewTag refuses %d bytes", n)
		}
	}
}

func TestNewTagKeepsNoReference(t *testing.T) {
	block, b := sm3.TagBlock("kept"), in(0)
	want := sm3.Sum(slices.Concat(block, b[:]))
	tag := sm3.NewTag(block)
	clear(block)
	var got sm3.Hash
	if sm3.NewHasher().Pair(tag, &b, &got); got != want {
		t.Error("a tag changes with the slice it was made of")
	}
}

func TestTagBlock(t *testing.T) {
	want := append([]byte("hallmark/x/v1"), make([]byte, 64-13)...)
	if got := sm3.TagBlock("hallmark/x/v1"); !bytes.Equal(got, want) {
		t.Errorf("TagBlock = %x, want %x", got, want)
	}
	full := strings.Repeat("n", 64)
	if got := sm3.TagBlock(full); string(got) != full {
		t.Errorf("TagBlock of 64 bytes = %q", got)
	}
	if !panics(func() { sm3.TagBlock(full + "n") }) {
		t.Error("TagBlock accepts 65 bytes")
	}
}

// TestTagConcurrently shares a Tag between goroutines, each with its Hasher;
// the race detector is the judge.
func TestTagConcurrently(t *testing.T) {
	tag := sm3.NewTag(sm3.TagBlock("shared"))
	b := in(0)
	want := sm3.Sum(append(sm3.TagBlock("shared"), b[:]...))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			h := sm3.NewHasher()
			for range 200 {
				var got sm3.Hash
				if h.Pair(tag, &b, &got); got != want {
					t.Errorf("Pair = %s, want %s", got, want)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestNoAllocations(t *testing.T) {
	h, tag, b, data := sm3.NewHasher(), sm3.NewTag(sm3.TagBlock("t")), in(0), message(300)
	var out sm3.Hash
	jobs := []sm3.Job{{tag, &b, &out}}
	for name, f := range map[string]func(){
		"Pair": func() { h.Pair(tag, &b, &out) },
		"Run":  func() { h.Run(jobs) },
		"Sum":  func() { h.Sum(data, &out) },
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("Hasher.%s allocates %v times", name, n)
		}
	}
}

func panics(f func()) (did bool) {
	defer func() { did = recover() != nil }()
	f()
	return false
}
