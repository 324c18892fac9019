package api

import (
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"
)

func clock() time.Time { return time.Unix(1_800_000_000, 0) }

func mustPrefix(i int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 32)
}

func TestAddress(t *testing.T) {
	of := func(remote string) address {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = remote
		return addressOf(r)
	}
	for _, same := range [][2]string{
		{"192.0.2.1:1", "192.0.2.1:2"}, {"192.0.2.1:1", "[::ffff:192.0.2.1]:1"}, {"[2001:db8::1]:1", "[2001:db8::ffff:1]:9"},
		{"[fe80::1%eth0]:1", "[fe80::1]:1"}, {"pipe", ""},
	} {
		if of(same[0]) != of(same[1]) {
			t.Errorf("%q differ", same)
		}
	}
	for _, other := range [][2]string{{"192.0.2.1:1", "192.0.2.2:1"}, {"[2001:db8::1]:1", "[2001:db8:0:1::1]:1"}, {"192.0.2.1:1", "pipe"}} {
		if of(other[0]) == of(other[1]) {
			t.Errorf("%q are the same", other)
		}
	}
}
