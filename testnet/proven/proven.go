// Package proven asks a node for values of the state and believes none of it: it
// verifies the proof, and that the root the proof leads to is the app hash in the
// header of the next block. That the header is the chain's is for a light client,
// or a seal, to show.
package proven

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/proof"
)

// Fact is what is proven of one key of the state.
type Fact struct {
	Height uint64 // of the block after which it holds
	Root   sm3.Hash
	Exists bool
	Value  []byte // if Exists
	Size   int    // of the proof, in bytes
}

// Get asks for a key in the state after a block. It waits, as long as ctx lasts,
// for the header of the next.
func Get(ctx context.Context, from *client.Client, key []byte, height uint64) (*Fact, error) {
	next, err := header(ctx, from, height+1)
	if err != nil {
		return nil, err
	}
	p, err := from.Proof(ctx, hex.EncodeToString(key), client.AtHeight(height))
	if err != nil {
		return nil, err
	}
	if p.Height != height {
		return nil, fmt.Errorf("proven: asked for height %d, answered for %d", height, p.Height)
	}
	f, err := Verify(p, key)
	if err != nil {
		return nil, err
	}
	if !strings.EqualFold(next.AppHash, f.Root.String()) {
		return nil, fmt.Errorf("proven: the proof leads to %s, the header of block %d has %s", f.Root, height+1, next.AppHash)
	}
	return f, nil
}

// Verify verifies the proof in p, whatever height it is for. It looks at nothing
// else than key, root, value and proof.
func Verify(p *api.StateProof, key []byte) (*Fact, error) {
	root, err := hex.DecodeString(p.Root)
	if err != nil || len(root) != sm3.Size {
		return nil, fmt.Errorf("proven: the root is %.80q", p.Root)
	}
	raw, err := hex.DecodeString(p.Proof)
	if err != nil {
		return nil, fmt.Errorf("proven: the proof: %w", err)
	}
	f := &Fact{Height: p.Height, Root: sm3.Hash(root), Exists: p.Exists, Size: len(raw)}
	if !p.Exists {
		return f, proof.VerifyAbsence(f.Root, key, raw)
	}
	if f.Value, err = hex.DecodeString(p.Value); err != nil {
		return nil, fmt.Errorf("proven: the value: %w", err)
	}
	return f, proof.VerifyInclusion(f.Root, key, f.Value, raw)
}

// header waits for a block.
func header(ctx context.Context, from *client.Client, height uint64) (*api.Block, error) {
	for {
		b, err := from.Block(ctx, height)
		if !client.NotFound(err) {
			return b, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("proven: waiting for block %d: %w", height, context.Cause(ctx))
		case <-time.After(50 * time.Millisecond):
		}
	}
}
