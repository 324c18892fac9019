package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// A feed that breaks is taken up at the next node, after the last event, or the
// last sign of life.
func TestWatchResumes(t *testing.T) {
	var after []string
	feed := func(messages string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/v1/status" {
				give(w, 200, standingAt(4))
				return
			}
			after = append(after, r.URL.Query().Get("since")+"/"+r.URL.Query().Get("after"))
			w.Header().Set("Content-Type", "text/event-stream")
			fmt.Fprint(w, messages)
		}
	}
	event := func(id string) string {
		return "id: " + id + "\nevent: x\ndata: {\"id\":\"" + id + "\",\ndata: \"type\":\"x\",\"attributes\":{}}\n\n"
	}
	a := newFaulty(t, feed(": Hallmark\n\n"+event("5.0")+"id: 8.9\n\ndata: {\"id\":\"9")) // cut short
	b := newFaulty(t, feed(event("9.1")+event("9.2")))
	var got []string
	for e, err := range newClient(t, a, b).Watch(soon(t), Feed{}) {
		if err != nil {
			t.Fatal(err)
		}
		if got = append(got, e.ID); len(got) == 3 {
			break
		}
	}
	if s := strings.Join(got, " "); s != "5.0 9.1 9.2" {
		t.Errorf("events %s", s)
	}
	if s := strings.Join(after, " "); s != "5/ /8.9" {
		t.Errorf("asked for %s", s)
	}
}

func TestWatchEnds(t *testing.T) {
	gone := func(w http.ResponseWriter, _ *http.Request) { problem(w, 410, nil) }
	for e, err := range newClient(t, newFaulty(t, gone), newFaulty(t, gone)).Watch(soon(t), Feed{Since: 1}) {
		var answer *Error
		if !errors.As(err, &answer) || answer.Status != 410 {
			t.Errorf("%v, %v", e, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	silent := newFaulty(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.(http.Flusher).Flush()
		cancel()
		<-r.Context().Done()
	})
	n := 0
	for e, err := range newClient(t, silent).Watch(ctx, Feed{Since: 1}) {
		if n++; !errors.Is(err, context.Canceled) || e.ID != "" {
			t.Errorf("%v, %v", e, err)
		}
	}
	if n != 1 {
		t.Errorf("%d yields", n)
	}
}

func TestFeedQuery(t *testing.T) {
	f := Feed{Since: 3, Types: []string{"a", "b"}, Issuer: "i", Holder: "h"}
	if q := f.query().Encode(); q != "holder=h&issuer=i&since=3&types=a%2Cb" {
		t.Error(q)
	}
	f.After = "9.1"
	if q := f.query(); q.Has("since") || q.Get("after") != "9.1" {
		t.Error(q)
	}
}
