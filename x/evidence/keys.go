package evidence

import (
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
)

// Every key of the module; doc.go has the table.
var (
	anchors = store.NewMap("\x06a", store.Digest{}, recordCodec)

	memberCounts  = store.NewMap("\x06c", store.Text{}, store.Uint64{})
	members       = store.NewMap("\x06m", memberKey, digestCodec)
	subjectCounts = store.NewMap("\x06t", subjectKey, store.Uint64{})
	subjects      = store.NewMap("\x06s", aboutKey, digestCodec)
)

// AnchorPrefix is what the key of every anchor begins with; its id follows.
const AnchorPrefix = "\x06a"

// AnchorKey is the key of an anchor, whose value DecodeRecord reads.
func AnchorKey(id sm3.Hash) []byte { return anchors.Key(id) }

// filed is the n-th anchor of a member.
type filed struct {
	member string
	n      uint64
}

// about is the n-th anchor about a subject.
type about struct {
	subject Subject
	n       uint64
}

var (
	memberKey = store.KeyFuncs[filed]{
		Append: func(dst []byte, k filed) []byte { return store.AppendUint64(store.AppendText(dst, k.member), k.n) },
		Decode: func(b []byte) (k filed, err error) {
			if k.member, b, err = store.CutText(b); err != nil {
				return k, err
			}
			k.n, b, err = store.CutUint64(b)
			return k, over(b, err)
		},
	}
	subjectKey = store.KeyFuncs[Subject]{
		Append: appendSubject,
		Decode: func(b []byte) (Subject, error) {
			s, b, err := cutSubject(b)
			return s, over(b, err)
		},
	}
	aboutKey = store.KeyFuncs[about]{
		Append: func(dst []byte, k about) []byte { return store.AppendUint64(appendSubject(dst, k.subject), k.n) },
		Decode: func(b []byte) (k about, err error) {
			if k.subject, b, err = cutSubject(b); err != nil {
				return k, err
			}
			k.n, b, err = store.CutUint64(b)
			return k, over(b, err)
		},
	}
)

// appendSubject appends the kind, one byte, and the texts that it has.
func appendSubject(dst []byte, s Subject) []byte {
	dst = append(dst, byte(s.Kind))
	for _, t := range s.texts() {
		dst = store.AppendText(dst, *t)
	}
	return dst
}

func cutSubject(b []byte) (s Subject, rest []byte, err error) {
	if len(b) == 0 || b[0] == 0 || int(b[0]) >= len(subjectNames) {
		return s, nil, fmt.Errorf("a subject of no known kind: %.1x", b)
	}
	s.Kind = SubjectKind(b[0])
	b = b[1:]
	for _, t := range s.texts() {
		if *t, b, err = store.CutText(b); err != nil {
			return s, nil, err
		}
	}
	return s, b, nil
}

// texts are the parts of a subject of its kind, in the order of keys.
func (s *Subject) texts() []*string {
	switch s.Kind {
	case CertificateSubject:
		return []*string{&s.Issuer, &s.Number}
	case EngagementSubject:
		return []*string{&s.Issuer, &s.Scheme, &s.Reference}
	case ProductSubject:
		return []*string{&s.Product}
	}
	return nil
}

// digestCodec is an id as a value: its 32 bytes.
var digestCodec = store.ValueFuncs[sm3.Hash]{
	Encode: func(h sm3.Hash) ([]byte, error) { return append([]byte{}, h[:]...), nil },
	Decode: func(b []byte) (h sm3.Hash, err error) {
		h, b, err = store.CutHash(b)
		return h, over(b, err)
	},
}

// over refuses what is left of a key or value.
func over(rest []byte, err error) error {
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("%d bytes after the end", len(rest))
	}
	return err
}
