package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	wire "github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/node/api"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

// feed is an open feed.
type feed struct {
	*testing.T
	res   *http.Response
	lines *bufio.Scanner
	last  string // the last id
	stop  context.CancelFunc
}

func (s *service) feed(query, lastID string) *feed {
	s.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 30*time.Second)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/v1/feed"+query, nil)
	if err != nil {
		s.Fatal(err)
	}
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
		s.Fatalf("feed%s: %s", query, res.Status)
	}
	f := &feed{T: s.T, res: res, lines: bufio.NewScanner(res.Body), stop: stop}
	f.lines.Buffer(nil, 1<<20)
	return f
}

func (f *feed) close() {
	f.stop()
	_ = f.res.Body.Close()
}

// next returns the next event, nil at the end or where only the id moved.
func (f *feed) next() (e *wire.FeedEvent, more bool) {
	f.Helper()
	moved := false
	for f.lines.Scan() {
		line := f.lines.Text()
		switch {
		case strings.HasPrefix(line, "id: "):
			f.last, moved = line[4:], true
		case strings.HasPrefix(line, "data: "):
			e = new(wire.FeedEvent)
			if err := json.Unmarshal([]byte(line[6:]), e); err != nil {
				f.Fatal(err)
			}
			if e.ID != f.last {
				f.Fatalf("event %s under id %s", e.ID, f.last)
			}
		case line == "" && (e != nil || moved):
			return e, true
		}
	}
	return nil, false
}

// read returns the next n events.
func (f *feed) read(n int) (list []wire.FeedEvent) {
	f.Helper()
	for len(list) < n {
		e, more := f.next()
		if !more {
			f.Fatalf("the feed ended after %d events of %d", len(list), n)
		}
		if e != nil {
			list = append(list, *e)
		}
	}
	return list
}

func TestFeedSince(t *testing.T) {
	s := seven(t)
	f := s.feed("?since=2", "")
	defer f.close()
	past := f.read(2 + 2 + 3 + 101)
	if past[0].Type != "tx.executed" || past[1].Type != "certificate.issued" || past[1].Height != 2 || past[1].ID != "2.1" || past[1].Attributes["number"] != number ||
		past[1].Tx != past[0].Attributes["id"] || past[3].Type != "certificate.suspended" {
		t.Errorf("%+v", past[:4])
	}
	s.commit(issue(4, "00126Q20001R0M"))
	if live := f.read(2); live[1].Height != 6 || live[1].Attributes["number"] != "00126Q20001R0M" {
		t.Errorf("%+v", live)
	}
}

// TestFeedResume breaks off after every event and goes on by its id: all events
// come once and in order.
func TestFeedResume(t *testing.T) {
	s := seven(t)
	whole := s.feed("?since=1", "")
	want := whole.read(108)
	whole.close()
	last := "0.0"
	for i, w := range want[:20] {
		var f *feed
		switch {
		case i == 0:
			f = s.feed("?since=1", "")
		case i%2 == 0:
			f = s.feed("?since=1", last) // as a browser, which repeats the address
		default:
			f = s.feed("?after="+last, "")
		}
		got := f.read(1)[0]
		f.close()
		if got.ID != w.ID || got.Type != w.Type {
			t.Fatalf("%d: after %s came %s, want %s", i, last, got.ID, w.ID)
		}
		last = got.ID
	}
}

func TestFeedFilter(t *testing.T) {
	s := seven(t)
	f := s.feed("?since=1&types=certificate.suspended,certificate.revoked&issuer="+apptest.CQC+"&holder="+apptest.Holder, "")
	defer f.close()
	if e := f.read(1)[0]; e.Type != "certificate.suspended" || e.Height != 3 {
		t.Errorf("%+v", e)
	}
	other := s.feed("?since=1&issuer="+apptest.CQM, "")
	defer other.close()
	s.commit(apptest.Draft{Nonce: 1, Keys: []string{"cqm/certifier", "cqm/approver"}, Messages: []*txv1.Message{apptest.Issue("1", today)}}.Sign())
	if e := other.read(1)[0]; e.Height != 6 {
		t.Errorf("%+v", e)
	}
	s.commit(suspend(4, "00126Q00001R0M"))
	if e := f.read(1)[0]; e.Height != 7 {
		t.Errorf("%+v", e)
	}
}

