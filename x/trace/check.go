package trace

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// check reports what is wrong with an event of a product, whoever reports it.
func (e *Event) check(product string) error {
	switch {
	case e.Hash.IsZero():
		return errors.New("the hash of the event is 32 bytes, not all zero")
	case e.Time.UnixNano() <= 0:
		return errors.New("the time of the event is missing, or before 1970")
	case e.Offset < -maxOffset || e.Offset > maxOffset:
		return fmt.Errorf("an offset of %d minutes from UTC; there are at most %d", e.Offset, maxOffset)
	case e.Type < ObjectEvent || e.Type > AssociationEvent:
		return fmt.Errorf("there is no type of event %d", e.Type)
	case e.Action > Delete || (e.Action == NoAction) != (e.Type == TransformationEvent):
		return fmt.Errorf("action %d of a %v: a transformation has none, others ADD, OBSERVE or DELETE", e.Action, e.Type)
	case !slices.Contains(parts[e.Type], e.Part):
		return fmt.Errorf("a %v has no part %v", e.Type, e.Part)
	}
	if err := errors.Join(checkWord("the business step", e.Step, maxWord), checkWord("the disposition", e.Disposition, maxWord), checkWord("the place", e.Place, maxPlace)); err != nil {
		return err
	}
	if n := len(e.Corrects); n > MaxCorrects {
		return fmt.Errorf("it corrects %d events, at most %d", n, MaxCorrects)
	}
	for i, h := range e.Corrects {
		if h.IsZero() || h == e.Hash || i > 0 && string(e.Corrects[i-1][:]) >= string(h[:]) {
			return errors.New("the events that it corrects are hashes, ascending, each once, and not its own")
		}
	}
	return e.checkOthers(product)
}

// errOthers is what checkOthers refuses beside a URI.
var errOthers = errors.New("the other products")

func (e *Event) checkOthers(product string) error {
	switch n := len(e.Others); {
	case n > MaxOthers:
		return fmt.Errorf("%w are %d, at most %d; file the event as several", errOthers, n, MaxOthers)
	case n > 0 && e.Part == Object:
		return fmt.Errorf("%w have no place in an event about the product alone", errOthers)
	}
	for i, uri := range e.Others {
		switch {
		case uri == product:
			return fmt.Errorf("%w: %s names itself", errOthers, uri)
		case i > 0 && e.Others[i-1] >= uri:
			return fmt.Errorf("%w are ascending, each once: %.255s comes after %.255s", errOthers, uri, e.Others[i-1])
		}
		if err := checkURI(uri); err != nil {
			return err
		}
	}
	return nil
}

// checkWord checks a word of a vocabulary or a URI, which may be empty.
func checkWord(what, s string, longest int) error {
	if len(s) > longest {
		return fmt.Errorf("%s has %d bytes, at most %d", what, len(s), longest)
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return fmt.Errorf("%s is a word or a URI without spaces, of ASCII: %q", what, s)
		}
	}
	return nil
}

// checkText checks a text for people, which may be empty: no characters that
// control or reorder text, no space at either end.
func checkText(what, s string, longest int) error {
	switch {
	case !utf8.ValidString(s):
		return fmt.Errorf("%s is not UTF-8", what)
	case len(s) > longest:
		return fmt.Errorf("%s has %d bytes, at most %d", what, len(s), longest)
	case strings.Trim(s, " \u00a0\u3000") != s:
		return fmt.Errorf("%s begins or ends with a space", what)
	}
	for _, r := range s {
		if r < 0x20 || 0x7f <= r && r < 0xa0 || r == 0xad ||
			0x200b <= r && r <= 0x200f || 0x2028 <= r && r <= 0x202e || 0x2060 <= r && r <= 0x206f ||
			r == 0xfeff || 0xfff0 <= r && r <= 0xffff || r >= 0xe0000 {
			return fmt.Errorf("%s holds %U, which is not shown", what, r)
		}
	}
	return nil
}

