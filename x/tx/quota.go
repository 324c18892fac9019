package tx

// Quota counts the records of each member and refuses what goes beyond a limit:
// one for each block that is proposed, checked or executed, and one for what
// waits in the mempool. A message is one record of the member it acts for, one
// that registers keys as many as it has keys, one that reports a conflict two, one
// that captures events as many as these, and more if they name many products. One
// goroutine uses it at a time.
//
// Only what was authenticated is counted: otherwise strangers could use up a
// member's quota.
type Quota struct {
	limit int
	used  map[string]int // never ranged over
}

// NewQuota returns a quota of limit records for each member, none used.
func NewQuota(limit int) *Quota { return &Quota{limit, map[string]int{}} }

// Used returns the number of records counted for member.
func (q *Quota) Used(member string) int { return q.used[member] }

// Take counts the records of a, for each of its actors, or refuses and counts
// none.
func (q *Quota) Take(a *Authenticated) error { return q.take(a.admitted.tx) }

func (q *Quota) take(t *Tx) error {
	for _, r := range t.records {
		if used := q.used[r.member]; r.n > q.limit-used {
			return codeQuota.Refuse("%s has %d records of %d, the transaction has %d more", r.member, used, q.limit, r.n)
		}
	}
	for _, r := range t.records {
		q.used[r.member] += r.n
	}
	return nil
}

// Return takes back what Take counted for a.
func (q *Quota) Return(a *Authenticated) {
	for _, r := range a.admitted.tx.records {
		q.used[r.member] -= r.n
	}
}
