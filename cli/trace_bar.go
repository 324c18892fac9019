package cli

import (
	"os"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// traceBar shows how many of something are done: a bar on a terminal, else a line now
// and then.
type traceBar struct {
	session *session
	pool    *mpb.Progress // nil without a terminal
	bar     *mpb.Bar
	total   int
	begun   time.Time
	last    time.Time // of the last line
}

func (s *session) traceBar(total int) *traceBar {
	b := &traceBar{session: s, total: total, begun: time.Now(), last: time.Now()}
	f, ok := s.err.(*os.File)
	if s.json || !ok || !isatty.IsTerminal(f.Fd()) {
		return b
	}
	b.pool = mpb.New(mpb.WithOutput(f), mpb.WithWidth(40))
	b.bar = b.pool.AddBar(int64(total),
		mpb.PrependDecorators(decor.CountersNoUnit("%d / %d ")),
		mpb.AppendDecorators(decor.Percentage(), decor.AverageETA(decor.ET_STYLE_GO, decor.WC{W: 8})))
	return b
}

// show is told of the progress, not concurrently.
func (b *traceBar) show(done int) {
	if b.bar != nil {
		b.bar.SetCurrent(int64(done))
		return
	}
	if time.Since(b.last) < linePause {
		return
	}
	b.last = time.Now()
	b.session.notef("%d of %d, %.0f/s", "%d/%d，%.0f/秒", done, b.total, float64(done)/time.Since(b.begun).Seconds())
}

func (b *traceBar) end() {
	if b.pool != nil {
		b.bar.Abort(false)
		b.pool.Wait()
	}
}
