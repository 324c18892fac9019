package engine

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/proof"
)

// Whoever chooses keys can choose the first bits of their paths. The tests here
// go further and choose whole paths, which no key need have, to reach depths
// that cannot be ground: what holds for any set of paths holds for those.

// plain is the trie from its definition: entries sorted by path, bit by bit.

func plainRoot(entries []entry, depth int) sm3.Hash {
	switch len(entries) {
	case 0:
		return sm3.Hash{}
	case 1:
		return entries[0].leaf
	}
	left, right := plainSplit(entries, depth)
	if len(left) == 0 || len(right) == 0 {
		return plainRoot(entries, depth+1)
	}
	block := make([]byte, 64)
	copy(block, "hallmark/store/fork/v1")
	block[63] = byte(depth)
	l, r := plainRoot(left, depth+1), plainRoot(right, depth+1)
	return sm3.Sum(append(append(block, l[:]...), r[:]...))
}

func plainSplit(entries []entry, depth int) (left, right []entry) {
	for _, e := range entries {
		if e.path[depth/8]>>(7-depth%8)&1 == 0 {
			left = append(left, e)
		} else {
			right = append(right, e)
		}
	}
	return left, right
}

// plainWay is the way of path: where it ends, and the forks, the deepest first.
func plainWay(entries []entry, path *sm3.Hash) *way {
	w := new(way)
	for depth := 0; len(entries) > 1; depth++ {
		own, other := plainSplit(entries, depth)
		if len(own) == 0 || len(other) == 0 {
			continue
		}
		if path[depth/8]>>(7-depth%8)&1 == 1 {
			own, other = other, own
		}
		w.depths = append(w.depths, uint8(depth))
		w.siblings = append(w.siblings, plainRoot(other, depth+1))
		entries = own
	}
	slices.Reverse(w.depths)
	slices.Reverse(w.siblings)
	if len(entries) == 1 {
		w.end = &entries[0]
	}
	return w
}

func sameWay(a, b *way) bool {
	return slices.Equal(a.depths, b.depths) && slices.Equal(a.siblings, b.siblings) &&
		(a.end == nil) == (b.end == nil) && (a.end == nil || *a.end == *b.end)
}

// plainState is a set of entries by path.
type plainState map[sm3.Hash]entry

func (p plainState) sorted() []entry {
	out := make([]entry, 0, len(p))
	for _, e := range p {
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b entry) int { return bytes.Compare(a.path[:], b.path[:]) })
	return out
}

func (p plainState) apply(writes []write) {
	for _, w := range writes {
		if w.remove {
			delete(p, w.path)
		} else {
			p[w.path] = w.entry
		}
	}
}

func (p plainState) clone() plainState {
	q := make(plainState, len(p))
	for k, e := range p {
		q[k] = e
	}
	return q
}

// drawPath draws a path that shares a prefix, often a long one, with one of
// known, and has the first bits of fixed.
func drawPath(t *rapid.T, known []sm3.Hash, fixed []byte) (path sm3.Hash) {
	if len(known) == 0 {
		for i := range path {
			path[i] = rapid.Byte().Draw(t, "path")
		}
		copy(path[:], fixed)
		return path
	}
	path = rapid.SampledFrom(known).Draw(t, "near")
	depth := rapid.OneOf(rapid.IntRange(8*len(fixed), 255), rapid.IntRange(250, 255),
		rapid.IntRange(8*len(fixed), 8*len(fixed)+12)).Draw(t, "depth")
	path[depth/8] ^= 0x80 >> (depth % 8)
	if rapid.Bool().Draw(t, "other below") {
		seed := rapid.Uint64().Draw(t, "below")
		for i := depth + 1; i < 256; i++ {
			if seed>>(i%64)&1 == 1 {
				path[i/8] ^= 0x80 >> (i % 8)
			}
		}
	}
	return path
}

