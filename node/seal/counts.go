package sealer

import (
	"sync/atomic"
	"time"
)

type counter = atomic.Uint64

// counts are what has happened since the start; conflicts and strange are what is
// kept.
type counts struct {
	conflicts, strange counter
	forks              counter // statements that a quorum signed and that differ from ours
	twice              counter // statements that were not signed since another had been
	failed             counter // times that the seal key did not sign, or not in time, or wrongly
	dropped            counter // peers that were disconnected
	sealed             counter // heights that became sealed
}

// Stats are figures for metrics.
type Stats struct {
	First, Last uint64    // heights with a statement of the node's own
	Newest      uint64    // as Store.Newest
	Time        time.Time // of that block; 1970 if there is none
	Sealed      uint64    // heights that became sealed
	Conflicts   uint64    // that are kept
	Forks       uint64    // statements sealed by a quorum that differ from the node's
	Twice       uint64    // statements that the node refused to sign
	Failed      uint64    // times that the seal key did not sign, or not in time, or wrongly
	Dropped     uint64    // peers disconnected for what they sent
	Windows     int       // changes of seal sets that have no sealed handover yet
	// Missing has, for each validator of the set of the last height, how many of
	// the newest heights lack its signature: of those that others had time to
	// sign, at most MissingOf.
	Missing map[string]int
}

// MissingOf is of how many heights Stats.Missing tells.
const MissingOf = 20

// settle is how many of the newest heights are not asked about yet.
const settle = 2

// Stats returns the figures. It reads some records.
func (s *Store) Stats() (Stats, error) {
	first, last := s.Heights()
	st := Stats{
		First: first, Last: last, Newest: s.Newest(), Sealed: s.counts.sealed.Load(), Conflicts: s.counts.conflicts.Load(), Forks: s.counts.forks.Load(),
		Twice: s.counts.twice.Load(), Failed: s.counts.failed.Load(), Dropped: s.counts.dropped.Load(), Missing: map[string]int{}, Time: time.Unix(0, 0),
	}
	if last == 0 {
		return st, nil
	}
	if r, err := s.load(st.Newest); err != nil {
		return st, err
	} else if r != nil {
		st.Time = time.Unix(0, r.statement.Time)
	}
	windows, err := s.unsealed(max(s.floor.Load(), s.options.Initial))
	if err != nil {
		return st, err
	}
	st.Windows = len(windows)
	set, err := s.sets.at(last)
	if err != nil {
		return st, err
	}
	for _, name := range set.names {
		st.Missing[name] = 0
	}
	for h := last - min(last, settle); h >= first && h > 0 && h+MissingOf+settle > last; h-- {
		missing, err := s.Missing(h)
		if err != nil {
			return st, err
		}
		for _, name := range missing {
			if _, ok := st.Missing[name]; ok {
				st.Missing[name]++
			}
		}
	}
	return st, nil
}
