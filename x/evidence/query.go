package evidence

import (
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
)

// Anchored reports whether there is an anchor with the id.
func (m *Module) Anchored(r store.Reader, id sm3.Hash) (bool, error) { return anchors.Has(r, id) }

// Find returns an anchor. One that stands under another id than its own is corrupt.
func Find(r store.Reader, id sm3.Hash) (*Record, bool, error) {
	v, ok, err := anchors.Get(r, id)
	if err == nil && ok && v.ID() != id {
		err = corrupt("the anchor under %v is %v", id, v.ID())
	}
	if err != nil || !ok {
		return nil, false, err
	}
	return v, true, nil
}

// Count returns how many anchors a member has filed.
func Count(r store.Reader, member string) (uint64, error) {
	n, _, err := memberCounts.Get(r, member)
	return n, err
}

// CountAbout returns how many anchors there are about a subject.
func CountAbout(r store.Reader, s Subject) (uint64, error) {
	n, _, err := subjectCounts.Get(r, s)
	return n, err
}

// ByMember returns the ids of up to limit anchors of a member, from the n-th on in
// the order of filing; the first is 1.
func ByMember(r store.Reader, member string, n uint64, limit int) (list []sm3.Hash, err error) {
	part := store.AppendText(nil, member)
	err = members.ScanPart(r, part, memberKey.AppendKey(nil, filed{member, n}), func(_ filed, id sm3.Hash) (bool, error) {
		return page(&list, id, limit), nil
	})
	return list, err
}

// BySubject returns the ids of up to limit anchors about a subject, from the n-th
// on in the order of filing; the first is 1.
func BySubject(r store.Reader, s Subject, n uint64, limit int) (list []sm3.Hash, err error) {
	part := subjectKey.AppendKey(nil, s)
	err = subjects.ScanPart(r, part, aboutKey.AppendKey(nil, about{s, n}), func(_ about, id sm3.Hash) (bool, error) {
		return page(&list, id, limit), nil
	})
	return list, err
}

// page appends id if there is room, and reports whether there is room for more.
func page(list *[]sm3.Hash, id sm3.Hash, limit int) (more bool) {
	if len(*list) < limit {
		*list = append(*list, id)
	}
	return len(*list) < limit
}
