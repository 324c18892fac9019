package trace

import (
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/x/trace/gs1"
)

// MaxURI is the length of the longest URI of a product, in bytes.
const MaxURI = gs1.MaxLength

// errURI is what checkURI's errors wrap.
var errURI = errors.New("the URI of the product")

// checkURI reports what is wrong with the URI of a product: of each name only the
// canonical spelling is accepted, which the error gives where it can.
func checkURI(uri string) error {
	if _, err := gs1.ParseProduct(uri); err != nil {
		return fmt.Errorf("%w: %w", errURI, err)
	}
	return nil
}

// Above returns the URIs that name a class or a lot of a product, the nearest
// first. An item's URI tells its class, not its lot.
func Above(uri string) (list []string) {
	p, err := gs1.ParseProduct(uri)
	if err != nil {
		return nil
	}
	for _, class := range p.Above() {
		list = append(list, class.String())
	}
	return list
}
