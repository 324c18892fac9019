package engine

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/vfs"
	"github.com/cockroachdb/pebble/vfs/errorfs"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
)

// TestChild is what the tests below run as another process.
func TestChild(t *testing.T) {
	switch os.Getenv("ENGINE_CHILD") {
	case "":
		t.Skip("run by other tests")
	case "commit":
		childCommits(os.Getenv("ENGINE_DIR"))
	case "faults":
		childFaults(os.Getenv("ENGINE_DIR"))
	case "fill":
		childFills(os.Getenv("ENGINE_DIR"))
	case "open":
		_, err := Open(os.Getenv("ENGINE_DIR"), Options{})
		fmt.Println("opened:", err)
	}
	os.Exit(0)
}

func child(ctx context.Context, what, dir string, env ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestChild$", "-test.count=1")
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGQUIT) } // it shows where it stands
	cmd.WaitDelay = 10 * time.Second
	cmd.Env = append(os.Environ(), append(env, "ENGINE_CHILD="+what, "ENGINE_DIR="+dir, "GORACE=halt_on_error=1")...)
	return cmd
}

// fastDir returns an empty directory, in memory if the system has such a place.
func fastDir(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "engine")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func killScript() *script { return newScript(31, 2000, 60, 600) }

func killOptions() Options {
	return Options{Retain: 3, MemTableBytes: 64 << 10, CacheBytes: 1 << 20, MemoryBound: 64 << 10}
}

// childCommits goes on with killScript in dir, and says which versions are
// committed.
func childCommits(dir string) {
	s := killScript()
	db, err := Open(dir, killOptions())
	if err != nil {
		fmt.Println("open:", err)
		return
	}
	for v, _ := db.Version(); int(v) < len(s.changes); v++ {
		st, err := db.Stage(v+1, s.changes[v])
		if err == nil {
			err = st.Commit()
		}
		if err != nil {
			fmt.Println("commit:", err)
			return
		}
		fmt.Println("committed", v+1, st.Root())
	}
}

