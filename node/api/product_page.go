package api

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/hallmark-ledger/hallmark/web"
	"github.com/hallmark-ledger/hallmark/x/trace/gs1"
)

// linkKeys are the GS1 keys that begin the path of a Digital Link, and the words
// that early releases of the standard allowed instead. Those of places, parties and
// shipments lead to the page as well, which says that they name no product.
var linkKeys = []string{
	"01", "gtin", "8006", "itip", "8013", "gmn", "8010", "cpid", "00", "sscc", "255", "gcn", "253", "gdti", "8003", "grai", "8004", "giai",
	"414", "gln", "415", "payto", "417", "party", "8017", "gsrnp", "8018", "gsrn", "401", "ginc", "402", "gsin",
}

// registerProductPage serves the page of a product at the path of its Digital Link,
// whoever's domain leads to this node.
func (s *Server) registerProductPage(pages http.Handler) {
	page := func(w http.ResponseWriter, r *http.Request) {
		if to := canonicalPath(r.URL); to != "" {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		at := new(http.Request)
		*at = *r
		at.URL = &url.URL{Path: web.ProductPath}
		pages.ServeHTTP(w, at)
	}
	for _, key := range linkKeys {
		s.mux.HandleFunc("GET /"+key+"/{value}", page)
		s.mux.HandleFunc("GET /"+key+"/{value}/{qualifiers...}", page)
	}
}

// withoutSlash is where the page of a product is whose path ends with a slash: people
// type it so. It is empty if the path has another fault, or is of no
// product.
func withoutSlash(r *http.Request) string {
	p := strings.TrimRight(r.URL.EscapedPath(), "/")
	key, _, found := strings.Cut(strings.TrimPrefix(p, "/"), "/")
	if r.Method != http.MethodGet && r.Method != http.MethodHead || !found || path.Clean(p) != p || !slices.Contains(linkKeys, key) {
		return ""
	}
	if r.URL.RawQuery != "" {
		p += "?" + r.URL.RawQuery
	}
	return p
}

// canonicalPath is where the page of a product is, if it is not where it was asked
// for; else it is empty, also for what names no product: the page says why. A lot
// beside a serial number goes into the query: the name of an item does without.
func canonicalPath(u *url.URL) string {
	const origin = "https://id.gs1.org"
	asked := u.EscapedPath()
	p, err := gs1.NameProduct(origin + asked)
	if err != nil {
		return ""
	}
	path, ok := p.Path()
	if !ok || path == asked {
		return ""
	}
	query := u.Query()
	if l, found, err := gs1.ParseLink(origin + asked); err == nil && found && !strings.Contains(path, "/10/") {
		for _, q := range l.Qualifiers {
			if q.AI == "10" {
				query.Set("10", q.Value)
			}
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}
