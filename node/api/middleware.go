package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"time"

	"github.com/rs/cors"
)

// answer notes what was answered. http.ResponseController finds the connection
// through Unwrap.
type answer struct {
	http.ResponseWriter
	status int // 0: nothing yet
}

func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.ResponseWriter.Write(b)
}

// patient puts off the read deadline of a connection whose request has arrived,
// for ever if d is 0: net/http ends the request's context when the time for
// reading is over, also if there is nothing left to read.
func patient(w http.ResponseWriter, d time.Duration) {
	until := time.Time{}
	if d > 0 {
		until = time.Now().Add(d)
	}
	_ = http.NewResponseController(w).SetReadDeadline(until) // a connection of a test may have none
}

// observed tells the observer of every request, and notes whose it is.
func (s *Server) observed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin, a := time.Now(), &answer{ResponseWriter: w}
		r = r.WithContext(context.WithValue(r.Context(), addressKey{}, addressOf(r))) // the mux sets its Pattern
		defer func() {
			if s.opts.Observer != nil {
				s.opts.Observer.Request(r.Pattern, a.status, time.Since(begin))
			}
			s.logger.Debug("request", "method", r.Method, "path", r.URL.Path, "status", a.status, "took", time.Since(begin))
		}()
		next.ServeHTTP(a, r)
	})
}

// recovered makes a problem of a panic. If part of an answer is out, the
// connection is closed, so that it is not taken for a whole one.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so
				panic(v)
			}
			s.logger.Error("a handler panicked", "method", r.Method, "path", r.URL.Path, "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
			if a, ok := w.(*answer); ok && a.status != 0 {
				panic(http.ErrAbortHandler)
			}
			fail(http.StatusInternalServerError, "The reason is in the log of the node.").write(w)
		}()
		next.ServeHTTP(w, r)
	})
}

// checkOrigins refuses what is neither * nor the origin of a page.
func checkOrigins(list []string) error {
	for _, o := range list {
		u, err := url.Parse(o)
		if o != "*" && (err != nil || u.Scheme == "" || u.Host == "" || u.Scheme+"://"+u.Host != o) {
			return fmt.Errorf("api: %q is not an origin; give one like https://example.org, or *", o)
		}
	}
	return nil
}

// crossOrigin lets pages of the origins use the interface in a browser: those
// that are named may read and submit, and if * is among them all others may read.
// It knows no cookies: a browser adds nothing of the user's to what a page sends.
func (s *Server) crossOrigin(next http.Handler) http.Handler {
	if len(s.opts.Origins) == 0 {
		return next
	}
	named := slices.DeleteFunc(slices.Clone(s.opts.Origins), func(o string) bool { return o == "*" })
	anyone := pagesOf([]string{"*"}, http.MethodGet, http.MethodHead).Handler(next)
	if len(named) == 0 { // which cors would take for any
		return anyone
	}
	pages := pagesOf(named, http.MethodGet, http.MethodHead, http.MethodPost)
	those := pages.Handler(next)
	if len(named) == len(s.opts.Origins) {
		return those
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if pages.OriginAllowed(r) {
			those.ServeHTTP(w, r)
			return
		}
		anyone.ServeHTTP(w, r)
	})
}

func pagesOf(origins []string, methods ...string) *cors.Cors {
	return cors.New(cors.Options{
		AllowedOrigins: origins,
		AllowedMethods: methods,
		AllowedHeaders: []string{"Accept", "Content-Type", "Last-Event-ID"},
		ExposedHeaders: []string{heightHeader, "Retry-After"},
		MaxAge:         3600,
	})
}
