package api

import (
	"net/http"
	"net/url"
	"path"
)

// route answers a request that was let in. What the mux would answer itself, in
// plain text, is answered here.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	if p := r.URL.EscapedPath(); path.Clean(p) != p { // the mux would redirect
		if to := withoutSlash(r); to != "" {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		fail(http.StatusNotFound, "The path has empty or dotted segments, or ends with a slash. Write / within a number as %%2F.").write(w)
		return
	}
	if _, err := url.ParseQuery(r.URL.RawQuery); err != nil {
		fail(http.StatusBadRequest, "The query of the address does not decode: %s", short(err.Error())).write(w)
		return
	}
	h, pattern := s.mux.Handler(r)
	if pattern != "" {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			patient(w, maxWait+s.opts.WriteTimeout)
		}
		s.mux.ServeHTTP(w, r)
		return
	}
	c := &captured{header: http.Header{}}
	h.ServeHTTP(c, r)
	p := fail(http.StatusNotFound, "There is nothing under this path. /v1/openapi.json lists what there is.")
	if c.status == http.StatusMethodNotAllowed {
		allow := c.header.Get("Allow")
		p = fail(c.status, "The path takes %s.", allow)
		p.allow = allow
	}
	p.write(w)
}

// captured takes an answer of the mux's own.
type captured struct {
	header http.Header
	status int
}

func (c *captured) Header() http.Header { return c.header }

func (c *captured) WriteHeader(status int) { c.status = status }

func (c *captured) Write(b []byte) (int, error) { return len(b), nil }
