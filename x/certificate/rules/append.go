package rules

import (
	"encoding/binary"
	"slices"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// The messages, written field by field: the bytes of the generated code's
// deterministic encoding, which tests hold them to, at a fraction of its cost.
// Fields stand in the order of their numbers; those that are zero are left out.

// message is an encoding in the making.
type message struct {
	b   []byte
	bad bool // a string is not UTF-8: the value has no encoding
}

// newMessage returns an empty message with room for size bytes.
func newMessage(size int) *message { return &message{b: make([]byte, 0, size)} }

// bytes returns the encoding, nil if there is none.
func (m *message) bytes() []byte {
	if m.bad {
		return nil
	}
	return m.b
}

func (m *message) number(field protowire.Number, n uint64) {
	if n != 0 {
		m.b = protowire.AppendTag(m.b, field, protowire.VarintType)
		m.b = protowire.AppendVarint(m.b, n)
	}
}

func (m *message) date(field protowire.Number, d civil.Date) { m.number(field, uint64(int64(d))) }

func (m *message) flag(field protowire.Number, is bool) { m.number(field, protowire.EncodeBool(is)) }

func (m *message) text(field protowire.Number, s string) {
	if s != "" {
		m.element(field, s)
	}
}

// element is text for one of a list, which may be empty.
func (m *message) element(field protowire.Number, s string) {
	m.bad = m.bad || !utf8.ValidString(s)
	m.b = protowire.AppendTag(m.b, field, protowire.BytesType)
	m.b = protowire.AppendString(m.b, s)
}

func (m *message) texts(field protowire.Number, list []string) {
	for _, s := range list {
		m.element(field, s)
	}
}

func (m *message) hash(field protowire.Number, h *sm3.Hash) {
	if !h.IsZero() {
		m.data(field, h[:])
	}
}

func (m *message) hashes(field protowire.Number, list []sm3.Hash) {
	for i := range list {
		m.data(field, list[i][:])
	}
}

func (m *message) data(field protowire.Number, b []byte) {
	m.b = protowire.AppendTag(m.b, field, protowire.BytesType)
	m.b = protowire.AppendBytes(m.b, b)
}

// open begins a message within m, close ends the one that open(…) = start began.
func (m *message) open(field protowire.Number) (start int) {
	m.b = append(protowire.AppendTag(m.b, field, protowire.BytesType), 0)
	return len(m.b)
}

func (m *message) close(start int) {
	n := len(m.b) - start
	if more := protowire.SizeVarint(uint64(n)) - 1; more > 0 {
		m.b = slices.Insert(m.b, start, make([]byte, more)...)
	}
	binary.PutUvarint(m.b[start-1:], uint64(n))
}

func (m *message) head(h *Head) {
	m.text(1, h.Issuer)
	m.text(2, h.Number)
	m.text(3, h.Scheme)
	m.text(4, h.Holder)
	m.date(5, h.FirstIssued)
	m.number(6, uint64(h.Version))
	m.number(7, uint64(h.Records))
	m.hash(8, &h.Details)

	start := m.open(9)
	m.number(1, uint64(h.Family))
	m.number(2, uint64(h.Status))
	m.text(3, h.Reason)
	m.date(4, h.Since)
	m.date(5, h.Issued)
	m.date(6, h.Expires)
	m.date(7, h.SuspendedFrom)
	m.date(8, h.SuspendedUntil)
	m.date(9, h.OrderDue)
	m.number(10, uint64(h.Flags))
	m.close(start)
}

func (m *message) details(d *Details) {
	m.party(1, &d.Holder)
	m.text(2, d.ScopeChinese)
	m.text(3, d.ScopeEnglish)
	m.texts(4, d.ScopeCodes)
	m.texts(5, d.Standards)
	m.texts(6, d.Marks)
	m.party(7, &d.Producer)
	m.party(8, &d.Factory)
	m.text(9, d.TradeMark)
	m.texts(10, d.Models)
	m.texts(11, d.GTINs)
	if !d.Main.IsZero() {
		m.ref(12, d.Main)
	}
	for _, r := range d.Components {
		m.ref(13, r)
	}
	m.hash(14, &d.Document)
	m.hashes(15, d.Evidence)
}

func (m *message) record(r *Record) {
	m.number(1, uint64(r.N))
	m.number(2, uint64(r.Action))
	m.number(3, uint64(r.From))
	start := m.open(4)
	m.head(&r.After)
	m.close(start)
	m.text(5, r.ChangeType)
	m.text(6, r.ReissueReason)
	m.text(7, r.Actor)
	for i := range r.Signers {
		s := &r.Signers[i]
		start := m.open(8)
		m.text(1, s.Member)
		m.data(2, s.Key[:])
		m.number(3, uint64(s.Duty))
		m.close(start)
	}
	m.date(9, r.Decided)
	m.number(10, r.Height)
	m.number(11, uint64(r.Time.UnixNano()))
	m.hash(12, &r.Tx)
	m.hashes(13, r.Evidence)
	m.hash(14, &r.DetailsBefore)
	if !r.Link.IsZero() {
		m.ref(15, r.Link)
	}
	m.number(16, uint64(r.Reverses))
	m.flag(17, r.Imported)
	m.text(18, r.Note)
}

func (m *message) party(field protowire.Number, p *Party) {
	if *p == (Party{}) {
		return
	}
	start := m.open(field)
	m.text(1, p.NameChinese)
	m.text(2, p.NameEnglish)
	m.text(3, p.AddressChinese)
	m.text(4, p.AddressEnglish)
	m.text(5, p.Country)
	m.text(6, p.Region)
	m.close(start)
}

func (m *message) ref(field protowire.Number, r Ref) {
	start := m.open(field)
	m.text(1, r.Issuer)
	m.text(2, r.Number)
	m.close(start)
}
