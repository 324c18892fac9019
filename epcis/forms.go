package epcis

import (
	"net/netip"
	"net/url"
	"strings"
)

// The forms that texts of an event have.

func isOffset(s string) bool {
	if len(s) != 6 || s[0] != '+' && s[0] != '-' || s[3] != ':' {
		return false
	}
	h, m := two(s[1:3]), two(s[4:])
	return 0 <= h && h <= 13 && 0 <= m && m <= 59 || h == 14 && m == 0
}

func isUnit(s string) bool {
	return (len(s) == 2 || len(s) == 3) && only(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}

func isHex(s string) bool { return s != "" && only(s, "0123456789ABCDEFabcdef") }

func isAction(s string) bool { return s == "ADD" || s == "OBSERVE" || s == "DELETE" }

func isVersion(s string) bool {
	for _, part := range strings.Split(s, ".") {
		if part == "" || digitsAt(part) != len(part) {
			return false
		}
	}
	return true
}

// isURI reports whether s is an absolute URI, or an IRI; a CURIE looks like one.
func isURI(s string) bool {
	u, err := url.Parse(s)
	if err != nil || !u.IsAbs() {
		return false
	}
	if host := u.Hostname(); strings.Contains(host, ":") {
		addr, err := netip.ParseAddr(host)
		return err == nil && addr.Is6() && strings.Contains(u.Host, "[")
	}
	return true
}

// isDateTime reports whether s is a date-time of RFC 3339.
func isDateTime(s string) bool {
	if len(s) < len("2006-01-02T15:04:05Z") || s[10] != 'T' && s[10] != 't' {
		return false
	}
	end := 19
	if s[end] == '.' {
		n := digitsAt(s[end+1:])
		if n == 0 {
			return false
		}
		end += 1 + n
	}
	zone := s[end:]
	if zone != "Z" && zone != "z" && len(zone) != 6 {
		return false
	}
	offset, ok := parseOffset(zone)
	if !ok {
		return false
	}
	if two(s[17:19]) != 60 {
		_, ok = parseTime(s[:19] + "Z")
		return ok
	}
	// A leap second is the last of a day in UTC.
	t, ok := parseTime(s[:17] + "59Z")
	t = t.Add(-offset)
	return ok && t.Hour() == 23 && t.Minute() == 59
}