// checkNames checks two texts of which there is one at least.
func checkNames(what, zh, en string, longest int) error {
	if zh == "" && en == "" {
		return fmt.Errorf("%s is needed, in Chinese or English", what)
	}
	return errors.Join(checkText(what+" in Chinese", zh, longest), checkText(what+" in English", en, longest))
}

// check reports what is wrong with a reference.
func (r Ref) check() error {
	if r.Issuer == "" || len(r.Issuer) > 24 || r.Number == "" || len(r.Number) > 60 {
		return fmt.Errorf("%.40q %.80q name no certificate", r.Issuer, r.Number)
	}
	return nil
}

// checkRefs checks a list of certificates: at most MaxCertificates, each once.
func checkRefs(list []Ref) error {
	if len(list) > MaxCertificates {
		return fmt.Errorf("%d certificates, at most %d", len(list), MaxCertificates)
	}
	for i, r := range list {
		if err := r.check(); err != nil {
			return err
		}
		if slices.Contains(list[:i], r) {
			return fmt.Errorf("the certificate %s/%s is named twice", r.Issuer, r.Number)
		}
	}
	return nil
}

// checkReporters checks a list of members: at most MaxReporters, ascending, and
// none of them the owner, who reports anyway.
func checkReporters(list []string, owner string) error {
	if len(list) > MaxReporters {
		return fmt.Errorf("%d reporters, at most %d", len(list), MaxReporters)
	}
	for i, id := range list {
		switch {
		case id == "" || len(id) > 40:
			return fmt.Errorf("%.60q is no member's id", id)
		case id == owner:
			return fmt.Errorf("%s owns the product: it reports anyway", id)
		case i > 0 && list[i-1] >= id:
			return errors.New("the reporters are ascending, each once")
		}
	}
	return nil
}

// check reports what is wrong with an entry by itself.
func (e *Entry) check() error {
	switch {
	case e.N == 0 || e.Member == "" || e.Height == 0 || e.Key == [33]byte{} || e.Tx == sm3.Hash{}:
		return errors.New("the entry lacks its number, member, key, height or transaction")
	case e.Time.Equal(time.Unix(0, 0)):
		return errors.New("the entry lacks its time")
	case (e.N == 1) != (e.Registered != nil):
		return fmt.Errorf("entry %d: the first is the registration, and no other", e.N)
	}
	switch {
	case e.Registered != nil:
		p := e.Registered
		if p.Entries != 0 || !p.Head.IsZero() || len(p.Recalls) > 0 || p.Uses != 0 {
			return errors.New("a product is registered without entries, recalls and uses")
		}
		if p.Owner != e.Member {
			return fmt.Errorf("%s registers for %s", e.Member, p.Owner)
		}
		return p.check()
	case e.Event != nil:
		return nil // by its product
	case e.Certificates != nil:
		c := e.Certificates
		if len(c.Add)+len(c.Remove) == 0 {
			return errors.New("no certificate is linked, and none no longer is")
		}
		return errors.Join(checkRefs(c.Add), checkRefs(c.Remove))
	case e.Reporters != nil:
		return checkReporters(e.Reporters.Reporters, "")
	case e.Recall != nil:
		return checkNames("what is wrong", e.Recall.NoteZh, e.Recall.NoteEn, maxNote)
	case e.Lift != nil:
		return checkText("the note", e.Lift.Note, maxNote)
	}
	return errors.New("the entry says nothing")
}

// check reports what is wrong with a product by itself; whether its URI is
// canonical, checkURI knows.
func (p *Product) check() error {
	if p.URI == "" || len(p.URI) > MaxURI || p.Owner == "" {
		return errors.New("the product has no URI or no owner")
	}
	return errors.Join(
		checkNames("the product's name", p.NameZh, p.NameEn, maxName),
		checkRefs(p.Certificates),
		checkReporters(p.Reporters, p.Owner),
	)
}
