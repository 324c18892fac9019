package bulk

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client/record"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// input writes a file of reinstatements and returns it.
func input(t interface{ Fatal(...any) }, dir string, rows, faulty int) Input {
	var b strings.Builder
	b.WriteString("number,decided\n")
	for i := range rows {
		decided := "2026-06-01"
		if faulty > 0 && i%faulty == 1 {
			decided = "2026/6/1"
		}
		fmt.Fprintf(&b, "N%d,%s\n", i+1, decided)
	}
	in := Input{Path: filepath.Join(dir, "rows.csv"), Options: record.Options{
		Format: record.CSV, Actions: []rules.Action{rules.Reinstate}, Issuer: "CNCA-R-2002-002", Today: civil.DateOf(time.Unix(1780300800, 0)),
	}}
	if err := os.WriteFile(in.Path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return in
}

// TestExactlyOnce files rows with processes that die at any step, on a ledger that
// loses answers, accepts late, lets transactions expire, refuses rows and has
// nonces used by others. In the end every row was filed once, and the report says
// what the ledger says.
func TestExactlyOnce(t *testing.T) {
	dir := t.TempDir()
	for _, inFlight := range []int{1, 4} {
		t.Run(fmt.Sprint(inFlight), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				seed := rapid.Uint64().Draw(rt, "seed")
				faulty := rapid.IntRange(0, 5).Draw(rt, "faulty")
				rows := rapid.IntRange(1, 30).Draw(rt, "rows")
				batch := rapid.IntRange(1, 7).Draw(rt, "batch")
				life := rapid.IntRange(4, 12).Draw(rt, "life")
				lives := rapid.SliceOfN(rapid.IntRange(1, 60), 0, 6).Draw(rt, "lives")
				var failure error
				synctest.Test(t, func(*testing.T) {
					failure = simulate(dir, seed, faulty, rows, batch, life, lives, inFlight)
				})
				if failure != nil {
					rt.Fatal(failure)
				}
			})
		})
	}
}

type fatal struct{ err error }

func (f *fatal) Fatal(args ...any) { f.err = errors.New(fmt.Sprint(args...)) }

func simulate(dir string, seed uint64, faulty, rows, batch, life int, lives []int, inFlight int) error {
	f := new(fatal)
	in := input(f, dir, rows, faulty)
	if f.err != nil {
		return f.err
	}
	w := &world{now: time.Now(), done: map[string]*api.Transaction{}, filed: map[string]int{}, refuse: map[string]bool{}, alien: 2, steps: -1}
	w.choose = rand.New(rand.NewPCG(seed, 1)).IntN // w.mu is locked
	for i := range rows {
		w.refuse[fmt.Sprint("N", i+1)] = i%4 == 2
	}
	scan, err := in.Scan()
	if err != nil {
		return err
	}
	for life1 := 0; ; life1++ {
		if life1 > 200 {
			return errors.New("it does not come to an end")
		}
		w.steps = -1
		if life1 < len(lives) {
			w.steps = lives[life1]
		}
		j, err := loadJournal(&simDisk{w, w.process})
		if err != nil {
			return err
		}
		_, err = runOn(context.Background(), j, scan, Options{
			Input: in, Ledger: simLedger{w, w.process, time.Duration(life) * time.Second}, Chain: "sim",
			Batch: batch, InFlight: inFlight, SkipInvalid: true, Patience: 100 * time.Hour,
		})
		if err == nil {
			err = j.sync()
		}
		if err == nil {
			break
		}
		if !errors.Is(err, errDied) {
			return err
		}
		w.crash()
	}
	return judge(w, rows, faulty)
}

// judge compares what the ledger has, what the report says, and what was asked.
func judge(w *world, rows, faulty int) error {
	j, err := loadJournal(&simDisk{w, w.process})
	if err != nil {
		return err
	}
	n := 0
	_, err = report(j, func(l *Line) error {
		n++
		number := fmt.Sprint("N", l.Row)
		want, times := StateDone, 1
		switch {
		case faulty > 0 && (l.Row-1)%faulty == 1:
			want, times = StateInvalid, 0
		case w.refuse[number]:
			want = StateRefused
		}
		if l.Row != n || l.State != want || w.filed[number] != times {
			return fmt.Errorf("row %d: the report says %+v, want %s; filed %d times, want %d", n, l, want, w.filed[number], times)
		}
		if want != StateInvalid && (w.done[l.Tx] == nil || w.done[l.Tx].Height != l.Height || l.Number != number) {
			return fmt.Errorf("row %d: the report says %+v, the ledger %+v", n, l, w.done[l.Tx])
		}
		return nil
	})
	if err == nil && n != rows {
		err = fmt.Errorf("%d lines for %d rows", n, rows)
	}
	return err
}