// drawWrites draws sorted writes of different paths, some of which are known.
// Removals are of paths that state has, unless vain allows others.
func drawWrites(t *rapid.T, state plainState, fixed []byte, most int, loc *location, vain bool) []write {
	known := make([]sm3.Hash, 0, len(state))
	for _, e := range state.sorted() {
		known = append(known, e.path)
	}
	shrink := rapid.IntRange(0, 3).Draw(t, "removals") // in four
	picked := map[sm3.Hash]write{}
	for range rapid.IntRange(1, most).Draw(t, "writes") {
		if len(known) > 0 && rapid.IntRange(0, 3).Draw(t, "remove") < shrink {
			path := rapid.SampledFrom(known).Draw(t, "removed")
			if vain && rapid.IntRange(0, 9).Draw(t, "vain") == 0 {
				path = drawPath(t, known, fixed)
			}
			picked[path] = write{entry{path: path}, true}
			continue
		}
		*loc++
		w := write{entry: entry{path: drawPath(t, known, fixed), loc: *loc}}
		binary.BigEndian.PutUint64(w.leaf[:], uint64(*loc))
		w.leaf[31] = 1
		picked[w.path] = w
		known = append(known, w.path)
	}
	writes := make([]write, 0, len(picked))
	for _, w := range picked {
		if _, had := state[w.path]; had || !w.remove || vain {
			writes = append(writes, w)
		}
	}
	slices.SortFunc(writes, func(a, b write) int { return bytes.Compare(a.path[:], b.path[:]) })
	return writes
}

// sound checks the shape of a bucket below depth.
func (b bucket) sound(least int) error {
	if b.deep == nil {
		if len(b.run) > maxRun {
			return fmt.Errorf("a run of %d", len(b.run))
		}
		return nil
	}
	d := b.deep
	switch {
	case int(d.depth) < least:
		return fmt.Errorf("a fork at %d below %d", d.depth, least)
	case d.sides[0].empty() || d.sides[1].empty():
		return fmt.Errorf("a fork at %d with one side", d.depth)
	case d.count != d.sides[0].count()+d.sides[1].count():
		return fmt.Errorf("a fork at %d counts %d", d.depth, d.count)
	case d.count <= maxRun/2:
		return fmt.Errorf("a fork of %d entries", d.count)
	}
	for side, s := range d.sides {
		for _, e := range s.appendTo(nil) {
			if int(proof.Bit(&e.path, int(d.depth))) != side {
				return fmt.Errorf("an entry on the wrong side of the fork at %d", d.depth)
			}
		}
		if err := s.sound(int(d.depth) + 1); err != nil {
			return err
		}
	}
	return nil
}

// TestBucket holds buckets to the plain trie while they grow, become deep,
// collapse, and have forks set above and below those they have; what they were
// before must stay as it was.
func TestBucket(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		type version struct {
			b    bucket
			want []entry
			root sm3.Hash
		}
		var history []version
		var b bucket
		var loc location
		state := plainState{}
		f := &forks{hasher: sm3.NewHasher(), deepest: -1}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			writes := drawWrites(t, state, []byte{1}, 60, &loc, true)
			if len(writes) == 0 {
				continue
			}
			state.apply(writes)
			given := slices.Clone(writes)
			b = merge(b, writes)
			if !slices.Equal(given, writes) {
				t.Fatal("merge changed its writes")
			}
			history = append(history, version{b, state.sorted(), plainRoot(state.sorted(), 0)})
			if rapid.Bool().Draw(t, "hash") { // hashes may also be asked for later
				if got := f.hash(b); got != history[len(history)-1].root {
					t.Fatalf("%d entries: hash %s, want %s", b.count(), got, history[len(history)-1].root)
				}
			}
			if err := b.sound(0); err != nil {
				t.Fatal(err)
			}
		}
		for i, h := range history {
			if got := h.b.appendTo(nil); !slices.Equal(got, h.want) || h.b.count() != len(h.want) || h.b.empty() != (len(h.want) == 0) {
				t.Fatalf("version %d: %d entries, want %d", i, len(got), len(h.want))
			}
			for range 2 {
				if got := f.hash(h.b); got != h.root {
					t.Fatalf("version %d: hash %s, want %s", i, got, h.root)
				}
			}
			for _, e := range h.want {
				if got := h.b.find(&e.path); got == nil || *got != e {
					t.Fatalf("version %d: %s is not found", i, e.path)
				}
			}
			var n int
			err := h.b.all(func(run []entry) error { n += len(run); return nil })
			if err != nil || n != len(h.want) {
				t.Fatalf("version %d: all shows %d of %d: %v", i, n, len(h.want), err)
			}
			if len(h.want) > 0 {
				for range 3 {
					path := drawPath(t, []sm3.Hash{h.want[0].path, h.want[len(h.want)/2].path}, []byte{1})
					w := new(way)
					h.b.way(&path, w)
					if !sameWay(w, plainWay(h.want, &path)) {
						t.Fatalf("version %d: the way of %s", i, path)
					}
				}
			}
		}
	})
}

