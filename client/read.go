package client

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// ReadOption says more of a read.
type ReadOption func(*read)

type read struct {
	query  url.Values
	wait   time.Duration
	height *uint64
}

// AtHeight reads the state after a block instead of the newest.
func AtHeight(h uint64) ReadOption { return with("height", strconv.FormatUint(h, 10)) }

// Limit asks for pages of n entries; the node may give fewer.
func Limit(n int) ReadOption { return with("limit", strconv.Itoa(n)) }

// Cursor asks for the page that the one before named in its member next.
func Cursor(next string) ReadOption { return with("cursor", next) }

// From asks for the page that begins with a number, where lists are numbered.
func From(n uint64) ReadOption { return with("from", strconv.FormatUint(n, 10)) }

// HeightTo puts the height of the state that was read into h.
func HeightTo(h *uint64) ReadOption { return func(r *read) { r.height = h } }

func with(key, value string) ReadOption { return func(r *read) { r.query.Set(key, value) } }

// get reads one resource; parts of its path are escaped here.
func get[T any](ctx context.Context, c *Client, opts []ReadOption, parts ...string) (*T, error) {
	r := read{query: url.Values{}}
	for _, o := range opts {
		o(&r)
	}
	out := new(T)
	a, err := c.ask(ctx, request{method: http.MethodGet, path: join(parts), query: r.query, wait: r.wait}, out)
	if err != nil {
		return nil, err
	}
	if r.height != nil {
		*r.height = a.height()
	}
	return out, nil
}

func join(parts []string) (path string) {
	for _, p := range parts {
		path += "/" + url.PathEscape(p)
	}
	return path
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
