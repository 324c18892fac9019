package api

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/node/txindex"
)

// recentBlocks is how many blocks are kept: whoever waits for a transaction and
// every feed reads the newest, about at once.
const recentBlocks = 4

// block is a block as answers have it. It is immutable.
type block struct {
	*BlockData
	height uint64
	time   time.Time
	ids    []string        // of its transactions; empty where one does not decode
	events []api.FeedEvent // all, in the order of the feed
}

// blocks are the blocks that were read last.
type blocks struct {
	backend Backend

	mu     sync.Mutex
	recent []*block // guarded by mu; the last used at the end
}

// get returns a block; ErrNoBlock as of Backend.
func (b *blocks) get(height uint64) (*block, error) {
	b.mu.Lock()
	defer b.mu.Unlock() // also while it is read: others want the same one
	for i, one := range b.recent {
		if one.height == height {
			b.recent = append(append(b.recent[:i:i], b.recent[i+1:]...), one)
			return one, nil
		}
	}
	data, err := b.backend.Block(height)
	if err != nil {
		return nil, err
	}
	one := newBlock(height, data)
	if len(b.recent) == recentBlocks {
		b.recent = append([]*block(nil), b.recent[1:]...)
	}
	b.recent = append(b.recent, one)
	return one, nil
}

func newBlock(height uint64, data *BlockData) *block {
	b := &block{BlockData: data, height: height, time: data.Block.Time.UTC()}
	for i, raw := range data.Block.Txs {
		text := ""
		if id, ok := txindex.ID(raw); ok {
			text = id.String()
		}
		b.ids = append(b.ids, text)
		if i < len(data.Results.TxResults) {
			b.add(text, data.Results.TxResults[i].Events)
		}
	}
	b.add("", data.Results.Events)
	return b
}

// add appends events to those of the feed.
func (b *block) add(tx string, events []abci.Event) {
	for _, e := range events {
		b.events = append(b.events, api.FeedEvent{
			ID:     position{b.height, uint32(len(b.events))}.String(),
			Height: b.height, Time: b.time, Tx: tx, Event: eventOf(e),
		})
	}
}

func eventOf(e abci.Event) api.Event {
	out := api.Event{Type: e.Type, Attributes: make(map[string]string, len(e.Attributes))}
	for _, a := range e.Attributes {
		out.Attributes[a.Key] = a.Value
	}
	return out
}

func eventsOf(events []abci.Event) (out []api.Event) {
	for _, e := range events {
		out = append(out, eventOf(e))
	}
	return out
}

type blockInput struct {
	Height string `path:"height" pattern:"^([0-9]{1,19}|latest)$" example:"latest" doc:"Height, or latest. 区块高度，或 latest。"`
}

type blockOutput struct{ Body *api.Block }

func (s *Server) registerBlocks(a huma.API) {
	huma.Register(a, operation{
		"get-block", "/v1/blocks/{height}", tagChain,
		api.Text{En: "Block", Zh: "区块"},
		api.Text{En: "A block: its header, the ids of its transactions, and the events that belong to none of them.", Zh: "区块头、其中交易的标识，以及不属于任何交易的事件。"},
	}.huma(a, http.MethodGet, readErrors), func(ctx context.Context, in *blockInput) (*blockOutput, error) {
		b, err := s.block(in.Height)
		if err != nil {
			return nil, s.toProblem(ctx, err)
		}
		return &blockOutput{&api.Block{
			Height: b.height, Time: b.time, Hash: upperHex(b.Hash), Proposer: b.Block.ProposerAddress.String(),
			AppHash: hexText(b.Block.AppHash), Transactions: list(b.ids), Events: eventsOf(b.Results.Events),
		}}, nil
	})
}

func (s *Server) block(text string) (*block, error) {
	earliest, latest := s.backend.Heights()
	height := latest
	if text != "latest" {
		n, err := strconv.ParseUint(text, 10, 63)
		if err != nil {
			return nil, fail(http.StatusUnprocessableEntity, "A height is a number below 2⁶³, or latest.")
		}
		height = n
	}
	switch {
	case height == 0 || height > latest:
		return nil, fail(http.StatusNotFound, "There is no block %d; the newest is %d.", height, latest)
	case height < earliest:
		return nil, fail(http.StatusGone, "Block %d is not retained; the earliest is %d.", height, earliest)
	}
	return s.blocks.get(height)
}