// TestHalves holds the splitting of buckets to the plain trie.
func TestHalves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var loc location
		var b bucket
		state := plainState{}
		for range rapid.IntRange(1, 3).Draw(t, "steps") {
			if writes := drawWrites(t, state, []byte{1}, 80, &loc, false); len(writes) > 0 {
				state.apply(writes)
				b = merge(b, writes)
			}
		}
		f := &forks{hasher: sm3.NewHasher(), deepest: -1}
		root := f.hash(b)
		depth := 8
		for !b.empty() && depth < 256 {
			left, right := plainSplit(b.appendTo(nil), depth)
			h := halves(b, depth)
			for side, want := range [][]entry{left, right} {
				if got := h[side].appendTo(nil); !slices.Equal(got, want) {
					t.Fatalf("at %d: half %d has %d entries, want %d", depth, side, len(got), len(want))
				}
				if got := f.hash(h[side]); got != plainRoot(want, depth+1) {
					t.Fatalf("at %d: half %d has hash %s", depth, side, got)
				}
			}
			if f.hash(b) != root {
				t.Fatal("the bucket has changed")
			}
			side := rapid.IntRange(0, 1).Draw(t, "side")
			if h[side].empty() {
				side = 1 - side
			}
			i := uint32(side)
			if n := narrow(b, 8, depth-8, depth-7, i); f.hash(n) != f.hash(h[side]) {
				t.Fatalf("narrow at %d", depth)
			}
			b, depth = h[side], depth+1
			root = f.hash(b)
			if b.count() < 2 {
				break
			}
		}
	})
}

// paths is a store of paths alone: a trie with the ways back to older versions,
// but no values and no database.
type paths struct {
	db     *DB
	used   [shards]bool
	states map[uint64]plainState
	sorted map[uint64][]entry
	roots  map[uint64]sm3.Hash
}

func newPaths(retain int) *paths {
	return &paths{
		db:     &DB{opts: Options{Retain: retain, Workers: 1}, trie: newTrie()},
		states: map[uint64]plainState{0: {}},
		sorted: map[uint64][]entry{},
		roots:  map[uint64]sm3.Hash{},
	}
}

func asUpdates(writes []write) [shards][]*update {
	updates := make([]update, len(writes))
	for i, w := range writes {
		updates[i].write = w
	}
	return partition(updates)
}

func (p *paths) commit(writes []write) error {
	db := p.db
	v := snapshot{trie: db.trie}
	t, err := v.apply(asUpdates(writes), 1, func() error { return nil })
	if err != nil {
		return err
	}
	version := db.tip.version + 1
	state := p.states[version-1].clone()
	state.apply(writes)
	p.states[version], p.sorted[version] = state, state.sorted()
	p.roots[version] = plainRoot(p.sorted[version], 0)
	for _, w := range writes {
		p.used[w.path[0]] = true
	}
	d := delta{version: version, root: t.root, floor: 1, keys: uint64(len(state))}
	if version >= uint64(db.opts.Retain) {
		d.floor = version - uint64(db.opts.Retain) + 1
	}
	if len(db.pins) > 0 {
		d.floor = min(d.floor, db.pins[0].version)
	}
	st := &Stage{db: db, version: version, root: t.root, tree: t, delta: d}
	st.install()
	return nil
}

// check compares a version with the plain trie.
func (p *paths) check(version uint64, v snapshot, probes []sm3.Hash) error {
	want := p.sorted[version]
	root, err := v.root()
	if err != nil {
		return err
	}
	if w := p.roots[version]; root != w {
		return fmt.Errorf("version %d of %d has root %s, want %s", version, p.db.tip.version, root, w)
	}
	var got []entry
	for s, used := range p.used {
		if !used {
			continue
		}
		run, err := v.below(s, 0)
		if err != nil {
			return err
		}
		got = append(got, run...)
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("version %d has %d entries, want %d", version, len(got), len(want))
	}
	for i := range probes {
		path := &probes[i]
		e, err := v.find(path)
		if err != nil {
			return err
		}
		w, has := p.states[version][*path]
		if (e != nil) != has || has && *e != w {
			return fmt.Errorf("version %d: %s is %v, want %v", version, path, e, has)
		}
		way, err := v.way(path)
		if err != nil {
			return err
		}
		if !sameWay(way, plainWay(want, path)) {
			return fmt.Errorf("version %d: the way of %s is %v, want %v", version, path, way.depths, plainWay(want, path).depths)
		}
	}
	return nil
}

