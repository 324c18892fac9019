package cli

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/client/bulk"
)

// bar shows how far a file is: a bar with rate and time left on a terminal, else a
// line now and then.
type bar struct {
	session *session
	pool    *mpb.Progress // nil without a terminal
	bar     *mpb.Bar
	last    time.Time // of the last line
	latest  bulk.Progress
	begun   time.Time
	before  int // rows that were filed before this run; -1 until told

	mu    sync.Mutex
	again time.Time // of the last line about what is tried again; guarded by mu
}

// linePause is the time between lines without a terminal.
const linePause = 10 * time.Second

func (s *session) bar(rows int) *bar {
	b := &bar{session: s, begun: time.Now(), last: time.Now(), before: -1}
	f, ok := s.err.(*os.File)
	if s.json || !ok || !isatty.IsTerminal(f.Fd()) {
		return b
	}
	t := s.language.of
	b.pool = mpb.New(mpb.WithOutput(f), mpb.WithWidth(40))
	b.bar = b.pool.AddBar(int64(rows),
		mpb.PrependDecorators(decor.CountersNoUnit("%d / %d ")),
		mpb.AppendDecorators(
			decor.Percentage(),
			decor.Any(func(decor.Statistics) string {
				return "  " + t(sayf("%.0f rows/s", "%.0f 行/秒", b.rate()))
			}),
			decor.Any(func(decor.Statistics) string { return "  " + t(sayf("%s left", "剩余 %s", b.left())) }),
		))
	return b
}

// show is told of every change, not concurrently.
func (b *bar) show(p bulk.Progress) {
	if b.before < 0 {
		b.before = closed(p)
	}
	b.latest = p
	if b.bar != nil {
		b.bar.SetTotal(int64(p.Rows), false) // of a folder only its journal knows it
		b.bar.SetCurrent(int64(closed(p)))
		return
	}
	if time.Since(b.last) < linePause {
		return
	}
	b.last = time.Now()
	b.session.notef("%d of %d rows, %d refused, %.0f rows/s, %s left", "%d/%d 行，拒绝 %d，%.0f 行/秒，剩余 %s", closed(p), p.Rows, p.Refused, b.rate(), b.left())
}

// retry tells, now and then, why nothing moves. Several goroutines call it.
func (b *bar) retry(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if time.Since(b.again) < retryPause {
		return
	}
	b.again = time.Now()
	t := sayf("It is tried again: %s", "正在重试：%s", adviceOf(err))
	if r, ok := client.RefusalOf(err); ok {
		t = sayf("It is tried again: %s", "正在重试：%s", r.Text)
	}
	if b.pool == nil {
		b.session.notef("%s", "%s", t)
		return
	}
	fmt.Fprintln(plainWriter{b.pool}, b.session.language.of(t)) // above the bar
}

// retryPause is the time between lines about what is tried again.
const retryPause = 30 * time.Second

// closed returns how many rows need nothing more from here.
func closed(p bulk.Progress) int { return p.Rows - p.Open() + p.Prepared }

// rate is rows a second of this run.
func (b *bar) rate() float64 {
	return float64(closed(b.latest)-max(b.before, 0)) / max(time.Since(b.begun).Seconds(), 0.001)
}

func (b *bar) left() string {
	rate := b.rate()
	if rate < 0.01 {
		return "?"
	}
	return fmt.Sprint(time.Duration(float64(b.latest.Rows-closed(b.latest)) / rate * float64(time.Second)).Round(time.Second))
}

func (b *bar) end() {
	if b.pool != nil {
		b.bar.Abort(false) // leaves it as it stands; nothing happens to one that is full
		b.pool.Wait()
	}
}
