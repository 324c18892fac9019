package member

import (
	"bytes"

	"github.com/hallmark-ledger/hallmark/store"
)

// MaxPage is the largest number of entries that a list returns at once.
const MaxPage = 1000

// MemberEntry is a member of a list.
type MemberEntry struct {
	ID string
	Member
}

// Members lists the members with the role (0: all) by id, from start on
// ("": the first), limit at most. next is where the following page starts, ""
// if there is none.
func (m *Module) Members(r store.Reader, role Role, start string, limit int) (list []MemberEntry, next string, err error) {
	limit = page(limit)
	visit := func(id string, v Member) bool {
		if len(list) == limit {
			next = id
			return false
		}
		list = append(list, MemberEntry{id, v})
		return true
	}
	if role == 0 {
		err = members.ScanFrom(r, start, func(id string, v Member) (bool, error) { return visit(id, v), nil })
		return list, next, err
	}
	part := []byte{byte(role)}
	err = roles.ScanPart(r, part, store.AppendText(bytes.Clone(part), start), func(k roleKey, _ struct{}) (bool, error) {
		v, _, err := members.Get(r, k.member)
		return visit(k.member, v), err
	})
	return list, next, err
}

// Versions lists the versions of a member from number start on (the first is 1).
// next is 0 if there are no more.
func (m *Module) Versions(r store.Reader, id string, start uint64, limit int) (list []Member, next uint64, err error) {
	limit = page(limit)
	err = versions.ScanPart(r, store.AppendText(nil, id), placeKeys.AppendKey(nil, place{id, start}), func(k place, v Member) (bool, error) {
		if len(list) == limit {
			next = k.n
			return false, nil
		}
		list = append(list, v)
		return true, nil
	})
	return list, next, err
}

// KeyEntry is a key of a list.
type KeyEntry struct {
	Key Key
	KeyRecord
}

// KeyRecord returns all that is known of a key, false if it is not registered.
func (m *Module) KeyRecord(r store.Reader, key [33]byte) (KeyRecord, bool, error) {
	return keys.Get(r, key)
}

// Keys lists the keys that the member ever had: those that have not ended first,
// each group by duty and key. cursor is nil for the first page, then what the
// page before returned; it is nil if there are no more.
func (m *Module) Keys(r store.Reader, id string, cursor []byte, limit int) (list []KeyEntry, next []byte, err error) {
	limit = page(limit)
	part := store.AppendText(nil, id)
	err = held.ScanPart(r, part, append(bytes.Clone(part), cursor...), func(h heldKey, _ struct{}) (bool, error) {
		if len(list) == limit {
			next = heldKeys.AppendKey(nil, h)[len(part):]
			return false, nil
		}
		k, _, err := keys.Get(r, h.key)
		list = append(list, KeyEntry{h.key, k})
		return true, err
	})
	return list, next, err
}

// GrantEntry is an approval or accreditation of a list.
type GrantEntry struct {
	N uint64 // counts the grants of the body from 1
	Grant
}

// Grants lists the approvals and accreditations of a body by number from start
// on (the first is 1). next is 0 if there are no more.
func (m *Module) Grants(r store.Reader, body string, start uint64, limit int) (list []GrantEntry, next uint64, err error) {
	limit = page(limit)
	err = grants.ScanPart(r, store.AppendText(nil, body), placeKeys.AppendKey(nil, place{body, start}), func(k place, g Grant) (bool, error) {
		if len(list) == limit {
			next = k.n
			return false, nil
		}
		list = append(list, GrantEntry{k.n, g})
		return true, nil
	})
	return list, next, err
}

// MemberKey is the state's key of a member as it now is: what a proof is for.
func MemberKey(id string) []byte { return members.Key(id) }

// VersionKey is the state's key of a version of a member.
func VersionKey(id string, version uint64) []byte { return versions.Key(place{id, version}) }

// KeyKey is the state's key of what is known of a key.
func KeyKey(key [33]byte) []byte { return keys.Key(key) }

// GrantKey is the state's key of a grant of a body.
func GrantKey(body string, number uint64) []byte { return grants.Key(place{body, number}) }

// page brings the number of entries asked for within bounds.
func page(limit int) int { return max(1, min(limit, MaxPage)) }
