package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
)

// maxAnswer is the most bytes of one answer that are read.
const maxAnswer = 32 << 20

// node is one of the nodes of a client.
type node struct {
	client *Client
	base   string // address without a slash at the end

	mu     sync.Mutex
	status *api.Status // guarded by mu
	asked  time.Time   // when status was asked for; guarded by mu
}

// request is one request, as it goes to whatever node.
type request struct {
	method string
	path   string // under /v1, escaped
	query  url.Values
	body   []byte        // octets
	wait   time.Duration // how long the node itself may wait
	accept string        // media type; empty for JSON
}

// reply is what a node said: any status.
type reply struct {
	node   *node
	status int
	header http.Header
	body   []byte
}

// height returns the height of the state that the reply was read from, 0 if it
// does not say.
func (r *reply) height() uint64 {
	h, _ := strconv.ParseUint(r.header.Get("Hallmark-Height"), 10, 64)
	return h
}

// do makes one request of one node. An error says that there is no whole answer.
func (n *node) do(ctx context.Context, q request) (*reply, error) {
	ctx, cancel := context.WithTimeout(ctx, n.client.opts.Timeout+q.wait)
	defer cancel()
	res, err := n.send(ctx, q)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", n.base, err)
	}
	if len(body) > maxAnswer {
		return nil, fmt.Errorf("%s: an answer of more than %d bytes", n.base, maxAnswer)
	}
	return &reply{n, res.StatusCode, res.Header, body}, nil
}

// send begins a request; the caller reads and closes the body of the answer.
func (n *node) send(ctx context.Context, q request) (*http.Response, error) {
	target := n.base + "/v1" + q.path
	if len(q.query) > 0 {
		target += "?" + q.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, q.method, target, bytes.NewReader(q.body))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", n.base, err)
	}
	if q.accept == "" {
		q.accept = "application/json, application/problem+json"
	}
	req.Header.Set("Accept", q.accept)
	req.Header.Set("User-Agent", n.client.opts.Agent)
	if q.body != nil {
		req.Header.Set("Content-Type", "application/octet-stream")
	}
	res, err := n.client.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", n.base, unwrapURL(err))
	}
	return res, nil
}

// unwrapURL leaves out the address, which is named already.
func unwrapURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// neverSent reports whether err says that a request did not leave.
func neverSent(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// result reads the answer into out, from JSON or, if out is a *[]byte, as it is. A
// definite answer that is not what was asked for is an *Error; definite is false
// if another node should be asked.
func (r *reply) result(out any) (definite bool, err error) {
	switch {
	case r.status >= 200 && r.status < 300:
		if raw, ok := out.(*[]byte); ok {
			if !r.is(octets) {
				return false, fmt.Errorf("%s: an answer of type %q, not %s: is this the address of a node?", r.node.base, r.header.Get("Content-Type"), octets)
			}
			*raw = r.body
			return true, nil
		}
		if !r.isJSON() {
			return false, fmt.Errorf("%s: an answer of type %q, not JSON: is this the address of a node?", r.node.base, r.header.Get("Content-Type"))
		}
		if err := json.Unmarshal(r.body, out); err != nil {
			return false, fmt.Errorf("%s: an answer that cannot be read: %w", r.node.base, err)
		}
		return true, nil
	case r.status >= 300 && r.status < 400:
		return false, fmt.Errorf("%s: it refers to %s: name the node itself", r.node.base, r.header.Get("Location"))
	}
	e := &Error{Node: r.node.base, Status: r.status}
	if r.isJSON() {
		if err := json.Unmarshal(r.body, &e.Problem); err != nil {
			e.Problem = api.Problem{}
		}
	}
	// What looks like a node's answer and is not one, as a proxy's, has no title.
	stray := r.status == http.StatusNotFound && e.Problem.Title == ""
	return r.status < 500 && r.status != http.StatusTooManyRequests && r.status != http.StatusRequestTimeout && !stray, e
}

func (r *reply) isJSON() bool { return r.is("application/json") || r.is("application/problem+json") }

// is reports whether the answer is of a media type.
func (r *reply) is(want string) bool {
	kind, _, err := mime.ParseMediaType(r.header.Get("Content-Type"))
	return err == nil && kind == want
}

// retryAfter returns how long the node asks to be left alone, 0 if it does not.
func (r *reply) retryAfter() time.Duration {
	text := r.header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 16); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}