// TestPaths commits versions of ground paths to few shards, splits directories
// in between, joins the ways back between pinned versions, and holds every
// version that can be read to the plain trie.
func TestPaths(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		retain := rapid.IntRange(1, 5).Draw(t, "retain")
		p := newPaths(retain)
		db := p.db
		var loc location
		shardOf := rapid.SliceOfN(rapid.Byte(), 1, 2).Draw(t, "shards")
		var probes []sm3.Hash
		for range rapid.IntRange(1, 9).Draw(t, "versions") {
			now := p.states[db.tip.version]
			fixed := []byte{rapid.SampledFrom(shardOf).Draw(t, "shard")}
			own := plainState{}
			for k, e := range now {
				if k[0] == fixed[0] {
					own[k] = e
				}
			}
			writes := drawWrites(t, own, fixed, 30, &loc, false)
			for i := range min(2, len(writes)) {
				probes = append(probes, writes[i*(len(writes)-1)].path)
			}
			probes = append(probes, drawPath(t, probes, fixed))
			if len(probes) > 5 {
				probes = probes[len(probes)-5:]
			}
			if err := p.commit(writes); err != nil {
				t.Fatal(err)
			}
			if rapid.Bool().Draw(t, "split") {
				if err := db.splitFull(rapid.IntRange(1, 2).Draw(t, "splits")); err != nil {
					t.Fatal(err)
				}
			}
			switch rapid.IntRange(0, 5).Draw(t, "pin") {
			case 0, 1:
				if len(db.pins) < MaxPins {
					if _, err := db.Pin(db.tip.version); err != nil {
						t.Fatal(err)
					}
				}
			case 2:
				if len(db.pins) > 0 {
					i := rapid.IntRange(0, len(db.pins)-1).Draw(t, "released")
					db.pins = slices.Delete(db.pins, i, i+1)
				}
			}
			for version := uint64(1); version <= db.tip.version; version++ {
				if !db.retained(version) {
					continue
				}
				chain, from := db.chain(version)
				if from != version {
					t.Fatalf("there is no way back to version %d of %d", version, db.tip.version)
				}
				if err := p.check(version, snapshot{trie: db.trie, chain: chain}, probes); err != nil {
					t.Fatal(err)
				}
				// Any part of the way may be joined.
				if len(chain) > 1 {
					i := rapid.IntRange(0, len(chain)-2).Draw(t, "joined")
					joined := slices.Clone(chain)
					joined[i] = over(chain[i], chain[i+1])
					joined = slices.Delete(joined, i+1, i+2)
					if err := p.check(version, snapshot{trie: db.trie, chain: joined}, probes); err != nil {
						t.Fatalf("joined at %d of %d: %v", i, len(chain), err)
					}
				}
			}
		}
		// The nodes of the trie are what a new one has.
		for s, sh := range db.trie.shards[:shards] {
			if !p.used[s] {
				continue
			}
			fresh := newShard(sh.base, sh.bits)
			for i := range uint32(len(sh.buckets)) {
				b, _ := sh.held(i)
				if err := b.sound(sh.base + sh.bits); err != nil {
					t.Fatal(err)
				}
				fresh.put(i, plant(b.appendTo(nil)))
			}
			withForks(fresh.fill)
			if !slices.Equal(fresh.nodes, sh.nodes) {
				t.Fatalf("shard %02x has other nodes than a new one", s)
			}
		}
	})
}

// TestUnion holds the joining of layers to a map.
func TestUnion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := func(name string, base uint32) (out []nodeChange) {
			for _, n := range rapid.SliceOfNDistinct(rapid.Uint32Range(0, 20), 0, 12, rapid.ID).Draw(t, name) {
				out = append(out, nodeChange{n, sm3.Hash{byte(base), byte(n)}})
			}
			slices.SortFunc(out, func(a, b nodeChange) int { return cmp.Compare(a.n, b.n) })
			return out
		}
		far, near := list("far", 1), list("near", 2)
		want := map[uint32]sm3.Hash{}
		for _, l := range [][]nodeChange{near, far} {
			for _, c := range l {
				want[c.n] = c.hash
			}
		}
		got := union(far, near, func(c *nodeChange) uint32 { return c.n })
		if len(got) != len(want) || !slices.IsSortedFunc(got, func(a, b nodeChange) int { return cmp.Compare(a.n, b.n) }) {
			t.Fatalf("union is %v", got)
		}
		for _, c := range got {
			if want[c.n] != c.hash {
				t.Fatalf("union is %v", got)
			}
		}
	})
}

