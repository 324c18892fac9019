package bulk

import (
	"encoding/json"
	"fmt"
	"slices"
)

// span is the rows first … last. In JSON it is [first, last].
type span struct{ first, last int }

func (s span) MarshalJSON() ([]byte, error) { return json.Marshal([2]int{s.first, s.last}) }

func (s *span) UnmarshalJSON(b []byte) error {
	var pair [2]int
	if err := json.Unmarshal(b, &pair); err != nil {
		return err
	}
	if pair[0] < 1 || pair[1] < pair[0] {
		return fmt.Errorf("rows %v", pair)
	}
	*s = span{pair[0], pair[1]}
	return nil
}

// spansOf returns ascending rows as spans.
func spansOf(rows []int) (list []span) {
	for _, n := range rows {
		if k := len(list) - 1; k >= 0 && list[k].last == n-1 {
			list[k].last = n
			continue
		}
		list = append(list, span{n, n})
	}
	return list
}

// rowsOf returns the rows of spans.
func rowsOf(list []span) (rows []int) {
	for _, s := range list {
		for n := s.first; n <= s.last; n++ {
			rows = append(rows, n)
		}
	}
	return rows
}

// count returns how many rows the spans have.
func count(list []span) (n int) {
	for _, s := range list {
		n += s.last - s.first + 1
	}
	return n
}

// sortSpans sorts and joins spans, which must not overlap.
func sortSpans(list []span) ([]span, error) {
	slices.SortFunc(list, func(a, b span) int { return a.first - b.first })
	var out []span
	for _, s := range list {
		k := len(out) - 1
		switch {
		case k >= 0 && s.first <= out[k].last:
			return nil, fmt.Errorf("row %d is filed twice", s.first)
		case k >= 0 && s.first == out[k].last+1:
			out[k].last = s.last
		default:
			out = append(out, s)
		}
	}
	return out, nil
}

// covers reports whether a row is in sorted spans.
func covers(list []span, row int) bool {
	_, found := slices.BinarySearchFunc(list, row, func(s span, n int) int {
		switch {
		case s.last < n:
			return -1
		case s.first > n:
			return 1
		}
		return 0
	})
	return found
}
