package member

import (
	"encoding/hex"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// golden checks the bytes of a value, that they are read as the same value, and
// that no byte of them is without meaning: changed, cut or added to, they are
// another value or none.
func golden[V any](t *testing.T, name string, codec store.ValueFuncs[V], v V, want string) {
	t.Helper()
	b, err := codec.EncodeValue(v)
	if err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(b); got != want {
		t.Errorf("%s is\n%s, want\n%s", name, got, want)
	}
	back, err := codec.DecodeValue(b)
	if err != nil || !same(codec, back, v) {
		t.Errorf("%s is read as %+v, %v", name, back, err)
	}
	mangle := func(bad []byte) {
		if back, err := codec.DecodeValue(bad); err == nil && same(codec, back, v) {
			t.Errorf("%s has another encoding: %x", name, bad)
		}
	}
	for i := range b {
		for _, x := range []byte{1, 2, 0x80, 0xff} {
			bad := append([]byte(nil), b...)
			bad[i] ^= x
			mangle(bad)
		}
		mangle(b[:i])
	}
	mangle(append(b[:len(b):len(b)], 0xf8, 0x7f, 1)) // an unknown field
	mangle(append(b[:len(b):len(b)], b...))
}

func goldenAct() Act {
	return Act{Height: 7, Time: noon, TxID: TxID{31: 9}, Member: "cnca", Keys: []Key{{2, 1}}}
}

// What goldenAct is in the values below.
const goldenActHex = "0807108080f2c8eaeef8e1141a2000000000000000000000000000000000000000000000000000000000000000092204636e6361" +
	"2a21020100000000000000000000000000000000000000000000000000000000000000"

const (
	goldenMember = "0a390a03e4b8ad1201431a123931343430333030313932323033383231362a02030432063434303330303a0f434e43412d522d323030322d303031" +
		"1002180220012a0363716d30033a01724257" + goldenActHex
	goldenForeign = "0a18120143220c0a03474252120243481a01312a0102420230321001180130014200"
	goldenKey     = "0a0363716310011a026831" + "2257" + goldenActHex + "288180f2c8eaeef8e114" +
		"3221030100000000000000000000000000000000000000000000000000000000000000" +
		"3a0e0803108080f2c8eaeef8e1141a00" + "420e088080f2c8eaeef8e11412023001"
	goldenGrant = "0a04636e6173120230311a04433030312203413031220341303228e8840130d08c013a00" +
		"4212080110cc85011a0541303130312201722a00"
	goldenReservation = "0a0363716312047365616c1807208080f2c8eaeef8e114"
)

func TestGolden(t *testing.T) {
	act := goldenAct()
	golden(t, "a member", memberCodec, Member{
		Profile: Profile{NameZh: "中", NameEn: "C", USCC: "914403001922038216", Roles: []Role{3, 4}, Region: "440300", ApprovalNumber: "CNCA-R-2002-001"},
		Version: 2, Status: StatusSuspended, Stopped: true, Caretaker: "cqm", Change: ChangeSuspend, Reason: "r", Act: act,
	}, goldenMember)
	golden(t, "a foreign member", memberCodec, Member{
		Profile: Profile{NameEn: "C", Foreign: ForeignRegistration{"GBR", "CH", "1"}, Roles: []Role{2}, Marks: []string{"02"}},
		Version: 1, Status: StatusActive, Change: ChangeAdmit,
	}, goldenForeign)
	golden(t, "a key", keyCodec, KeyRecord{
		Member: "cqc", Duty: exec.DutyAdmin, Holder: "h1", Registered: act, UsableFrom: noon.Add(time.Nanosecond), Replaces: Key{3, 1},
		End: KeyEnd{EndRotated, noon, Act{}}, Compromise: Compromise{noon, Act{Governed: true}},
	}, goldenKey)
	golden(t, "a grant", grantCodec, Grant{
		By: "cnas", Mark: "01", Number: "C001", Schemes: []string{"A01", "A02"}, From: 17000, Until: 18000,
		Steps: []Step{{Kind: StepRestrict, Date: 17100, Schemes: []string{"A0101"}, Reason: "r"}},
	}, goldenGrant)
	golden(t, "a list of grants", numbersCodec, []uint64{1, 300}, "0a0301ac02")
	golden(t, "a reservation", reservationCodec, Reservation{"cqc", "seal", 7, noon}, goldenReservation)
}

// Values that no handler writes are corrupt, not zero.
func TestCorrupt(t *testing.T) {
	for name, b := range map[string]string{
		"nothing": "", "no status": "10013001" + "4200", "status 4": "1001180430014200", "no act": "100118013001",
		"unknown role": "0a042a0108100118013001" + "4200", "short key": "10011801300142042a020203",
	} {
		raw, err := hex.DecodeString(b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := memberCodec.DecodeValue(raw); err == nil {
			t.Errorf("%s: %s is a member", name, b)
		}
	}
	for _, b := range []string{"", "10012200", "0a0161", "2200", "10052200", "1001220032020203"} {
		raw, _ := hex.DecodeString(b)
		if _, err := keyCodec.DecodeValue(raw); err == nil && b != "10012200" {
			t.Errorf("%s is a key", b)
		}
	}
	for _, b := range []string{"", "3a00", "280130013a004200", "280130013a00420210014a00"} {
		raw, _ := hex.DecodeString(b)
		if _, err := grantCodec.DecodeValue(raw); err == nil {
			t.Errorf("%s is a grant", b)
		}
	}
}

func TestKeyCodecs(t *testing.T) {
	for _, k := range []place{{"", 0}, {"cqc", 1}, {"a\x00b", 1 << 63}} {
		roundTrip(t, placeKeys, k)
	}
	roundTrip(t, registrationKeys, registration{"GBR", "Companies House", "1"})
	roundTrip(t, roleKeys, roleKey{RoleRegulator, "cnca"})
	roundTrip(t, keyKeys, Key{2, 3})
	roundTrip(t, heldKeys, heldKey{"cqc", true, exec.DutyAdmin, Key{2, 3}})
	roundTrip(t, countKeys, countKey{"cqc", exec.DutyAdmin})
	roundTrip(t, scopeKeys, scope{"cqc", "01", "A01"})
	storetest.DisjointPrefixes(t, members.Prefix(), versions.Prefix(), registrations.Prefix(), approvals.Prefix(), roles.Prefix(),
		keys.Prefix(), held.Prefix(), counts.Prefix(), reserved.Prefix(), grants.Prefix(), grantCounts.Prefix(), grantIndex.Prefix())
}

// roundTrip checks that a key is read as what it was, and that no part of it is
// read as one, nor is it with something after it.
func roundTrip[K comparable](t *testing.T, codec store.KeyFuncs[K], k K) {
	t.Helper()
	b := codec.AppendKey(nil, k)
	if got, err := codec.DecodeKey(b); err != nil || got != k {
		t.Errorf("%v is read as %v, %v", k, got, err)
	}
	for n := range b {
		if got, err := codec.DecodeKey(b[:n]); err == nil {
			t.Errorf("%x is read as %v", b[:n], got)
		}
	}
	if got, err := codec.DecodeKey(append(b, 1)); err == nil {
		t.Errorf("%x is read as %v", append(b, 1), got)
	}
}
