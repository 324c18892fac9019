package certificate

import (
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Head returns the head of a certificate. One that names another certificate than
// its key does is corrupt: who has it from elsewhere with a proof must not take it
// for this one's.
func Head(r store.Reader, ref rules.Ref) (*rules.Head, bool, error) {
	h, ok, err := heads.Get(r, ref)
	if err == nil && ok && h.Ref != ref {
		return nil, false, corrupt("the head of %v is that of %v", ref, h.Ref)
	}
	return h, ok, err
}

// Details returns the present details of a certificate.
func Details(r store.Reader, ref rules.Ref) (*rules.Details, bool, error) { return texts.Get(r, ref) }

// Former returns the details of a version before the present one.
func Former(r store.Reader, ref rules.Ref, version uint32) (*rules.Details, bool, error) {
	return formers.Get(r, numbered{ref, version})
}

// Record returns record n of a certificate's history. One that says otherwise is
// corrupt.
func Record(r store.Reader, ref rules.Ref, n uint32) (*rules.Record, bool, error) {
	record, ok, err := records.Get(r, numbered{ref, n})
	if err == nil && ok && (record.N != n || record.After.Ref != ref) {
		return nil, false, corrupt("record %d of %v is record %d of %v", n, ref, record.N, record.After.Ref)
	}
	return record, ok, err
}

// History returns up to limit records of a certificate from record n on.
func History(r store.Reader, ref rules.Ref, n uint32, limit int) (list []*rules.Record, err error) {
	for ; len(list) < limit && n > 0; n++ {
		record, ok, err := Record(r, ref, n)
		if err != nil || !ok {
			return list, err
		}
		list = append(list, record)
	}
	return list, nil
}

// On returns the last record decided on or before a date: what it says of the
// certificate holds at the end of that date (rules.EffectiveOn), also if it was
// recorded later, which its time shows. The next record, or the head if it is the
// last, completes the proof. False if there was none.
func On(r store.Reader, ref rules.Ref, date civil.Date) (*rules.Record, bool, error) {
	h, ok, err := Head(r, ref)
	if err != nil || !ok {
		return nil, false, err
	}
	var found *rules.Record // record n
	n, after := uint32(0), h.Records
	for n < after { // dates never go back
		half := n + (after-n)/2
		record, err := recordOf(r, ref, half+1)
		if err != nil {
			return nil, false, err
		}
		if record.Decided > date {
			after = half
		} else {
			n, found = half+1, record
		}
	}
	return found, found != nil, nil
}

// recordOf returns a record that must be there.
func recordOf(r store.Reader, ref rules.Ref, n uint32) (*rules.Record, error) {
	record, ok, err := Record(r, ref, n)
	if err == nil && !ok {
		err = corrupt("%v has no record %d", ref, n)
	}
	return record, err
}

// Issuers returns the approval numbers of all bodies that have issued a
// certificate with the number, ascending; none proves a forgery (NumberKey).
func Issuers(r store.Reader, number string) ([]string, error) {
	list, _, err := numbers.Get(r, number)
	return list, err
}

// ByHolder returns up to limit certificates of a holder after one of them (the
// zero Ref: from the first).
func ByHolder(r store.Reader, holder string, after rules.Ref, limit int) (list []rules.Ref, err error) {
	part := store.AppendText(nil, HolderOf(holder))
	err = holders.ScanPart(r, part, startAfter(part, after), func(k holding, _ struct{}) (bool, error) {
		return page(&list, k.ref, after, limit), nil
	})
	return list, err
}

// Dependants returns up to limit certificates that rest on one, as a component
// or as their main certificate, after one of them.
func Dependants(r store.Reader, used, after rules.Ref, limit int) (list []rules.Ref, err error) {
	part := appendRef(nil, used)
	err = uses.ScanPart(r, part, startAfter(part, after), func(k use, _ struct{}) (bool, error) {
		return page(&list, k.by, after, limit), nil
	})
	return list, err
}

func startAfter(part []byte, after rules.Ref) []byte {
	if after.IsZero() {
		return nil
	}
	return appendRef(append([]byte{}, part...), after)
}

// page appends ref to the list if it lies after one, and reports whether there
// is room for more.
func page(list *[]rules.Ref, ref, after rules.Ref, limit int) (more bool) {
	if len(*list) < limit && ref != after {
		*list = append(*list, ref)
	}
	return len(*list) < limit
}

// BarredUntil returns the last day on which a holder is barred from certificates
// of a scope (rules.BarScope), none if it never was (BarredKey).
func BarredUntil(r store.Reader, holder, scope string) (civil.Date, error) {
	until, _, err := barred.Get(r, holderScope{HolderOf(holder), scope})
	return until, err
}

// HolderBar is a bar, what it is about, and the certificate that was revoked.
type HolderBar struct {
	Bar
	Scope       string
	Certificate rules.Ref
}

// Bars returns up to limit bars of a holder, also those that are over, by scope
// and from the last to the first, leaving out the first skip.
func Bars(r store.Reader, holder string, skip, limit int) (list []HolderBar, err error) {
	err = bars.ScanPart(r, store.AppendText(nil, HolderOf(holder)), nil, func(k barID, b Bar) (bool, error) {
		if skip > 0 {
			skip--
			return true, nil
		}
		if len(list) < limit {
			list = append(list, HolderBar{b, k.scope, k.ref})
		}
		return len(list) < limit, nil
	})
	return list, err
}

// OrderOf returns the order that record n of a certificate filed.
func OrderOf(r store.Reader, ref rules.Ref, n uint32) (Order, bool, error) {
	return orders.Get(r, numbered{ref, n})
}

// ReleaseOf returns the release of a body's certificates to a member.
func ReleaseOf(r store.Reader, issuer, receiver string) (Release, bool, error) {
	return releases.Get(r, takeover{issuer, receiver})
}

// Imported returns how many certificates a member has imported in a window.
func Imported(r store.Reader, member string, id uint64) (uint64, error) {
	n, _, err := imports.Get(r, window{member, id})
	return n, err
}
