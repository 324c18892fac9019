package api

import (
	"fmt"
	"strconv"
	"strings"
)

// position is a place in the feed: event index of the block at height, both as
// numbers without leading zeros, "height.index". An index beyond the events of
// the block stands for its end.
type position struct {
	height uint64
	index  uint32
}

func (p position) String() string { return fmt.Sprintf("%d.%d", p.height, p.index) }

// parsePosition reads what String wrote, and nothing else.
func parsePosition(s string) (p position, err error) {
	height, index, ok := strings.Cut(s, ".")
	h, err1 := strconv.ParseUint(height, 10, 63)
	i, err2 := strconv.ParseUint(index, 10, 32)
	p = position{h, uint32(i)}
	if !ok || err1 != nil || err2 != nil || h == 0 || p.String() != s {
		return position{}, fmt.Errorf("an id of the feed is height.index, as 120.3: not %.50q", s)
	}
	return p, nil
}
