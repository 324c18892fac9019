package node

import (
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"time"

	"github.com/cometbft/cometbft/libs/log"
)

// cometLog is CometBFT's logger, on ours.
type cometLog struct {
	*slog.Logger
	node *Node
}

var _ log.Logger = cometLog{}

// halted is what CometBFT logs when it recovers from a panic of consensus, after
// which it takes no further part.
const halted = "CONSENSUS FAILURE!!!"

// usual is what CometBFT calls an error and is its way of stopping to listen.
var usual = []string{"Error serving server", "Stopped accept routine, as transport is closed"}

func (l cometLog) Debug(msg string, kv ...any) { l.log(slog.LevelDebug, msg, kv) }
func (l cometLog) Info(msg string, kv ...any)  { l.log(slog.LevelInfo, msg, kv) }
func (l cometLog) Warn(msg string, kv ...any)  { l.log(slog.LevelWarn, msg, kv) }

func (l cometLog) Error(msg string, kv ...any) {
	level := slog.LevelError
	switch {
	case msg == halted && len(kv) > 1:
		l.node.halt(kv[1])
	case l.node.stopping.Load() && slices.Contains(usual, msg):
		level = slog.LevelDebug
	}
	l.log(level, msg, kv)
}

// With implements log.Logger.
func (l cometLog) With(kv ...any) log.Logger {
	l.Logger = slog.New(l.Handler().WithAttrs(attrs(kv)))
	return l
}

func (l cometLog) log(level slog.Level, msg string, kv []any) {
	if l.Enabled(context.Background(), level) {
		l.LogAttrs(context.Background(), level, msg, attrs(kv)...)
	}
}

// attrs turns pairs of key and value into attributes, and values that only fmt
// understands into text, since JSON would show their insides.
func attrs(kv []any) []slog.Attr {
	out := make([]slog.Attr, 0, (len(kv)+1)/2)
	for i := 0; i < len(kv); i += 2 {
		if i+1 == len(kv) {
			return append(out, slog.Any("!BADKEY", kv[i]))
		}
		a := slog.Attr{Key: fmt.Sprint(kv[i])}
		if a.Key == slog.MessageKey {
			a.Key = "what" // there is one of that name
		}
		switch v := kv[i+1].(type) {
		case time.Time, time.Duration, string, bool, int, int32, int64, uint64, float64:
			a.Value = slog.AnyValue(v)
		case []byte:
			a.Value = slog.StringValue(hex.EncodeToString(v))
		case net.Listener:
			a.Value = slog.StringValue(v.Addr().String())
		default:
			a.Value = slog.StringValue(fmt.Sprint(v))
		}
		out = append(out, a)
	}
	return out
}
