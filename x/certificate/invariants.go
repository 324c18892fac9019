package certificate

import (
	"bytes"
	"slices"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// Check derives and compares what the state says more than once:
//
//   - the records of a certificate are numbered without gaps, follow from each
//     other, and the last agrees with the head;
//   - the details are those of the head's digest, and those of each version
//     before are there;
//   - orders agree with the records that filed and closed them, and with what
//     the head says;
//   - the indexes are what the certificates say and nothing else: issuers by
//     number, holders, what rests on what and on which evidence, successors, bars
//     and their ends, the queue;
//   - evidence that is named is anchored.
//
// The error says what does not hold.
func (m *Module) Check(r store.Reader) error {
	want := store.NewBranch(nothing{}) // the indexes, built anew
	n, total := 0, 0
	err := heads.Scan(r, func(ref rules.Ref, h *rules.Head) (bool, error) {
		n++
		c, err := load(r, ref)
		if err == nil {
			total += len(c.records)
			err = c.check(h)
		}
		if err == nil {
			err = c.index(want)
		}
		if err == nil {
			err = m.checkGrounds(r, c)
		}
		return true, err
	})
	if err != nil {
		return err
	}
	if err := count(r, texts.Prefix(), n, "details"); err != nil {
		return err
	}
	if err := count(r, records.Prefix(), total, "records"); err != nil {
		return err
	}
	for _, prefix := range []string{
		formers.Prefix(), numbers.Prefix(), holders.Prefix(), uses.Prefix(), grounds.Prefix(), successors.Prefix(),
		bars.Prefix(), barred.Prefix(), supervisions.Prefix(), orders.Prefix(), queue.Prefix(),
	} {
		if err := sameEntries(r, want, prefix); err != nil {
			return err
		}
	}
	return nil
}

// nothing is an empty state.
type nothing struct{}

func (nothing) Get([]byte) ([]byte, bool, error)      { return nil, false, nil }
func (nothing) Scan(_, _ []byte, _ store.Visit) error { return nil }

// count compares the number of entries under a prefix.
func count(r store.Reader, prefix string, want int, what string) error {
	n := 0
	err := r.Scan([]byte(prefix), nil, func([]byte, []byte) (bool, error) { n++; return true, nil })
	if err == nil && n != want {
		err = corrupt("%d %s, not %d", n, what, want)
	}
	return err
}

// sameEntries compares what two states have under a prefix.
func sameEntries(got, want store.Reader, prefix string) error {
	var list []store.Change
	err := want.Scan([]byte(prefix), nil, func(key, value []byte) (bool, error) {
		list = append(list, store.Change{Key: slices.Clone(key), Value: slices.Clone(value)})
		return true, nil
	})
	if err != nil {
		return err
	}
	err = got.Scan([]byte(prefix), nil, func(key, value []byte) (bool, error) {
		if len(list) == 0 || !bytes.Equal(list[0].Key, key) {
			return false, corrupt("key %x has no ground", key)
		}
		if !bytes.Equal(list[0].Value, value) {
			return false, corrupt("key %x has value %x, not %x", key, value, list[0].Value)
		}
		list = list[1:]
		return true, nil
	})
	if err == nil && len(list) > 0 {
		err = corrupt("key %x is missing", list[0].Key)
	}
	return err
}
