package engine

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/store"
)

// fillChanges are the changes of a version that takes a quarter of a megabyte
// which does not compress.
func fillChanges(version uint64) []store.Change {
	var value []byte
	for i := range 1024 {
		sum := sha256.Sum256(fmt.Append(nil, version, i))
		value = append(value, sum[:]...)
	}
	var changes []store.Change
	for i := range 8 {
		changes = append(changes, store.Change{Key: fmt.Appendf(nil, "k%d", i), Value: value[i:]})
	}
	return changes
}

// childFills commits until the disk is full.
func childFills(dir string) {
	db, err := Open(dir, Options{Retain: 4, MemTableBytes: 1 << 20, CacheBytes: 1 << 20})
	if err != nil {
		fmt.Println("open:", err)
		return
	}
	for v, _ := db.Version(); ; v++ {
		st, err := db.Stage(v+1, fillChanges(v+1))
		if err == nil {
			err = st.Commit()
		}
		if err == nil {
			fmt.Println("committed", v+1, st.Root())
			continue
		}
		fmt.Println("failed:", strings.ReplaceAll(err.Error(), "\n", "; "))
		if st, err = db.Stage(v+1, nil); err == nil {
			err = st.Commit()
		}
		fmt.Println("then:", err)
		db.Stats()
		fmt.Println("close:", db.Close() != nil)
		return
	}
}

// TestFullDisk fills a real file system: the commit that does not fit fails and
// says so, and once there is room again everything committed is there.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=24m"); err != nil {
		t.Skipf("a small file system to fill cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	ballast := filepath.Join(disk, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 12<<20), 0o644); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(disk, "store")
	acked, root := uint64(0), ""
	for round := range 2 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		out, err := child(ctx, "fill", dir).CombinedOutput()
		cancel()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		said := string(out)
		for line := range strings.Lines(said) {
			fmt.Sscanf(line, "committed %d %s", &acked, &root)
		}
		if !strings.Contains(said, "no space left on device") {
			t.Errorf("round %d: it fails without saying why:\n%s", round, said)
		}
		if round > 0 { // it is still full, and may not even open; nothing is lost by trying
			break
		}
		if !strings.Contains(said, "failed: ") || !strings.Contains(said, "then: "+ErrFailed.Error()) || !strings.Contains(said, "close: ") {
			t.Errorf("after the failure:\n%s", said)
		} else {
			t.Logf("%d versions fit; %s", acked, said[strings.Index(said, "failed: "):])
		}
	}
	if acked < 10 {
		t.Fatalf("only %d versions fit", acked)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	db := mustOpen(t, dir, Options{Retain: 4})
	version, now := db.Version()
	if version != acked && version != acked+1 || version == acked && now.String() != root {
		t.Errorf("version %d, root %s; %d with root %s was committed", version, now, acked, root)
	}
	mustCheck(t, db)
	commit(t, db, version+1, fillChanges(version+1))
	mustCheck(t, db)
	mustClose(t, db)
}
