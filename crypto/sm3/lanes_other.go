//go:build !amd64 || purego

package sm3

// lanes is for processors on which gmsm hashes messages side by side.
type lanes struct {
	states [laneCount][8]uint32
	data   [laneCount][laneBlocks * BlockSize]byte
}

func newLanes() *lanes             { return nil }
func (l *lanes) compress(int)      {}
func (l *lanes) digest(int, *Hash) {}
