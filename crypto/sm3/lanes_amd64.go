//go:build !purego

package sm3

import (
	"encoding/binary"
	_ "unsafe" // for go:linkname

	"golang.org/x/sys/cpu"
)

// hasLanes is the condition on which gmsm uses its own eight-lane code.
var hasLanes = cpu.X86.HasAVX2 && cpu.X86.HasBMI2

// lanes hashes eight messages of the same number of blocks side by side. It
// uses the compression that gmsm has for its key derivation and does not
// export; docs/decisions/0004 says why, and TestLanes holds it to the one that
// gmsm does export.
type lanes struct {
	states [laneCount][8]uint32
	digs   [laneCount]*[8]uint32
	data   [laneCount][laneBlocks * BlockSize]byte
	ptrs   [laneCount]*byte
	buffer [laneCount*32 + 68*laneCount*4]byte // states and message words
}

func newLanes() *lanes {
	if !hasLanes {
		return nil
	}
	l := new(lanes)
	for i := range laneCount {
		l.digs[i], l.ptrs[i] = &l.states[i], &l.data[i][0]
	}
	return l
}

// compress takes each state through the first blocks of its lane's data.
func (l *lanes) compress(blocks int) { blockMultBy8(&l.digs[0], &l.ptrs[0], &l.buffer[0], blocks) }

// digest writes the state of lane i.
func (l *lanes) digest(i int, out *Hash) {
	for w, v := range l.states[i] {
		binary.BigEndian.PutUint32(out[4*w:], v)
	}
}

//go:linkname blockMultBy8 github.com/emmansun/gmsm/internal/sm3.blockMultBy8
//go:noescape
func blockMultBy8(states **[8]uint32, data **byte, buffer *byte, blocks int)
