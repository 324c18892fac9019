package node

import (
	"context"
	"io"
	"log/slog"
	"strings"
)

// Logger returns the logger that the configuration asks for. What has the
// attribute "module" is held to that module's level.
func (c *Config) Logger(w io.Writer) *slog.Logger {
	level, _ := parseLevel(c.Log.Level) // was checked
	modules := map[string]slog.Level{}
	for _, m := range c.Log.Modules {
		name, text, _ := strings.Cut(m, ":")
		modules[name], _ = parseLevel(text)
	}
	options := &slog.HandlerOptions{Level: slog.LevelDebug} // levels decides
	var next slog.Handler = slog.NewTextHandler(w, options)
	if c.Log.Format == "json" {
		next = slog.NewJSONHandler(w, options)
	}
	return slog.New(levels{next, level, modules})
}

// levels holds records to the level of their module.
type levels struct {
	slog.Handler
	least   slog.Level
	modules map[string]slog.Level // not changed
}

func (l levels) Enabled(_ context.Context, level slog.Level) bool { return level >= l.least }

func (l levels) WithAttrs(attrs []slog.Attr) slog.Handler {
	for _, a := range attrs {
		if least, ok := l.modules[a.Value.String()]; ok && a.Key == "module" {
			l.least = least
		}
	}
	l.Handler = l.Handler.WithAttrs(attrs)
	return l
}

func (l levels) WithGroup(name string) slog.Handler {
	l.Handler = l.Handler.WithGroup(name)
	return l
}
