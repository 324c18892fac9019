package member

import (
	"time"

	"github.com/hallmark-ledger/hallmark/store"
)

// Params is what the module needs of the parameters that governance keeps.
type Params interface {
	// KeyDelay returns the time from the registration of a key that decides
	// until it can be used. An error is a fault.
	KeyDelay(r store.Reader) (time.Duration, error)
}

// Module is the members. It holds no state of its own.
type Module struct{ params Params }

// New returns the module.
func New(params Params) *Module { return &Module{params} }
