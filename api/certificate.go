package api

import "time"

// Text is a text in both languages.
type Text struct {
	En string `json:"en"`
	Zh string `json:"zh"`
}

// Ref names a certificate.
type Ref struct {
	Issuer string `json:"issuer" doc:"Approval number of the body" example:"CNCA-R-2002-001"`
	Number string `json:"number" example:"00117Q12345R0M/3700"`
}

// Effective is what holds of a certificate at an instant, or at the end of a
// date.
type Effective struct {
	Status       string `json:"status" doc:"valid, suspended, revoked, cancelled, expired or annulled"`
	Code         string `json:"code,omitempty" doc:"National code of the status, 01 to 05"`
	Text         Text   `json:"text" doc:"The status in words"`
	Reason       string `json:"reason,omitempty" doc:"Reason code, from the table of the family"`
	ReasonText   *Text  `json:"reason_text,omitempty"`
	Since        string `json:"since" doc:"First day of the status"`
	OverdueSince string `json:"overdue_since,omitempty" doc:"Day after the end of a suspension that was not resolved"`
	Flags        []Flag `json:"flags,omitempty"`
	Holds        bool   `json:"holds" doc:"Valid, and no blocking flag"`
}

// Flag is a mark beside the status.
type Flag struct {
	Name     string `json:"name" doc:"As body-stopped"`
	Text     Text   `json:"text"`
	Blocking bool   `json:"blocking" doc:"The claim valid does not hold under it"`
}

// Certificate is a certificate as it now is, or was at the height asked for.
type Certificate struct {
	Ref
	Scheme         string    `json:"scheme" doc:"Item code, as A010101"`
	Family         string    `json:"family"`
	Holder         string    `json:"holder" doc:"Unified social credit code, organisation code or foreign id"`
	FirstIssued    string    `json:"first_issued"`
	Issued         string    `json:"issued"`
	Expires        string    `json:"expires" doc:"The last day"`
	SuspendedFrom  string    `json:"suspended_from,omitempty"`
	SuspendedUntil string    `json:"suspended_until,omitempty"`
	Version        uint32    `json:"version" doc:"Counts the texts from 1"`
	Records        uint32    `json:"records" doc:"Records in the history"`
	Effective      Effective `json:"effective"`
	At             time.Time `json:"at" doc:"The instant that effective is for: the time of the block"`
	DetailsHash    string    `json:"details_hash" doc:"SM3 of the encoded details"`
	Details        *Details  `json:"details,omitempty"`
	// The member that has the issuer's approval number.
	Member      string      `json:"member,omitempty"`
	IssuerName  *Text       `json:"issuer_name,omitempty"`
	Unsound     []Ref       `json:"unsound,omitempty" doc:"Certificates that this one rests on and that are not valid"`
	Compromised []string    `json:"compromised,omitempty" doc:"Keys behind the present status that were in other hands then"`
	Orders      []OpenOrder `json:"orders,omitempty"`
	Warnings    []string    `json:"warnings,omitempty" doc:"Regulators that warn of it"`
	Successor   *Ref        `json:"successor,omitempty"`
}

// OpenOrder is a regulator's order that is not closed.
type OpenOrder struct {
	Record uint32 `json:"record" doc:"Record that filed it"`
	Due    string `json:"due"`
}

// Party is an organisation named on a certificate.
type Party struct {
	NameZh    string `json:"name_zh,omitempty"`
	NameEn    string `json:"name_en,omitempty"`
	AddressZh string `json:"address_zh,omitempty"`
	AddressEn string `json:"address_en,omitempty"`
	Country   string `json:"country,omitempty" doc:"ISO 3166-1 numeric" example:"156"`
	Region    string `json:"region,omitempty" doc:"GB/T 2260, six digits"`
}

// Details is the text of a certificate.
type Details struct {
	Holder     *Party   `json:"holder"`
	ScopeZh    string   `json:"scope_zh,omitempty"`
	ScopeEn    string   `json:"scope_en,omitempty"`
	ScopeCodes []string `json:"scope_codes,omitempty"`
	Standards  []string `json:"standards"`
	Marks      []string `json:"marks,omitempty" doc:"Codes of accreditation marks"`
	Producer   *Party   `json:"producer,omitempty"`
	Factory    *Party   `json:"factory,omitempty"`
	TradeMark  string   `json:"trade_mark,omitempty"`
	Models     []string `json:"models,omitempty"`
	GTINs      []string `json:"gtins,omitempty"`
	Main       *Ref     `json:"main,omitempty"`
	Components []Ref    `json:"components,omitempty"`
	Document   string   `json:"document,omitempty" doc:"SM3 of the signed document"`
	Evidence   []string `json:"evidence,omitempty" doc:"Ids of evidence anchors"`
}

// Record is one entry of a certificate's history.
type Record struct {
	N             uint32    `json:"n" doc:"From 1"`
	Action        string    `json:"action"`
	Text          Text      `json:"text" doc:"The action in words"`
	From          string    `json:"from,omitempty" doc:"Status before"`
	Status        string    `json:"status" doc:"Status after"`
	Reason        string    `json:"reason,omitempty"`
	Decided       string    `json:"decided"`
	Actor         string    `json:"actor,omitempty" doc:"Member; absent for the chain"`
	Signers       []Signer  `json:"signers,omitempty"`
	Height        uint64    `json:"height"`
	Time          time.Time `json:"time"`
	Tx            string    `json:"tx,omitempty"`
	Version       uint32    `json:"version"`
	ChangeType    string    `json:"change_type,omitempty"`
	ReissueReason string    `json:"reissue_reason,omitempty"`
	Evidence      []string  `json:"evidence,omitempty"`
	DetailsHash   string    `json:"details_hash"`
	DetailsBefore string    `json:"details_before,omitempty"`
	Until         string    `json:"until,omitempty" doc:"Last day of a suspension"`
	Link          *Ref      `json:"link,omitempty"`
	Reverses      uint32    `json:"reverses,omitempty"`
	Imported      bool      `json:"imported,omitempty"`
	Note          string    `json:"note,omitempty"`
}

// Signer is a key that an act relies on.
type Signer struct {
	Member string `json:"member"`
	Key    string `json:"key"`
	Duty   string `json:"duty"`
}

// CertificateList is a page of certificates.
type CertificateList struct {
	Items []Certificate `json:"items" doc:"Without details"`
	Next  string        `json:"next,omitempty" doc:"Value of the parameter cursor for the following page"`
}

// Issuers says who has issued certificates with a number. None proves a
// forgery.
type Issuers struct {
	Number  string   `json:"number"`
	Issuers []string `json:"issuers"`
}

// History is a page of a history.
type History struct {
	Items []Record `json:"items"`
	Next  uint32   `json:"next,omitempty" doc:"Value of the parameter from for the following page"`
}

// Status of a certificate at the end of a date.
type OnDate struct {
	Ref
	Date      string    `json:"date"`
	Effective Effective `json:"effective"`
	Record    Record    `json:"record" doc:"The last one decided on or before the date"`
}

// Bar keeps a holder from certificates of a scope.
type Bar struct {
	Scope       string `json:"scope"`
	Since       string `json:"since"`
	Until       string `json:"until" doc:"The last day"`
	Reason      string `json:"reason"`
	Certificate Ref    `json:"certificate" doc:"The certificate that was revoked"`
}

// BarList is a page of bars.
type BarList struct {
	Items []Bar  `json:"items"`
	Next  string `json:"next,omitempty"`
}
