package certificate

import (
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Every key of the module begins with 0x05. A certificate is named by its
// issuer's approval number and its number, each as store.AppendText has it.
var (
	// heads, texts and records are the certificates: head, present details, and
	// history by (certificate, n). formers has the details of each version
	// before the present one.
	heads   = store.NewMap("\x05h", refKey, headCodec)
	texts   = store.NewMap("\x05d", refKey, detailsCodec)
	formers = store.NewMap("\x05v", numberedKey, detailsCodec)
	records = store.NewMap("\x05r", numberedKey, recordCodec)

	// numbers lists by number who has issued such a certificate: that there is
	// none under any body is one absent key.
	numbers = store.NewMap("\x05n", store.Text{}, issuersCodec)
	// holders has the certificates of each holder.
	holders = store.NewMap("\x05o", holderKey, store.Nothing{})
	// uses has, for a main certificate or a component, those that rest on it.
	uses = store.NewMap("\x05u", useKey, store.Nothing{})
	// grounds has, for an anchor of evidence, the records that rest on it.
	grounds = store.NewMap("\x05e", groundKey, store.Nothing{})
	// successors has the certificate that replaced one.
	successors = store.NewMap("\x05x", refKey, successorCodec)

	// bars has every bar, barred the end of the longest by (holder, scope).
	bars   = store.NewMap("\x05b", barKey, barCodec)
	barred = store.NewMap("\x05B", barredKey, barredCodec)

	// supervisions has what regulators hold against a certificate, orders every
	// order by (certificate, record that filed it).
	supervisions = store.NewMap("\x05s", refKey, supervisionCodec)
	orders       = store.NewMap("\x05O", numberedKey, orderCodec)

	// queue has what time alone will do, by the day on which it is due.
	queue = store.NewMap("\x05q", dueKey, store.Nothing{})

	// imports counts what was imported by (member, window); releases has what
	// governance has released to whom.
	imports  = store.NewMap("\x05i", windowKey, store.Uint64{})
	releases = store.NewMap("\x05t", releaseKey, releaseCodec)
)

// HeadKey is the key of the head of a certificate, whose value
// rules.DecodeHead reads.
func HeadKey(c rules.Ref) []byte { return heads.Key(c) }

// DetailsKey is the key of the present details, which rules.DecodeDetails reads.
func DetailsKey(c rules.Ref) []byte { return texts.Key(c) }

// RecordKey is the key of record n of the history, which rules.DecodeRecord
// reads.
func RecordKey(c rules.Ref, n uint32) []byte { return records.Key(numbered{c, n}) }

// NumberKey is the key that is absent if nobody has issued a certificate with
// the number.
func NumberKey(number string) []byte { return numbers.Key(number) }

// BarredKey is the key that is absent if no bar keeps a holder from
// certificates of a scope (rules.BarScope).
func BarredKey(holder, scope string) []byte {
	return barred.Key(holderScope{HolderOf(holder), scope})
}

// OrderKey is the key of the order that record n of a certificate filed.
func OrderKey(c rules.Ref, n uint32) []byte { return orders.Key(numbered{c, n}) }

// SuccessorKey is the key that is absent if nothing has replaced a certificate.
func SuccessorKey(c rules.Ref) []byte { return successors.Key(c) }

// numbered is a certificate and the number of a record, version or order of it.
type numbered struct {
	ref rules.Ref
	n   uint32
}

// holding is a holder and one of its certificates.
type holding struct {
	holder string // see HolderOf
	ref    rules.Ref
}

// use is a certificate, and another that rests on it.
type use struct{ used, by rules.Ref }

// ground is an anchor of evidence, and record n of a certificate that rests on it.
type ground struct {
	anchor sm3.Hash
	numbered
}

// holderScope is what a holder can be barred from.
type holderScope struct{ holder, scope string }

// barID orders the bars of a holder and scope by their end, the last first.
type barID struct {
	holderScope
	until civil.Date
	ref   rules.Ref // the certificate that was revoked
}

// due is what time alone will do: to a certificate, or to an order if n is the
// record that filed it.
type due struct {
	day  civil.Date // at its beginning
	kind dueKind
	ref  rules.Ref
	n    uint32
}

type dueKind uint8

const (
	dueOverdue dueKind = 1 // a suspension ends
	dueLapse   dueKind = 2 // a certificate ends
	dueOrder   dueKind = 3 // the deadline of an order passes
)

// window is a member and an import window of it.
type window struct {
	member string
	id     uint64
}

// takeover is a body that has ended and one that may take over from it.
type takeover struct{ issuer, receiver string }

// HolderOf returns what holders are told apart by: the organisation code, which
// both its old and its new form contain, and for others the code itself.
func HolderOf(code string) string {
	if o := rules.OrganisationOf(code); o != "" {
		return o
	}
	return code
}
