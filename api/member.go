package api

import "time"

// Act says when something was done, and by whom. In the genesis all is empty.
type Act struct {
	Height   uint64     `json:"height,omitempty"`
	Time     *time.Time `json:"time,omitempty"`
	Tx       string     `json:"tx,omitempty"`
	Member   string     `json:"member,omitempty"`
	Keys     []string   `json:"keys,omitempty"`
	Governed bool       `json:"governed,omitempty"`
}

// Member is a version of a member.
type Member struct {
	ID             string   `json:"id"`
	NameZh         string   `json:"name_zh,omitempty"`
	NameEn         string   `json:"name_en,omitempty"`
	USCC           string   `json:"uscc,omitempty"`
	Foreign        *Foreign `json:"foreign,omitempty"`
	Roles          []string `json:"roles"`
	Region         string   `json:"region,omitempty"`
	ApprovalNumber string   `json:"approval_number,omitempty"`
	Marks          []string `json:"marks,omitempty"`
	Version        uint64   `json:"version"`
	Status         string   `json:"status" doc:"active, suspended or removed"`
	Stopped        bool     `json:"stopped,omitempty"`
	Caretaker      string   `json:"caretaker,omitempty"`
	Change         string   `json:"change"`
	Reason         string   `json:"reason,omitempty"`
	Act            Act      `json:"act"`
}

// Foreign is a registration abroad.
type Foreign struct {
	Country   string `json:"country"`
	Authority string `json:"authority"`
	Number    string `json:"number"`
}

// MemberList is a page of members, or of versions of one.
type MemberList struct {
	Items []Member `json:"items"`
	Next  string   `json:"next,omitempty"`
}

// Key is what is known of a member's key.
type Key struct {
	Key              string     `json:"key"`
	Member           string     `json:"member"`
	Duty             string     `json:"duty"`
	Holder           string     `json:"holder"`
	Usable           bool       `json:"usable" doc:"At the time of the block"`
	Why              string     `json:"why,omitempty" doc:"Why it is not usable"`
	Registered       Act        `json:"registered"`
	UsableFrom       *time.Time `json:"usable_from,omitempty"`
	Replaces         string     `json:"replaces,omitempty"`
	EndReason        string     `json:"end_reason,omitempty"`
	EndAt            *time.Time `json:"end_at,omitempty"`
	End              *Act       `json:"end,omitempty"`
	CompromisedSince *time.Time `json:"compromised_since,omitempty"`
}

// KeyList is a page of keys.
type KeyList struct {
	Items []Key  `json:"items"`
	Next  string `json:"next,omitempty"`
}

// Nonce says which nonces a key can use.
type Nonce struct {
	Key     string `json:"key"`
	Highest uint64 `json:"highest" doc:"The highest that was used in a block; 0 for none"`
	Span    uint64 `json:"span" doc:"How far above the highest a nonce may be, and how far below it an unused one"`
}

// Grant is an approval or an accreditation of a body.
type Grant struct {
	Number  uint64      `json:"number" doc:"Counts the grants of the body from 1"`
	By      string      `json:"by,omitempty" doc:"Accreditation body; absent for an approval"`
	Mark    string      `json:"mark,omitempty"`
	Name    string      `json:"name,omitempty" doc:"Number of the accreditation certificate"`
	Schemes []string    `json:"schemes"`
	From    string      `json:"from"`
	Until   string      `json:"until"`
	Act     Act         `json:"act"`
	Steps   []GrantStep `json:"steps,omitempty"`
}

// GrantStep is what later became of a grant.
type GrantStep struct {
	Kind    string   `json:"kind" doc:"restrict, suspend, reinstate or end"`
	Date    string   `json:"date"`
	Schemes []string `json:"schemes,omitempty"`
	Reason  string   `json:"reason,omitempty"`
	Act     Act      `json:"act"`
}

// GrantList is a page of grants.
type GrantList struct {
	Items []Grant `json:"items"`
	Next  uint64  `json:"next,omitempty"`
}
