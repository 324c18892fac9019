package api_test

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/x/trace/gs1"
)

// TestProductPage: the page is at the path of every Digital Link that names a
// product, and at those that name none, of which it says why; other spellings lead
// to the canonical one.
func TestProductPage(t *testing.T) {
	n := newNode(t)
	n.commit()
	s := serve(t, n, unlimited)
	page := s.get("/product", http.StatusOK, nil)
	if !strings.HasPrefix(page.Header.Get("Content-Security-Policy"), "default-src 'none'; ") {
		t.Errorf("policy %q", page.Header.Get("Content-Security-Policy"))
	}
	for _, path := range []string{
		"/01/09521234000013", "/01/09521234000013/10/A%2FB", "/01/09521234000013/21/7?17=270101", "/8006/095212340000130102", "/8013/1987654Ad4X4bL5ttr2310c2K", "/8010/9521ABC/8011/7",
		"/00/095212340000000013", "/255/9521234000013", "/253/9521234000013", "/8003/09521234000013S1", "/8004/9521A", // products
		"/414/9521234000105", "/8018/095212340000000013", "/402/95212340000000012", // places, parties, shipments
		"/01/09521234000014", "/01/0952", "/01/09521234000013/10", "/01/x", // wrong
	} {
		if r := s.get(path, http.StatusOK, nil); !bytes.Equal(r.body, page.body) {
			t.Errorf("%s: another page", path)
		}
	}
	for from, to := range map[string]string{
		"/gtin/9521234000013":                               "/01/09521234000013",
		"/01/9521234000013/10/L":                            "/01/09521234000013/10/L",
		"/01/09521234000013/22/V/10/L":                      "/01/09521234000013/10/L",
		"/01/09521234000013/10/A%2fB":                       "/01/09521234000013/10/A%2FB",
		"/01/09521234000013/10/L%2D7":                       "/01/09521234000013/10/L-7",
		"/01/09521234000013/10/L-7/21/S":                    "/01/09521234000013/21/S?10=L-7",
		"/01/09521234000013/10/L%267/21/S?17=270101":        "/01/09521234000013/21/S?10=L%267&17=270101",
		"/01/09521234000013/":                               "/01/09521234000013",
		"/01/09521234000013/10/L/?17=270101":                "/01/09521234000013/10/L?17=270101",
		"/sscc/095212340000000013":                          "/00/095212340000000013",
		"/01/09521234000013/lot/https%3A%2F%2Fevil.example": "/01/09521234000013/10/https%3A%2F%2Fevil.example",
	} {
		req, err := http.NewRequest(http.MethodGet, s.url+from, nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close()
		if r.StatusCode != http.StatusFound || r.Header.Get("Location") != to {
			t.Errorf("%s: %s to %q, want %q", from, r.Status, r.Header.Get("Location"), to)
		}
		uri := "https://id.gs1.org" + strings.Split(to, "?")[0]
		if _, err := gs1.ParseProduct(uri); err != nil && !strings.HasSuffix(from, "/") {
			t.Errorf("%s leads to what is not canonical: %v", from, err)
		}
	}
	for _, path := range []string{"/01", "/01//x", "/01/../x", "/02/09521234000013", "/product/x", "//01/09521234000013/"} {
		s.problem(path, http.StatusNotFound)
	}
	for _, bad := range []string{"<style", "style=", " onload=", " onclick=", "javascript:", "http://", "https://"} {
		if strings.Contains(string(page.body), bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	files := regexp.MustCompile(`"(/web/[^"]+)"`).FindAllSubmatch(page.body, -1)
	if len(files) < 4 {
		t.Fatalf("the page names %q", files)
	}
	for _, f := range files {
		s.get(string(f[1]), http.StatusOK, nil)
	}
}
