package light

import (
	"math"
	"testing"
	"time"
)

// TestAgesInWords writes ages up to those of clocks that are wrong by centuries, where
// a duration has no opposite.
func TestAgesInWords(t *testing.T) {
	for _, c := range []struct {
		age  time.Duration
		want string
	}{
		{0, "0 s"},
		{-time.Second, "in the future by 1 s"},
		{25*time.Hour + 3*time.Second, "1 d 1 h"},
		{math.MaxInt64, "106751 d 23 h"},
		{math.MinInt64, "in the future by 106751 d 23 h"},
	} {
		if got := new(text).age(c.age); got != c.want {
			t.Errorf("%d: %q, want %q", c.age, got, c.want)
		}
	}
}
