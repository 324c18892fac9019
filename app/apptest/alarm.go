package apptest

import (
	"context"
	"errors"
	"log/slog"
	"sync"
)

// alarms are what the nodes reported as errors: a transaction or a block that
// cannot be executed. A transaction that does so was made to stop the chain, and
// a node that leaves it out of its proposals only hides it.
type alarms struct {
	mu   sync.Mutex
	list []error
}

func (a *alarms) err() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return errors.Join(a.list...)
}

// alarm is the handler of a node's log that keeps them.
type alarm struct{ *alarms }

var _ slog.Handler = alarm{}

// Enabled implements slog.Handler.
func (alarm) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelError }

// Handle implements slog.Handler.
func (a alarm) Handle(_ context.Context, r slog.Record) error {
	text := r.Message
	r.Attrs(func(at slog.Attr) bool {
		text += " " + at.String()
		return true
	})
	a.mu.Lock()
	defer a.mu.Unlock()
	a.list = append(a.list, errors.New(text))
	return nil
}

// WithAttrs implements slog.Handler. The application has none.
func (a alarm) WithAttrs([]slog.Attr) slog.Handler { return a }

// WithGroup implements slog.Handler.
func (a alarm) WithGroup(string) slog.Handler { return a }
