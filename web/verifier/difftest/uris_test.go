package difftest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/light"
)

var (
	uriParts = []string{
		"https://id.gs1.org", "http://id.gs1.org", "https://id.gs1.org:8080", "https://example.com", "http://example.com:80", "https://a-b.example:65535", "https://",
		"urn:", "uuid:", "epc:id:sgtin:", "epc:class:lgtin:", "epc:idpat:", "epc:", "did:", "web:", "tag:", "ni:", "oid:", "doi:", "hdl:", "info:", "mailto:",
		"/", "/01/", "/10/", "/21/", "/235/", "/8006/", "/8013/", "/8010/", "/8011/", "/00/", "/255/", "/253/", "/8003/", "/8004/", "/7040/", "/414/", "/401/", "/402/", "/8017/", "/gtin/", "/gln/",
		"/sscc/", "/giai/", "/ginc/", "/gsin/", "/gmn/", "/01", "/x/", "/.", "/..", "/./", "//", "?", "?a=b", "#", "%2F", "%2f", "%41", "%7E", "%C3%A9", "%", "%2", "a", "A", "z", "0", "9", "-", ".", "_",
		"~", "'", ";", "=", ":", "@", "!", "$", "&", "(", ")", "*", "+", ",", "[", "]", " ", "é", "\x00", "\n", "x.y", "1.2.3.4", "localhost", "L-1", "%22", "%25", "%3A",
	}
	// uriSeeds are names of products, one of each form at least.
	uriSeeds = []string{
		"https://id.gs1.org/01/04012345999990", "https://id.gs1.org/01/04012345999990/10/L-1", "https://id.gs1.org/01/04012345999990/21/S%2F1", "https://id.gs1.org/01/04012345999990/235/X%25",
		"https://id.gs1.org/8006/040123459999900102", "https://id.gs1.org/8006/040123459999900102/10/a", "https://id.gs1.org/8013/1987654Ad4X4bL5ttr2310c2K", "https://id.gs1.org/8010/1234%23-%2F0A",
		"https://id.gs1.org/8010/12345/8011/1", "https://id.gs1.org/00/106141412345678908", "https://id.gs1.org/255/9501101530003123", "https://id.gs1.org/253/9501101530003A%21", "https://id.gs1.org/8003/00614141777778x",
		"https://id.gs1.org/8004/95012345x", "https://id.gs1.org/8004/95012345x/7040/1ab-", "https://example.com/x", "http://a.b:81/x/y?z", "https://example.com/01/04012345999991", "https://example.com/gtin/4012345999990",
		"https://example.com/8017/012345678901234560", "https://example.com/402/12345678901234567", "https://example.com/401/1234x", "https://example.com/414/9521141111116",
		"urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66", "urn:epc:id:gid:1.2.3", "urn:epc:idpat:sgtin:1.2.3", "did:web:example.com%3A3000", "tag:a,2026:x", "ni:x", "doi:10.1000/182", "hdl:20.500/1", "info:x/y", "oid:1.2.3",
	}
)

// mutateURI alters a name of a product.
func mutateURI(r *rand.Rand, s string) string {
	for range 1 + r.IntN(2) {
		i := r.IntN(len(s) + 1)
		switch r.IntN(8) {
		case 0:
			s = s[:i] + pick(r, uriParts...) + s[i:]
		case 1:
			s = s[:i] + s[min(len(s), i+1+r.IntN(3)):]
		case 2:
			j := i + r.IntN(len(s)+1-i)
			s = s[:j] + s[i:j] + s[j:]
		case 3: // check digits are right one time in ten
			s = s[:i] + fmt.Sprint(r.IntN(10)) + s[min(len(s), i+1):]
		case 4:
			s = s[:i] + pick(r, uriParts...)
		case 5:
			s = pick(r, uriParts...) + s[i:]
		case 6:
			s = s[:i] + strings.Repeat(pick(r, "0", "a", "%22"), r.IntN(260)) + s[i:]
		default:
			if i < len(s) {
				s = s[:i] + string(rune(s[i]^1<<r.IntN(7))) + s[i+1:]
			}
		}
	}
	return strings.ToValidUTF8(s, "é")
}

// TestProductURIs: both know the same names of products; of what is none a claim is bad.
func TestProductURIs(t *testing.T) {
	j := newJudge(t)
	defer j.report()
	n := *mutants
	if testing.Short() {
		n = 20_000
	}
	s := *seed
	if s == 0 {
		s = 1
	}
	r := rand.New(rand.NewPCG(s, 3))
	w := newWorld(t, r, newPool(t, r), 1)
	cards := j.cards(w.cards[:1])
	var known []string
	for j.asked < n && len(j.findings) < maxFindings {
		for range 5000 {
			uri := pick(r, uriSeeds...)
			if len(known) > 0 && chance(r, 50) {
				uri = pick(r, known...)
			}
			if uri = mutateURI(r, uri); chance(r, 20) {
				uri = mutateURI(r, uri)
			}
			claim := light.Claim{Kind: light.Traced, Product: uri}
			if claim.Check() == nil && len(known) < 20_000 {
				known = append(known, uri)
			}
			j.ask(&question{Claim: claim, Card: w.cards[0], card: cards[0], Now: w.source.Statement.Time})
		}
		j.settle()
	}
	t.Logf("%d names of products among them", len(known))
}