// TestNewLayer holds the nodes that a layer has to their definition: all above
// its slots, in order, by level.
func TestNewLayer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.IntRange(0, 6).Draw(t, "bits")
		slots := rapid.SliceOfNDistinct(rapid.Uint32Range(0, 1<<bits-1), 1, 1<<bits, rapid.ID).Draw(t, "slots")
		slices.Sort(slots)
		l, start := newLayer(bits, slots)
		var want []uint32
		for level := range bits + 1 {
			if start[level] != len(want) {
				t.Fatalf("level %d starts at %d, want %d", level, start[level], len(want))
			}
			for _, s := range slots {
				if n := uint32(1)<<level | s>>(bits-level); len(want) == 0 || want[len(want)-1] != n {
					want = append(want, n)
				}
			}
		}
		if len(l.nodes) != len(want) || start[bits+1] != len(want) {
			t.Fatalf("%d nodes, want %d", len(l.nodes), len(want))
		}
		for i, n := range want {
			if l.nodes[i].n != n || l.node(n) == nil {
				t.Fatalf("node %d is %d, want %d", i, l.nodes[i].n, n)
			}
		}
	})
}

// randomPaths returns n sorted writes of paths that begin with fixed.
func randomPaths(r *rand.ChaCha8, n int, fixed []byte) []write {
	writes := make([]write, n)
	for i := range writes {
		w := &writes[i]
		r.Read(w.path[:])
		copy(w.path[:], fixed)
		r.Read(w.leaf[:])
		w.loc = location(i + 1)
	}
	slices.SortFunc(writes, func(a, b write) int { return bytes.Compare(a.path[:], b.path[:]) })
	return writes
}

// BenchmarkGroundPaths compares a commit of 10,000 writes whose paths share
// their first 24 bits with one of random paths, both on top of a million random
// entries: new paths, and ones that are there already. Metrics are ratios of
// medians; 2 is the limit.
func BenchmarkGroundPaths(b *testing.B) {
	base := 1_000_000
	if testing.Short() {
		base = 100_000
	}
	const writes = 10_000
	r := rand.NewChaCha8([32]byte{1})
	p := newPaths(2)
	p.db.opts.Workers = 2
	var all [shards][]entry
	for _, w := range randomPaths(r, base, nil) {
		all[w.path[0]] = append(all[w.path[0]], w.entry)
	}
	top := p.db.trie.shards[top]
	for s, run := range all {
		sh := newShard(shardBits, bitsFor(len(run), maxFill))
		sh.count = len(run)
		for i, e := range slots(run, sh.bits) {
			sh.put(uint32(i), plant(slices.Clone(e)))
		}
		withForks(sh.fill)
		p.db.trie.shards[s] = sh
		top.nodes[shards+s] = sh.nodes[1]
	}
	withForks(top.fold)

	install := func(ws []write) {
		t, err := (snapshot{trie: p.db.trie}).apply(asUpdates(ws), 2, func() error { return nil })
		if err != nil {
			b.Fatal(err)
		}
		version := p.db.tip.version + 1
		(&Stage{db: p.db, version: version, tree: t, delta: delta{version: version, floor: version}}).install()
	}
	apply := func(ws []write) time.Duration {
		groups := asUpdates(ws)
		start := time.Now()
		if _, err := (snapshot{trie: p.db.trie}).apply(groups, 2, func() error { return nil }); err != nil {
			b.Fatal(err)
		}
		return time.Since(start)
	}
	prefix := []byte{0xab, 0xcd, 0xef}
	random, ground := randomPaths(r, writes, nil), randomPaths(r, writes, prefix)
	again, groundAgain := randomPaths(r, writes, nil), randomPaths(r, writes, prefix)
	install(again)
	install(groundAgain)
	change := func(ws []write) {
		for i := range ws {
			ws[i].leaf[0]++
		}
	}
	var times [4][]time.Duration
	for b.Loop() {
		for i, ws := range [][]write{random, ground, again, groundAgain} {
			change(ws)
			times[i] = append(times[i], apply(ws))
		}
	}
	var median [4]float64
	for i := range times {
		slices.Sort(times[i])
		median[i] = times[i][len(times[i])/2].Seconds()
	}
	b.ReportMetric(median[0]*1000, "ms-random")
	b.ReportMetric(median[1]/median[0], "ground/random")
	b.ReportMetric(median[3]/median[2], "ground/random-again")
}
