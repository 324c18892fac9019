package certificate

import (
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// CountStatuses counts the certificates by the status on record, which the chain
// brings up to the effective one in its sweep. It reads every head: about a minute
// for each million. visit is called after each, and its error ends the count.
func CountStatuses(r store.Reader, visit func() error) (map[rules.Status]int64, error) {
	counts := make(map[rules.Status]int64, len(rules.Statuses))
	err := heads.Scan(r, func(_ rules.Ref, h *rules.Head) (bool, error) {
		counts[h.Status]++
		return true, visit()
	})
	return counts, err
}
