package epcis

import (
	"strings"
	"time"
)

// isTime reports whether a field of this name holds a time.
func isTime(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "time") && !strings.Contains(name, "offset")
}

// canonicalTime is the form in which a time is hashed: UTC with three decimals.
// Decimals after the sixth are cut off, then it is rounded to the nearest
// millisecond, half to even. What is no time stays as it is.
func canonicalTime(s string) string {
	t, ok := parseTime(s)
	if !ok {
		return s
	}
	micro := int64(t.Nanosecond()) / 1000
	milli, rest := micro/1000, micro%1000
	if rest > 500 || rest == 500 && milli%2 == 1 {
		milli++
	}
	t = t.Truncate(time.Second).Add(time.Duration(milli) * time.Millisecond)
	if y := t.Year(); y < 1 || y > 9999 {
		return s
	}
	return t.Format("2006-01-02T15:04:05.000Z")
}

// parseTime reads the dateTime of ISO 8601 that EPCIS uses, with the offsets
// +01:00, +0100, +01 and Z. Seconds, the time of day and the offset may be
// missing: then they are 0, and UTC. Decimals after the ninth are cut off.
func parseTime(s string) (time.Time, bool) {
	day, clock, hasClock := s, "", false
	if len(s) > 10 && strings.IndexByte("Tt ", s[10]) >= 0 {
		day, clock, hasClock = s[:10], s[11:], true
	}
	d, err := time.Parse("2006-01-02", day)
	if err != nil || d.Year() < 1 {
		return time.Time{}, false
	}
	if !hasClock {
		return d, true
	}
	end := strings.IndexAny(clock, "Zz+-")
	offset := time.Duration(0)
	if end >= 0 {
		var ok bool
		if offset, ok = parseOffset(clock[end:]); !ok {
			return time.Time{}, false
		}
		clock = clock[:end]
	}
	clock, fraction, hasFraction := strings.Cut(strings.Replace(clock, ",", ".", 1), ".")
	nano, ok := parseFraction(fraction)
	if hasFraction && !ok || hasFraction && len(clock) != 8 {
		return time.Time{}, false
	}
	var h, m, sec int
	switch {
	case len(clock) == 5 && clock[2] == ':':
		h, m = two(clock[:2]), two(clock[3:])
	case len(clock) == 8 && clock[2] == ':' && clock[5] == ':':
		h, m, sec = two(clock[:2]), two(clock[3:5]), two(clock[6:])
	default:
		return time.Time{}, false
	}
	if h < 0 || h > 23 || m < 0 || m > 59 || sec < 0 || sec > 59 {
		return time.Time{}, false
	}
	seconds := time.Duration(h*3600+m*60+sec) * time.Second
	return d.Add(seconds + time.Duration(nano) - offset), true
}

// parseOffset reads an offset from UTC, less than a day.
func parseOffset(s string) (time.Duration, bool) {
	if s == "Z" || s == "z" {
		return 0, true
	}
	digits := strings.Replace(s[1:], ":", "", 1)
	if len(digits) != 2 && len(digits) != 4 || strings.Contains(s, ":") && len(s) != 6 {
		return 0, false
	}
	h, m := two(digits[:2]), 0
	if len(digits) == 4 {
		m = two(digits[2:])
	}
	if h < 0 || h > 23 || m < 0 || m > 59 {
		return 0, false
	}
	d := time.Duration(h*60+m) * time.Minute
	if s[0] == '-' {
		d = -d
	}
	return d, true
}

// parseFraction reads decimals as nanoseconds.
func parseFraction(s string) (nano int, ok bool) {
	for i := range max(9, len(s)) {
		c := byte('0')
		if i < len(s) {
			c = s[i]
		}
		if c < '0' || c > '9' {
			return 0, false
		}
		if i < 9 {
			nano = nano*10 + int(c-'0')
		}
	}
	return nano, s != ""
}

// two reads two digits, -1 if they are none.
func two(s string) int {
	if len(s) != 2 || s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9' {
		return -1
	}
	return int(s[0]-'0')*10 + int(s[1]-'0')
}
