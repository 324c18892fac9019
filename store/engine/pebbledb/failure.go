package pebbledb

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
)

// ErrFailed is returned by every write after one that failed: what reached the
// disk is then unknown until the database is opened again.
var ErrFailed = errors.New("pebbledb: an earlier write failed; close and reopen the database")

// failure is the reason why a database takes no more writes, once there is one.
// Besides a commit of ours that fails, pebble may fail to flush or compact in
// the background. It would try that again without end, and let commits wait for
// it, or end the process.
type failure struct {
	once  sync.Once
	done  chan struct{} // closed when there is a cause
	cause error
}

func newFailure() *failure { return &failure{done: make(chan struct{})} }

func (f *failure) set(cause error) {
	f.once.Do(func() {
		f.cause = cause
		close(f.done)
	})
}

// get returns the cause, nil if there is none.
func (f *failure) get() error {
	select { //determinism:ok after a failure nothing more is committed
	case <-f.done:
		return f.cause
	default:
		return nil
	}
}

// background takes the error of a flush or compaction and ends its goroutine.
func (f *failure) background(err error) {
	f.set(err)
	if !ours() {
		runtime.Goexit()
	}
}

// logger keeps pebble quiet and takes its Fatalf, which must not return.
type logger struct{ failure *failure }

func (logger) Infof(string, ...any)  {}
func (logger) Errorf(string, ...any) {}

func (l logger) Fatalf(format string, args ...any) {
	err := fatal{fmt.Sprintf(format, args...)}
	l.failure.background(err)
	panic(err)
}

// fatal is what pebble's Fatalf panics with where a caller waits.
type fatal struct{ text string }

func (f fatal) Error() string { return f.text }

// ours reports whether a call of this package waits for this goroutine.
func ours() bool {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for {
		frame, more := frames.Next()
		if strings.Contains(frame.Function, "/pebbledb.(*DB)") || strings.Contains(frame.Function, "/pebbledb.(*Batch)") ||
			strings.Contains(frame.Function, "/pebbledb.Open") {
			return true
		}
		if !more {
			return false
		}
	}
}

// rescued returns the error with which pebble gave up and panicked: that of
// Fatalf, or the plain error of a log that could not be written. Other panics
// go on.
func rescued(r any) error {
	err, ok := r.(error)
	if _, bug := r.(runtime.Error); bug || !ok {
		panic(r)
	}
	return err
}
