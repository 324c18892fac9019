package api_test

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/light"
)

// aCard is a trust card of the validators of the test.
func aCard(t *testing.T, n *node) *light.Card {
	t.Helper()
	seals := newSeals(n)
	set, _, err := seals.SetOf(seals.seal().Height)
	if err != nil {
		t.Fatal(err)
	}
	c, err := light.NewCard(light.Card{
		ChainID: apptest.Chain, Genesis: sm3.Sum([]byte("genesis")), Height: 1, Set: set,
		Made: time.Unix(1_700_000_000, 0), NotAfter: time.Unix(1_800_000_000, 0),
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCardOfTheNode(t *testing.T) {
	n := newNode(t)
	n.commit()
	serve(t, n, unlimited).problem("/v1/card", http.StatusNotFound)
	opts := unlimited
	opts.Card = aCard(t, n)
	s := serve(t, n, opts)
	r := s.get("/v1/card", http.StatusOK, nil)
	if !bytes.Equal(r.body, opts.Card.Bytes()) || r.Header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("%d bytes of %s", len(r.body), r.Header.Get("Content-Type"))
	}
	_, v := contract(t, s)
	hold(t, v, r.Request, r)
}

// TestPages: the page and each of its files are served, and the headers keep a
// page to what was built with it.
func TestPages(t *testing.T) {
	n := newNode(t)
	n.commit()
	s := serve(t, n, unlimited)
	page := s.get("/verify", http.StatusOK, nil)
	for _, path := range []string{"/V", "/v"} {
		if r := s.get(path, http.StatusOK, nil); !bytes.Equal(r.body, page.body) {
			t.Errorf("%s is another page than /verify", path)
		}
	}
	files := regexp.MustCompile(`"(web/[^"]+)"`).FindAllSubmatch(page.body, -1)
	if len(files) < 5 {
		t.Fatalf("the page names %q", files)
	}
	paths := []string{"/verify", "/web/sw.js"}
	for _, f := range files {
		paths = append(paths, "/"+string(f[1]))
	}
	for _, path := range paths {
		r := s.get(path, http.StatusOK, nil)
		h := r.Header
		if csp := h.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; ") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cross-Origin-Opener-Policy") != "same-origin" ||
			!strings.HasPrefix(h.Get("Permissions-Policy"), "camera=(self)") {
			t.Errorf("%s: %v", path, h)
		}
		if fixed := strings.Contains(h.Get("Cache-Control"), "immutable"); fixed != regexp.MustCompile(`-[A-Z0-9]{8}\.`).MatchString(path) {
			t.Errorf("%s: Cache-Control %q", path, h.Get("Cache-Control"))
		}
		again, err := http.NewRequest(http.MethodGet, s.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		again.Header.Set("If-None-Match", h.Get("ETag"))
		if r := s.send(again); h.Get("ETag") == "" || r.StatusCode != http.StatusNotModified || len(r.body) > 0 {
			t.Errorf("%s: asked again with the ETag %q: %s", path, h.Get("ETag"), r.Status)
		}
	}
	for _, path := range []string{"/web/nothing.js", "/web/verify.html", "/web", "/verify/x"} {
		s.problem(path, http.StatusNotFound)
	}
	// Nothing stands in the page that the policy would forbid.
	for _, bad := range []string{"<style", "style=", " onload=", " onclick=", "javascript:", "http://", "https://"} {
		if strings.Contains(strings.ReplaceAll(string(page.body), "HTTPS://…", ""), bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	if scripts := regexp.MustCompile(`<script[^>]*>`).FindAllString(string(page.body), -1); len(scripts) != 1 || !strings.Contains(scripts[0], " src=") {
		t.Errorf("scripts of the page: %q", scripts)
	}
}
