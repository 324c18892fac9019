package light

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// TestHeader: a bundle is verified by a root alone, whoever has sealed it; and every
// vector of a bundle ends by the header of its height as it does by its seal, as
// far as the seal is not what is wrong.
func TestHeader(t *testing.T) {
	file, card := readVectors(t)
	n := 0
	for _, v := range file.Vectors {
		bundle := unhex(t, v.Bundle)
		h, err := Claimed(bundle, MaxBundleSize)
		sealed := Verify(bundle, card, v.Claim, v.Limits.limits(), v.Now)
		if err != nil {
			if got := VerifyHeader(bundle, &Header{}, v.Claim, v.Limits.limits(), v.Now); got.Outcome != NotEstablished || got.Header != nil || sealed.Outcome != NotEstablished {
				t.Errorf("%s: %v %v", v.Name, got.Outcome, got.Reasons)
			}
			continue
		}
		h.ChainID = card.ChainID
		got := VerifyHeader(bundle, h, v.Claim, v.Limits.limits(), v.Now)
		if sealed.Sealed {
			n++
			if got.Outcome != sealed.Outcome && !cardDecides(sealed) || got.Height != sealed.Height || !got.Time.Equal(sealed.Time) || got.Age != sealed.Age {
				t.Errorf("%s: %v %v, by the seal %v %v", v.Name, got.Outcome, got.Reasons, sealed.Outcome, sealed.Reasons)
			}
		}
		// Another root, and nothing holds.
		h.State = sm3.Sum(h.State[:])
		if got := VerifyHeader(bundle, h, v.Claim, v.Limits.limits(), v.Now); got.Outcome != NotEstablished {
			t.Errorf("%s by another root: %v %v", v.Name, got.Outcome, got.Reasons)
		}
	}
	if n < 20 {
		t.Errorf("only %d vectors are of good seals", n)
	}
	v := NoHeader(Claim{Number: "1"}, reasonUnproven, time.Now())
	if v.Outcome != NotEstablished || !v.Connected || !strings.Contains(Text(v, "en"), "no header is established") {
		t.Error(Text(v, "en"))
	}
}

// cardDecides reports whether a verdict was taken back because of the card.
func cardDecides(v *Verdict) bool {
	for _, r := range v.Reasons {
		if r.Code == reasonCardEnded.Code || r.Code == reasonClock.Code {
			return true
		}
	}
	return false
}

// TestHeaderReasons: what is said in other words of a header has the same code, or
// one that docs/verifier.md lists.
func TestHeaderReasons(t *testing.T) {
	b, err := os.ReadFile("../docs/verifier.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, pair := range byHeader {
		if r := pair[1]; r.Code != pair[0].Code && !strings.Contains(string(b), "| `"+r.Code+"` | "+r.English+" | "+r.Chinese+" |") {
			t.Errorf("docs/verifier.md does not have %s", r.Code)
		}
		if r := (&Verdict{Connected: true}).of(pair[0].with("x")); r.Code != pair[1].Code || r.Detail != "x" || r.English == pair[0].English {
			t.Errorf("%+v", r)
		}
	}
}
