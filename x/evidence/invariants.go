package evidence

import (
	"errors"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
)

// Check holds the state against what doc.go says of it. The error says what does
// not hold.
func (m *Module) Check(r store.Reader) error {
	if err := check(r); err != nil {
		return err
	}
	return anchors.Scan(r, func(id sm3.Hash, v *Record) (bool, error) {
		if _, err := m.find(r, v.Subject); err != nil {
			return false, corrupt("anchor %v: %v", id, err)
		}
		if _, ok, err := m.members.Member(r, v.Member); err != nil || !ok {
			return false, errors.Join(err, corrupt("anchor %v is of %s, which is no member", id, v.Member))
		}
		return true, nil
	})
}

// check is what can be said without other modules.
func check(r store.Reader) error {
	byMember, bySubject := map[string]uint64{}, map[Subject]uint64{} // never ranged over
	total := 0
	err := anchors.Scan(r, func(id sm3.Hash, v *Record) (bool, error) {
		if v.ID() != id {
			return false, corrupt("the anchor under %v is %v", id, v.ID())
		}
		total++
		byMember[v.Member]++
		bySubject[v.Subject]++
		return true, nil
	})
	if err != nil {
		return err
	}
	if err := checkList(r, members, memberCounts, total, byMember, func(k filed) (string, uint64) { return k.member, k.n }, func(v *Record) string { return v.Member }); err != nil {
		return err
	}
	return checkList(r, subjects, subjectCounts, total, bySubject, func(k about) (Subject, uint64) { return k.subject, k.n }, func(v *Record) Subject { return v.Subject })
}

// checkList holds a list, and the counts of it, against the anchors: want has how
// many there are under each heading, of one of which an entry is.
func checkList[K any, H comparable](
	r store.Reader, list store.Map[K, sm3.Hash], counts store.Map[H, uint64], total int, want map[H]uint64,
	split func(K) (H, uint64), headingOf func(*Record) H,
) error {
	seen := make(map[sm3.Hash]bool, total) // never ranged over
	last := map[H]uint64{}                 // likewise
	err := list.Scan(r, func(k K, id sm3.Hash) (bool, error) {
		heading, n := split(k)
		v, ok, err := anchors.Get(r, id)
		switch {
		case err != nil:
			return false, err
		case !ok || headingOf(v) != heading:
			return false, corrupt("%v is listed under %v", id, heading)
		case seen[id]:
			return false, corrupt("%v is listed twice", id)
		case n != last[heading]+1:
			return false, corrupt("%v has number %d after %d", heading, n, last[heading])
		}
		seen[id], last[heading] = true, n
		return true, nil
	})
	if err != nil {
		return err
	}
	if len(seen) != total {
		return corrupt("%d anchors are listed, of %d", len(seen), total)
	}
	headings := 0
	err = counts.Scan(r, func(heading H, n uint64) (bool, error) {
		headings++
		if n == 0 || n != want[heading] {
			return false, corrupt("%v counts %d anchors, there are %d", heading, n, want[heading])
		}
		return true, nil
	})
	if err == nil && headings != len(want) {
		err = corrupt("%d headings are counted, of %d", headings, len(want))
	}
	return err
}
