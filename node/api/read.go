package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/store/engine"
)

// heightHeader says after which block an answer holds.
const heightHeader = "Hallmark-Height"

// At is part of every input of a read.
type At struct {
	Height uint64 `query:"height" maximum:"9223372036854775807" doc:"Read the state after this block; 0 or absent: after the newest. 读取该区块之后的状态；缺省为最新。"`
}

func (a At) at() uint64 { return a.Height }

// Page is part of the input of a list.
type Page struct {
	Limit  int64  `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Entries of a page. 每页条数。"`
	Cursor string `query:"cursor" maxLength:"256" doc:"The member next of the page before; absent: the first page. 上一页的 next 值；缺省为第一页。"`
}

// From is part of the input of a list whose entries are numbered.
type From struct {
	Limit int64  `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Entries of a page. 每页条数。"`
	From  uint64 `query:"from" maximum:"9223372036854775807" doc:"Number of the first entry; 0 or absent: 1. 起始序号；缺省为 1。"`
}

func (f From) first() uint64 { return max(1, f.From) }

// view is the state that one request reads, all of it after the same block.
type view struct {
	*app.Reader
	s *Server

	at time.Time // of the block; zero until asked for
}

// time returns the time of the block after which the state is read.
func (v *view) time() (time.Time, error) {
	if v.at.IsZero() {
		at, err := v.s.backend.BlockTime(v.Height())
		if err != nil {
			return time.Time{}, err
		}
		v.at = at.UTC()
	}
	return v.at, nil
}

// stated is an answer read from the state.
type stated[T any] struct {
	Height uint64 `header:"Hallmark-Height" doc:"The block after which the answer holds. 应答所依据的区块高度。"`
	Body   *T
}

// read registers an operation that reads the state: f answers, or returns an
// error for toProblem.
func read[I interface{ at() uint64 }, T any](s *Server, api huma.API, op operation, f func(v *view, in *I) (*T, error)) {
	huma.Register(api, op.huma(api, http.MethodGet, readErrors), func(ctx context.Context, in *I) (*stated[T], error) {
		v, err := s.view((*in).at())
		if err != nil {
			return nil, s.toProblem(ctx, err)
		}
		body, err := f(v, in)
		if err != nil {
			if (*in).at() > 0 && errors.Is(err, engine.ErrVersionGone) {
				err = gone((*in).at())
			}
			return nil, s.toProblem(ctx, err)
		}
		return &stated[T]{v.Height(), body}, nil
	})
}

// view returns the state after a height, 0 for the newest.
func (s *Server) view(height uint64) (*view, error) {
	r, err := s.backend.View(height)
	if err == nil {
		return &view{Reader: r, s: s}, nil
	}
	if height > 0 && errors.Is(err, engine.ErrVersionGone) {
		if _, latest := s.backend.Heights(); height > latest {
			return nil, fail(http.StatusNotFound, "Height %d has not been reached; the newest is %d.", height, latest)
		}
		return nil, gone(height)
	}
	return nil, err
}

func gone(height uint64) error {
	return fail(http.StatusGone, "The state after height %d is not retained.", height)
}
