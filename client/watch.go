package client

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
)

// Feed says which events to follow; the zero value is all from now on.
type Feed struct {
	Since  uint64   // from this height on, 0 for the next block
	After  string   // from after this event on, by its id; stands above Since
	Types  []string // as certificate.suspended; none for all
	Issuer string   // approval number; empty for all
	Holder string   // empty for all
}

const (
	// quiet is how long a feed may say nothing: nodes send a comment every 15 s.
	quiet        = 45 * time.Second
	maxFeedEvent = 1 << 20 // bytes of one event
)

// Watch follows the change feed until ctx ends or the caller stops. If a
// connection breaks it goes on with the next node, after the last event it had,
// so each event comes once and in order. It yields an error, and ends, for a
// node's definite answer (as 410, when the heights asked for are no longer kept
// anywhere) and when ctx has ended or no node answers.
func (c *Client) Watch(ctx context.Context, f Feed) iter.Seq2[api.FeedEvent, error] {
	return func(yield func(api.FeedEvent, error) bool) {
		p := c.newPatience()
		if f.After == "" && f.Since == 0 { // so that nothing is missed if the first connection breaks
			s, err := c.Status(ctx)
			if err != nil {
				yield(api.FeedEvent{}, err)
				return
			}
			f.Since = s.Height + 1
		}
		for {
			var gone error
			for _, n := range c.order() {
				stopped, heard := false, false
				err := n.watch(ctx, f, func(id string, e *api.FeedEvent) bool {
					heard = true
					if id != "" {
						f.After = id
					}
					stopped = e != nil && !yield(*e, nil)
					return !stopped
				})
				if stopped {
					return
				}
				if ctx.Err() != nil {
					yield(api.FeedEvent{}, context.Cause(ctx))
					return
				}
				var e *Error
				switch {
				case !errors.As(err, &e) || e.Status >= 500 || e.Status == http.StatusTooManyRequests:
				case e.Status == http.StatusGone:
					gone = err
				case e.Status == http.StatusUnprocessableEntity && f.After != "":
					// It is far behind the node that gave the last event.
				default:
					yield(api.FeedEvent{}, err)
					return
				}
				if heard {
					c.prefer(n)
					p = c.newPatience()
				}
				p.note(n, err, nil)
			}
			if gone != nil {
				yield(api.FeedEvent{}, gone)
				return
			}
			if err := p.pause(ctx); err != nil {
				yield(api.FeedEvent{}, err)
				return
			}
		}
	}
}

func (f Feed) query() url.Values {
	q := url.Values{}
	set := func(key, value string) {
		if value != "" {
			q.Set(key, value)
		}
	}
	if f.After != "" {
		set("after", f.After)
	} else if f.Since > 0 {
		set("since", strconv.FormatUint(f.Since, 10))
	}
	set("types", strings.Join(f.Types, ","))
	set("issuer", f.Issuer)
	set("holder", f.Holder)
	return q
}

// watch follows the feed of one node until it breaks; err says why. do is called
// with the id of each message, once with none when the node has agreed, and with
// its event, nil if it only says how far the feed has come. It returns false to
// stop.
func (n *node) watch(ctx context.Context, f Feed, do func(id string, e *api.FeedEvent) bool) error {
	if err := n.belongs(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	silence := time.AfterFunc(quiet, func() { cancel(fmt.Errorf("%s: the feed has said nothing for %v", n.base, quiet)) })
	defer silence.Stop()

	res, err := n.send(ctx, request{method: http.MethodGet, path: "/feed", query: f.query(), accept: "text/event-stream"})
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		body, err := io.ReadAll(io.LimitReader(res.Body, maxFeedEvent))
		if err != nil {
			return fmt.Errorf("%s: %w", n.base, err)
		}
		_, err = (&reply{n, res.StatusCode, res.Header, body}).result(new(any))
		return err
	}
	do("", nil)
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(make([]byte, 4096), maxFeedEvent)
	var data strings.Builder
	var id string
	for lines.Scan() {
		silence.Reset(quiet)
		line := lines.Text()
		if value, ok := strings.CutPrefix(line, "data:"); ok {
			data.WriteString(strings.TrimPrefix(value, " "))
			data.WriteByte('\n')
			continue
		}
		if value, ok := strings.CutPrefix(line, "id:"); ok {
			id = strings.TrimPrefix(value, " ")
			continue
		}
		if line != "" || id == "" && data.Len() == 0 {
			continue // a comment, a field that is of no use here, or nothing
		}
		var e *api.FeedEvent
		if data.Len() > 0 {
			e = new(api.FeedEvent)
			if err := json.Unmarshal([]byte(data.String()), e); err != nil {
				return fmt.Errorf("%s: an event that cannot be read: %w", n.base, err)
			}
			id = e.ID
		}
		if !do(id, e) {
			return nil
		}
		data.Reset()
		id = ""
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s: %w", n.base, err)
	}
	return fmt.Errorf("%s: the feed ended", n.base)
}
