package governance

import (
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
)

// Status is what became of a proposal. The numbers are those of the protobuf
// enumeration.
type Status uint8

const (
	Open      Status = 1
	Executed  Status = 2
	Failed    Status = 3 // approved, and impossible to execute
	Rejected  Status = 4
	Withdrawn Status = 5
	Expired   Status = 6
)

var statusNames = [...]string{Open: "open", Executed: "executed", Failed: "failed", Rejected: "rejected", Withdrawn: "withdrawn", Expired: "expired"}

// String returns the name of the status.
func (s Status) String() string {
	if s < Open || s > Expired {
		return fmt.Sprintf("status %d", uint8(s))
	}
	return statusNames[s]
}

const (
	// MaxActions is how many actions a proposal may have.
	MaxActions = 16
	// MaxActionBytes is the size of all of them, encoded.
	MaxActionBytes = 96 << 10
	// MaxOpen is how many open proposals a regulator may have.
	MaxOpen = 100

	maxTitle  = 200 // characters
	maxDetail = 500 // bytes
)

// Proposal is a proposal and what became of it.
type Proposal struct {
	Number   uint64 // from 1
	Proposer string // id of the regulator; empty if a fact raised it (Raise)
	Title    string
	Document sm3.Hash // of the reasons, zero for none
	Actions  []*governancev1.Action
	Height   uint64 // of the block that took it up
	Time     time.Time
	// Expires is the first block time, in Unix seconds, at which it can no
	// longer be decided.
	Expires int64
	Status  Status

	// The rest is zero while it is open.

	Closed     uint64 // height
	ClosedTime time.Time
	Tally      Tally // zero if it was withdrawn or expired
	Failure    Failure
}

// Tally is how the votes stand.
type Tally struct {
	Regulators, Needed, Approvals, Rejections int
}

// Failure says why a proposal that was approved could not be executed.
type Failure struct {
	Code   uint32 // of the refusal
	Action int    // which was refused, from 1; 0: all together
	Detail string
}

// Vote is a regulator's vote on a proposal.
type Vote struct {
	Approve bool
	Key     [33]byte // of the approver
	Height  uint64
	Time    time.Time
}

// StatusAt returns the status at the time of a block: a proposal whose time is
// over has expired, even if that was not recorded yet.
func (p *Proposal) StatusAt(t time.Time) Status {
	if p.Status == Open && t.Unix() >= p.Expires {
		return Expired
	}
	return p.Status
}

// approved and dead say what follows from a tally.
func (t Tally) approved() bool { return t.Regulators > 0 && t.Approvals >= t.Needed }
func (t Tally) dead() bool     { return t.Regulators-t.Rejections < t.Needed }

// checkText refuses what is not 1 to most characters that show as what they are:
// no control characters, no line ends, none that turn the direction of others.
// (The classes of package unicode differ between releases of Go, so they do not
// decide here.)
func checkText(s string, most int) error {
	if n := utf8.RuneCountInString(s); n == 0 || n > most || !utf8.ValidString(s) {
		return fmt.Errorf("it has %d characters, want 1 to %d", n, most)
	}
	for _, c := range s {
		if c < ' ' || c >= 0x7f && c < 0xa0 || c >= 0x200b && c <= 0x200f || c >= 0x2028 && c <= 0x202e || c >= 0x2060 && c <= 0x206f || c == 0xfeff {
			return fmt.Errorf("the character %U does not show", c)
		}
	}
	return nil
}

// isSlug reports whether s is 3 to 40 of a-z, 0-9 and hyphen, beginning and
// ending with a letter or digit.
func isSlug(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return len(s) >= 3 && len(s) <= 40 && s[0] != '-' && s[len(s)-1] != '-'
}
