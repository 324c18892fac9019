// Package web has the pages that a node serves to people, as they were built from
// page/ (make web) into dist/, and serves them.
//
//	/verify, /V, /v    the page that verifies a code, file or number in the browser
//	/product           the page of a product; the node also serves it at the paths of
//	                   GS1 Digital Links, as /01/04012345999990/10/L-7
//	/web/{file}        what the pages consist of
//
// QR codes name /V, in capitals. The pages ask no other server for anything, and
// the header forbids it to them. A file whose name carries a hash of its content
// never changes and may be kept for ever; all others are asked for anew, with an
// ETag.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
)

//go:embed dist
var dist embed.FS

// folder is where the files of pages lie under the address of the node.
const folder = "/web/"

// pages are the files that are pages, by their paths.
var pages = map[string]string{
	"/verify": "verify.html",
	"/V":      "verify.html",
	"/v":      "verify.html",

	ProductPath: "product.html",
}

// ProductPath is where the page of a product is that has no path of its own. The
// page reads from its address which product is meant.
const ProductPath = "/product"

// policy keeps a page to this server and to what was built with it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; " +
	"worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// Patterns lists what Handler answers, as patterns of http.ServeMux.
func Patterns() (list []string) {
	for p := range pages {
		list = append(list, "GET "+p)
	}
	return append(list, "GET "+folder+"{file}")
}

// Handler serves the pages and their files, and leaves to missing what is none.
func Handler(missing http.Handler) http.Handler {
	files, err := load()
	if err != nil {
		panic(err) // it is part of the program
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := pages[r.URL.Path]
		if !ok {
			name, ok = strings.CutPrefix(r.URL.Path, folder)
		}
		f := files[name]
		if !ok || f == nil || isPage(name) && r.URL.Path == folder+name {
			missing.ServeHTTP(w, r)
			return
		}
		f.serve(w, r)
	})
}

// isPage reports whether a file has a path of its own.
func isPage(name string) bool { return strings.HasSuffix(name, ".html") }

// load reads all files.
func load() (map[string]*file, error) {
	files := map[string]*file{}
	err := fs.WalkDir(dist, "dist", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := dist.ReadFile(name)
		if err != nil {
			return err
		}
		name = path.Base(name)
		kind, ok := kinds[path.Ext(name)]
		if !ok {
			return fmt.Errorf("web: %s is of no kind that is known", name)
		}
		sum := sha256.Sum256(b)
		f := &file{name: name, kind: kind, plain: b, tag: hex.EncodeToString(sum[:12])}
		f.packed = sync.OnceValue(f.pack)
		files[name] = f
		return nil
	})
	return files, err
}

// kinds are the content types of files.
var kinds = map[string]string{
	".html":        "text/html; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".css":         "text/css; charset=utf-8",
	".svg":         "image/svg+xml",
	".png":         "image/png",
	".txt":         "text/plain; charset=utf-8",
	".webmanifest": "application/manifest+json",
}

// file is one of them.
type file struct {
	name, kind, tag string
	plain           []byte
	packed          func() []byte // by gzip; nil if that is not worth it
}

func (f *file) pack() []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level exists
	if _, err := w.Write(f.plain); err != nil || w.Close() != nil || b.Len() > len(f.plain)*9/10 {
		return nil
	}
	return b.Bytes()
}

// hashed is the end of the name of a file that never changes: a hash, as esbuild
// adds it.
var hashed = regexp.MustCompile(`-[A-Z0-9]{8}\.[a-z]+$`)

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=(), usb=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "no-cache")
	if hashed.MatchString(f.name) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if f.name == "sw.js" { // it serves /verify and /V, which lie above it
		h.Set("Service-Worker-Allowed", "/")
	}
	h.Add("Vary", "Accept-Encoding")
	body, tag := f.plain, f.tag
	if packed := f.packed(); packed != nil && acceptsGzip(r) {
		body, tag = packed, f.tag+"-gzip"
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", `"`+tag+`"`)
	if strings.Contains(r.Header.Get("If-None-Match"), `"`+tag+`"`) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client may be gone
	}
}

// acceptsGzip reports whether a client takes gzip. Those that weigh encodings
// against each other get the plain file.
func acceptsGzip(r *http.Request) bool {
	for e := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		if strings.EqualFold(strings.TrimSpace(e), "gzip") {
			return true
		}
	}
	return false
}