// TestKill kills a process that commits, again and again, at any moment: what
// it said was committed is there.
func TestKill(t *testing.T) {
	t.Parallel()
	rounds := 10
	if testing.Short() {
		rounds = 3
	}
	s := killScript()
	s.changes = s.changes[:600]
	s.solve(t)
	r := rand.New(rand.NewPCG(32, 0))
	dir := fastDir(t)
	acked := uint64(0)
	for round := range rounds {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		cmd := child(ctx, "commit", dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for left := r.IntN(45); lines.Scan(); left-- {
			var version uint64
			var root string
			if _, err := fmt.Sscanf(lines.Text(), "committed %d %s", &version, &root); err != nil {
				t.Fatalf("the child says %q", lines.Text())
			}
			if version != acked+1 || root != s.roots[version].String() {
				t.Fatalf("the child committed version %d with root %s after %d; want root %s", version, root, acked, s.roots[version])
			}
			acked = version
			if left == 0 {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the child ended by itself")
		}
		cancel()
		db := mustOpen(t, dir, killOptions())
		version, root := db.Version()
		if version < acked || version > acked+1 || root != s.roots[version] {
			t.Fatalf("round %d: version %d, root %s after %d was committed; want root %s", round, version, root, acked, s.roots[version])
		}
		acked = version // it is shown now
		mustCheck(t, db)
		mustClose(t, db)
	}
	t.Logf("%d versions, %d kills", acked, rounds)
}

// The workload for faults: few shards, all of which are checkpointed with every
// version, since memory is bounded; a table is written every few versions.

func faultScript() *script {
	r := rand.New(rand.NewPCG(33, 0))
	keys := keysInShards(50, 3)
	s := &script{roots: make([]sm3.Hash, 1)}
	for range 14 {
		var changes []store.Change
		for _, key := range keys {
			switch r.IntN(6) {
			case 0:
				changes = append(changes, store.Change{Key: key, Delete: true})
			case 1, 2:
				changes = append(changes, store.Change{Key: key, Value: make([]byte, r.IntN(400))})
			}
		}
		s.changes = append(s.changes, changes)
	}
	return s
}

func faultOptions(fs vfs.FS) Options {
	return Options{FS: fs, Retain: 2, MemTableBytes: 32 << 10, CacheBytes: 1 << 20, MemoryBound: 1, Workers: 1, deltaDrops: 1}
}

// faults makes operations that write fail.
type faults struct {
	at      int64 // the number of the first that does
	once    bool
	seen    atomic.Int64
	dead    atomic.Bool // everything stands still, so that nobody writes on
	nothing chan bool
}

func (f *faults) MaybeError(op errorfs.Op, _ string) error {
	if f.dead.Load() {
		<-f.nothing
	}
	if op.OpKind() != errorfs.OpKindWrite || op == errorfs.OpLock {
		return nil
	}
	n := f.seen.Add(1)
	if n == f.at || n > f.at && !f.once {
		return &os.PathError{Op: "write", Path: "disk", Err: syscall.ENOSPC}
	}
	return nil
}

// lazySync leaves out what only a loss of power would show.
type lazySync struct{ vfs.FS }

type lazyFile struct{ vfs.File }

func (lazyFile) Sync() error                { return nil }
func (lazyFile) SyncData() error            { return nil }
func (lazyFile) SyncTo(int64) (bool, error) { return false, nil }

func lazy(f vfs.File, err error) (vfs.File, error) {
	if err != nil {
		return nil, err
	}
	return lazyFile{f}, nil
}

func (l lazySync) Create(name string) (vfs.File, error)        { return lazy(l.FS.Create(name)) }
func (l lazySync) OpenDir(name string) (vfs.File, error)       { return lazy(l.FS.OpenDir(name)) }
func (l lazySync) ReuseForWrite(a, b string) (vfs.File, error) { return lazy(l.FS.ReuseForWrite(a, b)) }

// childFaults runs faultScript once for each operation that is to fail.
func childFaults(dir string) {
	var first, last, step int64
	var once bool
	if _, err := fmt.Sscan(os.Getenv("ENGINE_FAULTS"), &first, &last, &step, &once); err != nil {
		panic(err)
	}
	s := faultScript()
	for n := first; n <= last; n += step {
		f := &faults{at: n, once: once, nothing: make(chan bool)}
		fmt.Println("begin", n)
		fmt.Println("end", n, s.runWithFaults(filepath.Join(dir, fmt.Sprint(n)), f), f.seen.Load())
		f.dead.Store(true)
	}
}

// runWithFaults commits the versions of s until something fails, and returns
// what did.
func (s *script) runWithFaults(dir string, f *faults) string {
	opts := faultOptions(errorfs.Wrap(lazySync{vfs.Default}, f))
	db, err := Open(dir, opts)
	if err != nil {
		return "open"
	}
	for i, changes := range s.changes {
		v := uint64(i + 1)
		st, err := db.Stage(v, changes)
		if err == nil {
			fmt.Println("call", v)
			if err = st.Commit(); err == nil {
				fmt.Println("done", v)
				continue
			}
		}
		if !errors.Is(err, syscall.ENOSPC) && !strings.Contains(err.Error(), syscall.ENOSPC.Error()) {
			fmt.Printf("bad: the error of version %d does not say why: %v\n", v, err)
		}
		if _, err := db.Stage(v, changes); !errors.Is(err, ErrFailed) {
			fmt.Printf("bad: a stage after the failure: %v\n", err)
		}
		newest, _ := db.Version()
		if _, _, err := db.Latest().Get(s.changes[0][0].Key); err != nil {
			fmt.Printf("bad: version %d cannot be read after the failure: %v\n", newest, err)
		}
		db.Stats()
		return "failed"
	}
	if err := db.Close(); err != nil {
		return "close"
	}
	return "passed"
}

// TestFaults lets every operation on the file system that writes fail in turn,
// once or from then on, as on a full disk. A commit then fails and says why, the
// store takes no more, and what was committed is there when it is opened again.
// The process survives it all, also where pebble fails in the background.
func TestFaults(t *testing.T) {
	for _, once := range []bool{true, false} {
		t.Run(fmt.Sprint("once ", once), func(t *testing.T) {
			t.Parallel()
			s := faultScript().solve(t)
			dir := fastDir(t)
			// How many operations there are.
			f := &faults{at: 1 << 40, once: true}
			if got := s.runWithFaults(filepath.Join(dir, "whole"), f); got != "passed" {
				t.Fatal(got)
			}
			total := f.seen.Load()
			step := max(1, total/int64(cuts(t, 150)))
			outcomes := map[string]int{}
			for next := int64(1); next <= total; {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				cmd := child(ctx, "faults", dir, fmt.Sprint("ENGINE_FAULTS=", next, " ", total, " ", step, " ", once))
				raw, err := cmd.CombinedOutput()
				cancel()
				var n int64
				var acked, called uint64
				ended := false
				for line := range strings.Lines(string(raw)) {
					line = strings.TrimSpace(line)
					var outcome string
					var seen int64
					switch {
					case strings.HasPrefix(line, "begin"):
						fmt.Sscan(line[5:], &n)
						acked, called, ended = 0, 0, false
					case strings.HasPrefix(line, "call"):
						fmt.Sscan(line[4:], &called)
					case strings.HasPrefix(line, "done"):
						fmt.Sscan(line[4:], &acked)
					case strings.HasPrefix(line, "bad"):
						t.Errorf("operation %d: %s", n, line)
					case strings.HasPrefix(line, "end"):
						fmt.Sscan(line[3:], &n, &outcome, &seen)
						outcomes[outcome]++
						ended = true
						if seen < n && outcome != "passed" {
							t.Errorf("operation %d: %s before it", n, outcome)
						}
						s.verifyAfterFault(t, filepath.Join(dir, fmt.Sprint(n)), n, acked, called)
					}
				}
				if ended {
					break // the last one
				}
				t.Errorf("operation %d: the process died: %v\n%s", n, err, raw)
				s.verifyAfterFault(t, filepath.Join(dir, fmt.Sprint(n)), n, acked, called)
				next = n + step
			}
			t.Logf("%d operations, every %d.: %v", total, step, outcomes)
			if outcomes["failed"] == 0 {
				t.Error("nothing ever failed")
			}
		})
	}
}

func (s *script) verifyAfterFault(t *testing.T, dir string, n int64, acked, called uint64) {
	t.Helper()
	if err := s.verify(dir, faultOptions(lazySync{vfs.Default}), acked, called, true); err != nil {
		t.Errorf("operation %d: %v", n, err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Error(err)
	}
}
