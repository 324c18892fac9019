package light

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
)

// ErrOtherState: two bundles are of different states.
var ErrOtherState = errors.New("light: the bundles are of different states: get both of one height")

// Join returns a bundle that proves what two bundles of one state prove: a
// product's way and anchors of evidence about it, for instance. Seal and handovers
// are those of the first. Nothing is verified; whoever verifies the result does
// that.
func Join(a, b []byte) ([]byte, error) {
	first, err := parseBundle(a)
	if err != nil {
		return nil, err
	}
	second, err := parseBundle(b)
	if err != nil {
		return nil, err
	}
	x, y := first.GetSealed(), second.GetSealed()
	if x.GetHeight() != y.GetHeight() || !bytes.Equal(x.GetState(), y.GetState()) {
		return nil, fmt.Errorf("%w: heights %d and %d", ErrOtherState, x.GetHeight(), y.GetHeight())
	}
	first.Entries = union(first.Entries, second.Entries, func(e *lightv1.Entry) string { return string(e.GetKey()) })
	first.Chains = union(first.Chains, second.Chains, func(c *lightv1.Chain) string { return string(c.GetKey()) })
	first.Leaves = union(first.Leaves, second.Leaves, leafOrder)
	// Details that are an entry now are left out.
	first.Details = slices.DeleteFunc(union(first.Details, second.Details, func(d []byte) string { h := sm3.Sum(d); return string(h[:]) }), func(d []byte) bool {
		return slices.ContainsFunc(first.Entries, func(e *lightv1.Entry) bool {
			return bytes.HasPrefix(e.GetKey(), detailsPrefix) && bytes.Equal(e.GetValue(), d)
		})
	})
	return marshal(first)
}

// parseBundle reads a bundle without verifying it.
func parseBundle(b []byte) (*lightv1.Bundle, error) {
	m := new(lightv1.Bundle)
	if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(b, m); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBundle, err)
	}
	if again, err := marshal(m); err != nil || !bytes.Equal(again, b) {
		return nil, fmt.Errorf("%w: %w", ErrBundle, errCanonical)
	}
	return m, nil
}

// leafOrder is what leaves are ordered by: the anchor, then the index, which an
// inclusion proof begins with as 8 bytes, big-endian.
func leafOrder(l *lightv1.AnchoredLeaf) string {
	return string(l.GetAnchor()) + string(l.GetProof()[:min(8, len(l.GetProof()))])
}

// union has the elements of both lists by their order, each once.
func union[T any](a, b []T, order func(T) string) []T {
	list := slices.Concat(a, b)
	slices.SortStableFunc(list, func(x, y T) int { return cmp.Compare(order(x), order(y)) })
	return slices.CompactFunc(list, func(x, y T) bool { return order(x) == order(y) })
}
