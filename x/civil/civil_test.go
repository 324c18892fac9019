package civil

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDateOf(t *testing.T) {
	for _, c := range []struct{ instant, want string }{
		{"2017-12-01T15:59:59Z", "2017-12-01"}, // 23:59:59 in Beijing
		{"2017-12-01T16:00:00Z", "2017-12-02"},
		{"2016-02-29T00:00:00Z", "2016-02-29"},
		{"1970-01-01T15:59:59Z", "-"}, // the day that cannot be expressed
		{"1970-01-01T16:00:00Z", "1970-01-02"},
		{"1969-12-30T00:00:00Z", "-"},
		{"9999-12-31T15:59:59Z", "9999-12-31"},
		{"9999-12-31T16:00:00Z", "-"},
	} {
		instant, err := time.Parse(time.RFC3339, c.instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := DateOf(instant).String(); got != c.want {
			t.Errorf("DateOf(%s) = %s, want %s", c.instant, got, c.want)
		}
	}
}

func TestParse(t *testing.T) {
	for _, bad := range []string{"", "2017-1-01", "2017-02-29", "2017-13-01", "20170101", "1970-01-01", "1969-12-31", "10000-01-01", "2017-12-01 "} {
		if d, err := Parse(bad); err == nil {
			t.Errorf("Parse(%q) = %s", bad, d)
		}
	}
}

func TestAddMonths(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2025-01-31", 1, "2025-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2025-08-31", 6, "2026-02-28"},
		{"2025-07-25", 12, "2026-07-25"},
		{"2025-03-31", -1, "2025-02-28"},
		{"2025-12-15", 1, "2026-01-15"},
	} {
		d, err := Parse(c.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.AddMonths(c.n).String(); got != c.want {
			t.Errorf("%s + %d months = %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

// A day begins where the one before ends, and every instant of it is on it.
func TestDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Date(rapid.Int32Range(2, int32(maxDate)-1).Draw(t, "day"))
		if got, err := Parse(d.String()); err != nil || got != d {
			t.Fatalf("Parse(%s) = %d, %v; want %d", d, got, err, d)
		}
		if !d.End().Equal((d + 1).Start()) || d.End().Sub(d.Start()) != 24*time.Hour {
			t.Fatalf("%s is from %s to %s", d, d.Start(), d.End())
		}
		within := time.Duration(rapid.Int64Range(0, int64(24*time.Hour)-1).Draw(t, "within"))
		if got := DateOf(d.Start().Add(within)); got != d {
			t.Fatalf("%s after the start of %s is on %s", within, d, got)
		}
	})
}
