package rules

// Status is what a certificate is. 1 to 5 are the national codes 01 to 05.
type Status uint8

// The statuses. None is that of a certificate that the ledger does not have.
const (
	None      Status = 0
	Valid     Status = 1
	Suspended Status = 2
	Revoked   Status = 3 // 撤销, withdrawal in ISO/IEC 17021-1
	Cancelled Status = 4
	Expired   Status = 5
	Annulled  Status = 6 // the record was filed in error; no national code

	// AsStated is only ever a result of Next: the act itself names the status.
	// An import states it; a reversal restores the status before the record
	// that it reverses.
	AsStated Status = 255
)

// The results that the table of transitions fills in by family or by the
// status before.
const (
	same      Status = 250
	byLapse   Status = 251
	byReplace Status = 252
)

// Statuses lists every status that a stored certificate can have.
var Statuses = []Status{Valid, Suspended, Revoked, Cancelled, Expired, Annulled}

var statusNames = []Text{
	None:      {"none", "无"},
	Valid:     {"valid", "有效"},
	Suspended: {"suspended", "暂停"},
	Revoked:   {"revoked", "撤销"},
	Cancelled: {"cancelled", "注销"},
	Expired:   {"expired", "过期失效"},
	Annulled:  {"annulled", "记录作废"},
}

// Text is a text in both languages.
type Text struct{ English, Chinese string }

// Known reports whether s is a status that a stored certificate can have.
func (s Status) Known() bool { return s >= Valid && s <= Annulled }

// Live reports whether s is valid or suspended: whether time can still end it.
func (s Status) Live() bool { return s == Valid || s == Suspended }

// Final reports whether s ends a certificate; only a reversal undoes it.
func (s Status) Final() bool { return s.Known() && !s.Live() }

// Code is the national code of s, 01 to 05, or empty.
func (s Status) Code() string {
	if s < Valid || s > Expired {
		return ""
	}
	return "0" + string('0'+rune(s))
}

// Text returns the name of s in both languages.
func (s Status) Text() Text {
	if int(s) >= len(statusNames) {
		if s == AsStated {
			return Text{"as stated", "依行为所载"}
		}
		return Text{"unknown", "未知"}
	}
	return statusNames[s]
}

func (s Status) String() string { return s.Text().English }
