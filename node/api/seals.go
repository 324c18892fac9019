package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	sealer "github.com/hallmark-ledger/hallmark/node/seal"
)

// Statements are the statements of heights, signed by all, some or none:
// *sealer.Store. Its methods may be called from many goroutines.
type Statements interface {
	Seals
	// Statement returns the statement of a height, false if there is none.
	Statement(height uint64) (*seal.Statement, bool, error)
	// Missing returns the names of the validators whose signature over the
	// statement of a height is not there.
	Missing(height uint64) ([]string, error)
	// Conflicts returns up to limit proofs that a key signed two statements.
	Conflicts(limit int) ([]seal.Conflict, error)
	// Notify returns a channel of capacity 1 that is sent to, without waiting,
	// when a height is sealed, and a function that ends that.
	Notify() (<-chan struct{}, func())
}

// How much one answer has at most.
const (
	handoversOfPage = 100
	maxConflicts    = 1000
)

type sealInput struct {
	Height string `path:"height" pattern:"^([0-9]{1,19}|latest)$" example:"latest" doc:"Height, or latest: the newest sealed one. 区块高度，或 latest（最新已签章高度）。"`
}

type sealSetInput struct {
	Height uint64 `path:"height" minimum:"1" maximum:"9223372036854775807" doc:"Height. 区块高度。"`
}

type handoversInput struct {
	From uint64 `query:"from" minimum:"1" maximum:"9223372036854775807" default:"1" doc:"A height of the set to begin with. 起始集合的任一高度。"`
}

type output[T any] struct{ Body *T }

func (s *Server) registerSeals(a huma.API) {
	s.registerConflicts(a)
	get(s, a, operation{
		"get-seal", "/v1/seals/{height}", tagProof,
		api.Text{En: "Seal", Zh: "签章"},
		api.Text{En: "The statement of a height and its seal, or who has yet to sign it.", Zh: "某一高度的陈述及签章，或尚未签署的验证者。"},
	}, s.seal)
	get(s, a, operation{
		"get-seal-set", "/v1/seals/sets/{height}", tagProof,
		api.Text{En: "Seal set", Zh: "签章集合"},
		api.Text{En: "The seal keys and powers that decide a height.", Zh: "决定某一高度的签章公钥与投票权。"},
	}, s.sealSet)
	get(s, a, operation{
		"list-seal-conflicts", "/v1/seals/conflicts", tagProof,
		api.Text{En: "Conflicting statements", Zh: "冲突陈述"},
		api.Text{En: "Proofs that a seal key signed two different statements of one height, as this node has seen them, each with the message that puts it on record.", Zh: "本节点所见证据：同一签章密钥对同一高度签署了两份不同陈述；各附将其记入账本的消息。"},
	}, s.sealConflicts)
	get(s, a, operation{
		"list-handovers", "/v1/handovers", tagProof,
		api.Text{En: "Handovers", Zh: "签章集合交接"},
		api.Text{En: "Sealed statements that lead from the seal set of a height to that of the newest sealed height, one for each change.", Zh: "从某一高度的签章集合逐次交接至最新已签章高度之集合的已签章陈述。"},
	}, s.handoverList)
}

// get registers an operation that reads what is no state.
func get[I, T any](s *Server, a huma.API, op operation, f func(Statements, *I) (*T, error)) {
	huma.Register(a, op.huma(a, http.MethodGet, readErrors), func(ctx context.Context, in *I) (*output[T], error) {
		if s.opts.Statements == nil {
			return nil, fail(http.StatusNotFound, "This node keeps no seals.")
		}
		body, err := f(s.opts.Statements, in)
		if err != nil {
			return nil, s.toProblem(ctx, err)
		}
		return &output[T]{body}, nil
	})
}

func (s *Server) seal(seals Statements, in *sealInput) (*api.Seal, error) {
	height := seals.Newest()
	if in.Height != "latest" {
		n, err := strconv.ParseUint(in.Height, 10, 63)
		if err != nil {
			return nil, fail(http.StatusUnprocessableEntity, "A height is a number below 2⁶³, or latest.")
		}
		height = n
	}
	if height == 0 {
		return nil, fail(http.StatusNotFound, "No height is sealed yet.")
	}
	st, sl, sealed, err := seals.Sealed(height)
	if err != nil {
		return nil, err
	}
	if !sealed {
		var ok bool
		if st, ok, err = seals.Statement(height); err != nil {
			return nil, err
		} else if !ok {
			return nil, s.noStatement(height)
		}
	}
	out := &api.Seal{Height: height, Time: time.Unix(0, st.Time).UTC(), Sealed: sealed, Statement: hexText(st.Append(nil))}
	if sealed {
		out.Seal = hexText(sl.Append(nil))
	}
	if out.Missing, err = seals.Missing(height); err != nil {
		return nil, err
	}
	_, out.SetBegin, err = seals.SetOf(height)
	return out, err
}

func (s *Server) noStatement(height uint64) error {
	if _, latest := s.backend.Heights(); height > latest {
		return fail(http.StatusNotFound, "Height %d has not been reached; the newest is %d.", height, latest)
	}
	return fail(http.StatusGone, "The statement of height %d is not there, or no longer.", height)
}

func (s *Server) sealSet(seals Statements, in *sealSetInput) (*api.SealSet, error) {
	if _, latest := s.backend.Heights(); in.Height > latest {
		return nil, fail(http.StatusNotFound, "Height %d has not been reached; the newest is %d.", in.Height, latest)
	}
	set, begin, err := seals.SetOf(in.Height)
	if err != nil {
		return nil, err
	}
	return &api.SealSet{Height: in.Height, Begin: begin, Hash: set.Hash().String(), Set: hexText(set.Append(nil))}, nil
}

func (s *Server) handoverList(seals Statements, in *handoversInput) (*api.HandoverList, error) {
	list, err := seals.Handovers(in.From, handoversOfPage+1)
	if errors.Is(err, sealer.ErrNoHandover) {
		return nil, fail(http.StatusGone, "No height was sealed while the seal set changed, so nothing leads on from it; a card of a later set is needed. %v", err)
	}
	if err != nil {
		return nil, err
	}
	out := &api.HandoverList{From: in.From, Sealed: seals.Newest(), Items: []api.Handover{}, More: len(list) > handoversOfPage}
	for _, h := range list[:min(len(list), handoversOfPage)] {
		st := h.Statement
		out.Items = append(out.Items, api.Handover{
			Height: st.Height, Time: time.Unix(0, st.Time).UTC(), Statement: hexText(st.Append(nil)),
			Seal: hexText(h.Seal.Append(nil)), Next: hexText(h.Next.Append(nil)), Begin: st.NextHeight,
		})
	}
	return out, nil
}
