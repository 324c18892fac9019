package client

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
)

func TestFailover(t *testing.T) {
	member := func(w http.ResponseWriter, _ *http.Request) { give(w, 200, api.Member{ID: "cqc"}) }
	for name, bad := range map[string]http.HandlerFunc{
		"500":                  func(w http.ResponseWriter, _ *http.Request) { problem(w, 500, nil) },
		"503":                  func(w http.ResponseWriter, _ *http.Request) { problem(w, 503, nil) },
		"429":                  func(w http.ResponseWriter, _ *http.Request) { problem(w, 429, nil) },
		"a proxy's":            func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<html>", 502) },
		"a web page":           func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>hello") },
		"not found by no node": func(w http.ResponseWriter, _ *http.Request) { http.NotFound(w, nil) },
		"cut short": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"id":`)
		},
		"a redirect": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "http://127.0.0.1:1/", 302) },
		"gone":       func(w http.ResponseWriter, _ *http.Request) { problem(w, 410, nil) },
		"hangs up":   func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) },
		"too large": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			for range maxAnswer/(1<<20) + 2 {
				if _, err := w.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := newFaulty(t, bad), newFaulty(t, member)
			c := newClient(t, a, b)
			for range 3 {
				if m, err := c.Member(soon(t), "cqc"); err != nil || m.ID != "cqc" {
					t.Fatalf("%v, %v", m, err)
				}
			}
			if n := a.count(""); n != 1 {
				t.Errorf("the node that fails was asked %d times, not once", n)
			}
		})
	}
}

func TestDefiniteAnswers(t *testing.T) {
	for _, status := range []int{400, 404, 410, 413, 422} {
		a := newFaulty(t, func(w http.ResponseWriter, _ *http.Request) { problem(w, status, nil) })
		c := newClient(t, a)
		_, err := c.Member(soon(t), "nobody")
		var e *Error
		if !errors.As(err, &e) || e.Status != status || a.count("") != 1 {
			t.Errorf("%d: %v after %d requests", status, err, a.count(""))
		}
		if NotFound(err) != (status == 404) {
			t.Errorf("%d: NotFound is wrong", status)
		}
	}
}

func TestNoAnswer(t *testing.T) {
	a := newFaulty(t, func(w http.ResponseWriter, _ *http.Request) { problem(w, 500, nil) })
	b := newFaulty(t, nil)
	b.Close()
	_, err := newClient(t, a, b).Member(soon(t), "cqc")
	if !errors.Is(err, ErrNoAnswer) || !strings.Contains(err.Error(), a.URL) || !strings.Contains(err.Error(), b.URL) {
		t.Errorf("%v, want what both nodes said", err)
	}
	if n := a.count(""); n < 2 {
		t.Errorf("asked %d times, not again", n)
	}
}

// A node that says when to come back is not asked before.
func TestRetryAfter(t *testing.T) {
	var first time.Time
	a := newFaulty(t, func(w http.ResponseWriter, _ *http.Request) {
		if first.IsZero() {
			first = time.Now()
			w.Header().Set("Retry-After", "1")
			problem(w, 429, nil)
			return
		}
		if early := time.Second - time.Since(first); early > 0 {
			t.Errorf("asked again %v too early", early)
		}
		give(w, 200, api.Member{ID: "cqc"})
	})
	c := newClient(t, a)
	c.opts.Patience = 5 * time.Second
	if _, err := c.Member(soon(t), "cqc"); err != nil {
		t.Error(err)
	}
}

func TestEscaping(t *testing.T) {
	a := newFaulty(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Hallmark-Height", "7")
		give(w, 200, api.Certificate{})
	})
	var height uint64
	if _, err := newClient(t, a).Certificate(soon(t), "CNCA-R-2002-001", "00117Q1/3700", AtHeight(7), HeightTo(&height)); err != nil || height != 7 {
		t.Errorf("height %d, %v", height, err)
	}
	if want := "GET /v1/certificates/CNCA-R-2002-001/00117Q1%2F3700"; a.asked[0] != want {
		t.Errorf("asked for %s, not %s", a.asked[0], want)
	}
}

func TestAddresses(t *testing.T) {
	for _, urls := range [][]string{nil, {""}, {"ftp://a"}, {"http://a?b"}, {"http://a", "a"}, {"http://"}} {
		if _, err := New(urls, Options{}); err == nil {
			t.Errorf("%q is taken", urls)
		}
	}
	c, err := New([]string{" 127.0.0.1:8480/ ", "https://b/x/"}, Options{})
	if err != nil || strings.Join(c.Nodes(), " ") != "http://127.0.0.1:8480 https://b/x" {
		t.Errorf("%v, %v", c, err)
	}
}

func TestChain(t *testing.T) {
	a := newFaulty(t, func(w http.ResponseWriter, _ *http.Request) { give(w, 200, api.Status{ChainID: "another"}) })
	c, err := New([]string{a.URL}, Options{ChainID: "hallmark-test", Patience: -1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Member(soon(t), "cqc"); !errors.Is(err, ErrChain) {
		t.Errorf("%v, want ErrChain", err)
	}
}
