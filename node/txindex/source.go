package txindex

// Source is the node's blocks. Its methods may be called while blocks are
// committed.
type Source interface {
	// Heights returns the earliest and the newest height whose block the node
	// has, both 0 before the first.
	Heights() (earliest, latest uint64)
	// Transactions returns the encoded transactions of a block that Heights
	// spans, in order. It is an error if the block was pruned meanwhile.
	Transactions(height uint64) ([][]byte, error)
	// Notify returns a channel of capacity 1 that is sent to, without waiting,
	// after each committed block, and a function that ends that.
	Notify() (<-chan struct{}, func())
}
