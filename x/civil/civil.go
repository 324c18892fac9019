// Package civil has dates as the rules of certification use them: days of the
// calendar in Beijing (UTC+8, without daylight saving), not instants. "On date
// D" means at the end of D there.
package civil

import (
	"fmt"
	"time"
)

// Date is a day: the number of days since 1970-01-01. The zero value is not a
// date but "none"; 1970-01-01 itself therefore cannot be expressed, nor any day
// before it, nor any after 9999-12-31.
type Date int32

const (
	maxDate = Date(2932896) // 9999-12-31
	layout  = "2006-01-02"
	day     = 24 * 60 * 60
)

var beijing = time.FixedZone("UTC+8", 8*60*60)

// DateOf returns the date in Beijing at t, none if it cannot be expressed.
func DateOf(t time.Time) Date {
	d := Date(0)
	if days := floorDiv(t.Unix()+8*60*60, day); days > 0 && days <= int64(maxDate) {
		d = Date(days)
	}
	return d
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// Parse reads a date of the form 2006-01-02.
func Parse(s string) (Date, error) {
	t, err := time.Parse(layout, s)
	if err != nil {
		return 0, fmt.Errorf("civil: %q is not a date like 2017-12-01", s)
	}
	d := Date(floorDiv(t.Unix(), day))
	if d <= 0 || d > maxDate {
		return 0, fmt.Errorf("civil: date %s is out of range", s)
	}
	return d, nil
}

// Valid reports whether d is a date.
func (d Date) Valid() bool { return d > 0 && d <= maxDate }

// String returns the date as 2006-01-02, "-" for none.
func (d Date) String() string {
	if !d.Valid() {
		return "-"
	}
	return time.Unix(int64(d)*day, 0).UTC().Format(layout)
}

// Start returns the first instant of d in Beijing.
func (d Date) Start() time.Time { return time.Unix(int64(d)*day-8*60*60, 0).In(beijing) }

// End returns the first instant after d in Beijing.
func (d Date) End() time.Time { return (d + 1).Start() }

// AddDays returns the date n days later.
func (d Date) AddDays(n int) Date { return d + Date(n) }

// AddMonths returns the same day n months later, or the last day of that month
// if it is shorter: one month after 31 January is 28 or 29 February.
func (d Date) AddMonths(n int) Date {
	y, m, dom := time.Unix(int64(d)*day, 0).UTC().Date()
	first := time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date(floorDiv(first.Unix(), day)) + Date(min(dom, last)-1)
}
