package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestFiles asks for every file, packed and plain.
func TestFiles(t *testing.T) {
	files, err := load()
	if err != nil {
		t.Fatal(err)
	}
	missing := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	h := Handler(missing)
	ask := func(path, encoding string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", encoding)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for name, f := range files {
		path := folder + name
		if isPage(name) {
			if w := ask(path, ""); w.Code != http.StatusTeapot {
				t.Errorf("%s is served beside its own path", path)
			}
			path = "/" + strings.TrimSuffix(name, ".html")
		}
		plain, packed := ask(path, "identity"), ask(path, "br, gzip")
		if plain.Code != http.StatusOK || !bytes.Equal(plain.Body.Bytes(), f.plain) || plain.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s: %d, %d bytes", path, plain.Code, plain.Body.Len())
		}
		body := packed.Body.Bytes()
		if packed.Header().Get("Content-Encoding") == "gzip" {
			if packed.Header().Get("ETag") == plain.Header().Get("ETag") {
				t.Errorf("%s: packed and plain have one ETag", path)
			}
			z, err := gzip.NewReader(packed.Body)
			if err != nil {
				t.Fatal(err)
			}
			if body, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		} else if strings.HasSuffix(name, ".js") && len(f.plain) > 2000 {
			t.Errorf("%s is not packed", path)
		}
		if !bytes.Equal(body, f.plain) {
			t.Errorf("%s: packed it is another file", path)
		}
	}
	for _, path := range []string{"/", "/web/", "/web/x", "/web/../web.go", "/VERIFY"} {
		if w := ask(path, ""); w.Code != http.StatusTeapot {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}
