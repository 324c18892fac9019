package validator

import (
	"strings"
	"testing"

	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
)

func TestPowerLimits(t *testing.T) {
	type changes = []*validatorv1.Change
	five := []uint64{10, 10, 10, 10, 10} // 50: at most 16 may go
	for _, c := range []struct {
		what    string
		powers  []uint64
		changes changes
		exempt  bool
		want    string // part of the refusal, or empty
	}{
		{"remove a third", []uint64{10, 10, 10}, changes{removing(0)}, false, ""},
		{"remove more than a third", []uint64{11, 10, 10}, changes{removing(0)}, false, "removed or lowered"},
		{"remove one of four", []uint64{10, 10, 10, 10}, changes{removing(0)}, false, ""},
		{"remove two of four", []uint64{10, 10, 10, 10}, changes{removing(0), removing(1)}, false, "removed or lowered"},
		{"remove two of six", []uint64{1, 1, 1, 1, 1, 1}, changes{removing(0), removing(1)}, false, ""},
		{"remove one, lower one", five, changes{removing(0), powering(1, 4)}, false, ""},
		{"remove one, lower one more", five, changes{removing(0), powering(1, 3)}, false, "removed or lowered"},
		{"lower a third", []uint64{30, 20, 10}, changes{powering(0, 10)}, false, ""},
		{"add a third", []uint64{10, 10}, changes{adding(t, 2, 2, 10)}, false, ""},
		{"add more than a third", []uint64{10, 10}, changes{adding(t, 2, 2, 11)}, false, "added or raised"},
		{"raise and add a third", five, changes{powering(0, 20), adding(t, 5, 5, 15)}, false, ""},
		{"raise and add more", five, changes{powering(0, 20), adding(t, 5, 5, 16)}, false, "added or raised"},
		{"replace one by one", []uint64{10, 10, 10, 10}, changes{removing(0), adding(t, 4, 4, 10)}, false, ""},
		{"replace two by two", five, changes{removing(0), adding(t, 5, 5, 10), removing(1), adding(t, 6, 6, 10)}, false, "removed or lowered"},

		{"a key of the strongest", []uint64{90, 1, 1, 1}, changes{consensusing(0, 20)}, false, ""},
		{"a seal key of the strongest", []uint64{90, 1, 1, 1}, changes{sealing(t, 0, 0, 20)}, false, ""},
		{"both keys of one", []uint64{90, 1, 1, 1}, changes{consensusing(0, 20), sealing(t, 0, 20, 20)}, false, ""},
		{"both keys, proof for the old", []uint64{90, 1, 1, 1}, changes{sealing(t, 0, 0, 20), consensusing(0, 20)}, false, ""},
		{"keys of two: one counts", five, changes{consensusing(0, 20), consensusing(1, 21)}, false, ""},
		{"keys of two: the weaker counts", []uint64{90, 10, 10}, changes{consensusing(1, 20), consensusing(0, 21)}, false, ""},
		{"keys of two in four", []uint64{10, 10, 5, 5}, changes{consensusing(0, 20), sealing(t, 1, 1, 21)}, false, ""},
		{"keys of three in five", five, changes{consensusing(0, 20), consensusing(1, 21), sealing(t, 2, 2, 22)}, false, "removed or lowered"},
		{"a key at another power", five, changes{consensusing(0, 20), powering(0, 11)}, false, ""},
		{"a key at another power counts whole", []uint64{20, 10, 10, 10}, changes{consensusing(0, 20), powering(0, 19)}, false, "removed or lowered"},

		{"exempt: from one to five", []uint64{10}, changes{adding(t, 1, 1, 10), adding(t, 2, 2, 10), adding(t, 3, 3, 1000)}, true, ""},
		{"exempt: all others", []uint64{10, 10, 10}, changes{removing(0), removing(1), removing(2), adding(t, 3, 3, 1)}, true, ""},
		{"not exempt: four", []uint64{10, 10, 10, 10}, changes{removing(0)}, true, "validator_not_exempt"},
		{"one alone, not exempt", []uint64{10}, changes{adding(t, 1, 1, 10)}, false, "added or raised"},
		{"huge", []uint64{MaxTotal / 2, MaxTotal / 2}, changes{powering(0, MaxTotal/6+1)}, false, ""},
		{"huge, more than a third", []uint64{MaxTotal / 2, MaxTotal / 2}, changes{powering(0, MaxTotal/8)}, false, "removed or lowered"},
	} {
		w := newWorld(t, c.powers...)
		err := w.set(c.exempt, c.changes...)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.what, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
		if c.want == "" {
			w.runTo(25)
		}
	}
}

// MaxTotal is the most power that a set may have.
const MaxTotal = uint64(maxTotalVotingPower)

func TestCheckUpdates(t *testing.T) {
	k := consensusKeyOf
	from := []Validator{{ConsensusKey: k(0), Power: 10}, {ConsensusKey: k(1), Power: MaxTotal - 20}}
	for _, c := range []struct {
		what string
		ups  []Update
		want string
	}{
		{"none", nil, ""},
		{"negative", []Update{{k(0), -1}}, "negative"},
		{"twice", []Update{{k(0), 1}, {k(0), 1}}, "twice"},
		{"removed and raised", []Update{{k(0), 0}, {k(0), 1}}, "twice"},
		{"unknown removed", []Update{{k(2), 0}}, "not in the set"},
		{"empty", []Update{{k(0), 0}, {k(1), 0}}, "empty"},
		{"all others", []Update{{k(0), 0}, {k(1), 0}, {k(2), 1}}, ""},
		{"one too strong", []Update{{k(2), maxTotalVotingPower + 1}}, "above"},
		{"all too strong", []Update{{k(2), 11}}, "above"},
		{"just not too strong", []Update{{k(2), 10}}, ""},
		{"strong after a removal", []Update{{k(1), 0}, {k(2), maxTotalVotingPower - 10}}, ""},
		{"too strong after a removal", []Update{{k(1), 0}, {k(2), maxTotalVotingPower - 9}}, "above"},
		{"many that would wrap", []Update{
			{k(2), maxTotalVotingPower}, {k(3), maxTotalVotingPower}, {k(4), maxTotalVotingPower}, {k(5), maxTotalVotingPower},
			{k(6), maxTotalVotingPower}, {k(7), maxTotalVotingPower}, {k(8), maxTotalVotingPower}, {k(9), maxTotalVotingPower},
			{k(10), maxTotalVotingPower}, {k(11), maxTotalVotingPower}, {k(12), maxTotalVotingPower}, {k(13), maxTotalVotingPower},
			{k(14), maxTotalVotingPower}, {k(15), maxTotalVotingPower}, {k(16), maxTotalVotingPower}, {k(17), maxTotalVotingPower},
		}, "above"},
	} {
		err := checkUpdates(from, c.ups)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
	}
}