func TestFeedRefused(t *testing.T) {
	s := seven(t)
	s.prune(4)
	s.problem("/v1/feed?since=3", 410)
	s.problem("/v1/feed?after=3.1", 410)
	s.problem("/v1/feed?since=9000", 422)
	for _, bad := range []string{"1", "01.1", "1.01", "1.4294967296", "-1.0", "1.", ".1", "0.1", "9223372036854775808.1"} {
		s.problem("/v1/feed?after="+bad, 422)
	}
	f := s.feed("?after=3.4294967295", "") // the end of block 3
	defer f.close()
	if e := f.read(1)[0]; e.Height != 4 {
		t.Errorf("%+v", e)
	}
}

// TestFeedHeartbeat: the feed of a client that wants nothing of what happens
// lives, and says how far it has come.
func TestFeedHeartbeat(t *testing.T) {
	n := newNode(t)
	n.commit()
	n.commit(issue(1, number))
	opts := unlimited
	opts.Heartbeat, opts.ReadTimeout = 20*time.Millisecond, 100*time.Millisecond
	s := serve(t, n, opts)
	f := s.feed("?since=1&types=member.removed", "")
	defer f.close()
	if e, more := f.next(); e != nil || !more || f.last != "2.4294967295" {
		t.Errorf("%+v, %v, %q", e, more, f.last)
	}
	time.Sleep(300 * time.Millisecond) // longer than a request may take to arrive
	n.commit()
	if e, more := f.next(); e != nil || !more || f.last != "3.4294967295" {
		t.Errorf("%+v, %v, %q", e, more, f.last)
	}
}

func TestFeedLimits(t *testing.T) {
	n := newNode(t)
	n.commit()
	opts := unlimited
	opts.Streams, opts.StreamsEach = 3, 2
	s := serve(t, n, opts)
	a, b := s.feed("", ""), s.feed("", "")
	defer b.close()
	r := s.do(http.MethodGet, "/v1/feed", nil)
	s.isProblem(r, 429)
	if r.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	a.close()
	for range 100 { // the server notices by itself
		if r = s.tryFeed(); r.StatusCode == 200 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("the place of a closed feed is not free")
}

// tryFeed opens a feed and closes it at once.
func (s *service) tryFeed() *reply {
	s.Helper()
	res, err := http.Get(s.url + "/v1/feed") //nolint:noctx // it answers at once
	if err != nil {
		s.Fatal(err)
	}
	_ = res.Body.Close()
	return &reply{Response: res}
}

// TestFeedSlow: a client that reads nothing is cut off, and others are not held
// up meanwhile.
func TestFeedSlow(t *testing.T) {
	n := newNode(t)
	n.commit()
	opts := unlimited
	opts.WriteTimeout = 300 * time.Millisecond
	gone := make(chan int, 100)
	opts.Observer = observer{streams: func(open int) { gone <- open }}
	s := serve(t, n, opts)
	for nonce := range uint64(40) { // some megabytes of events
		var numbers []string
		for i := range 200 {
			numbers = append(numbers, fmt.Sprintf("00126Q%d-%d", nonce, i))
		}
		n.commit(issue(nonce+1, numbers...))
	}
	c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.(*net.TCPConn).SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write([]byte("GET /v1/feed?since=1 HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	if open := <-gone; open != 1 {
		t.Fatalf("%d feeds", open)
	}
	f := s.feed("?since=1", "")
	defer f.close()
	<-gone
	f.read(40 * 201)
	select {
	case open := <-gone:
		if open != 1 {
			t.Errorf("%d feeds", open)
		}
	case <-time.After(20 * time.Second):
		t.Error("the slow client is still served")
	}
}

// observer tells what a test asks for.
type observer struct {
	streams func(open int)
	request func(route string, status int)
}

func (o observer) Request(route string, status int, _ time.Duration) {
	if o.request != nil {
		o.request(route, status)
	}
}

func (o observer) Streams(open int) {
	if o.streams != nil {
		o.streams(open)
	}
}

var _ api.Observer = observer{}
