package cli

import (
	"bytes"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/light"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/trace"
)

// subject adds to a claim which certificate it is about, as far as nobody said
// so. It is a guess from bytes that nothing has been verified of: only what
// light.Verify then says of exactly this claim counts.
func subject(bundle []byte, claim light.Claim) (light.Claim, error) {
	if claim.Issuer != "" || claim.Number != "" && claim.Kind == light.Absent || claim.Kind == light.Anchored || claim.Product != "" {
		return claim, nil
	}
	m := new(lightv1.Bundle)
	if err := proto.Unmarshal(bundle, m); err != nil {
		return claim, &failure{exitUnknown, say("Not established: this is not a bundle.", "无法证实：这不是证明包。"), err}
	}
	if claim.Kind == light.Absent {
		return absentNumber(m, claim)
	}
	if claim.Kind == light.Traced {
		return tracedProduct(m, claim)
	}
	refs := headsOf(m, claim.Number)
	if len(refs) > 1 {
		refs = withText(m, refs)
	}
	switch len(refs) {
	case 1:
		claim.Issuer, claim.Number = refs[0].Issuer, refs[0].Number
		return claim, nil
	case 0:
		if number, err := absentNumber(m, claim); err == nil {
			return claim, usage(sayf("The bundle is about who has issued the number %s, not about a certificate: say --claim absent.", "该证明包说明编号 %s 由谁签发，而非某一证书的情况：请使用 --claim absent。", number.Number))
		}
		return claim, &failure{exitUnknown, say("Not established: the bundle says nothing of such a certificate.", "无法证实：证明包未涉及该证书。"), nil}
	}
	var names []string
	for _, ref := range refs {
		names = append(names, ref.String())
	}
	return claim, usage(sayf("The bundle is about several certificates; say which (--issuer, --number): %s.", "证明包涉及多张证书，请用 --issuer、--number 指明：%s。", strings.Join(names, ", ")))
}

// tracedProduct adds the product that a bundle is about: the one with a chain that no
// other chain of it names as being in its product.
func tracedProduct(m *lightv1.Bundle, claim light.Claim) (light.Claim, error) {
	inside := map[string]bool{}
	var products []string
	for _, chain := range m.Chains {
		uri, _ := trace.URIOfProduct(chain.GetKey())
		products = append(products, uri)
		for _, raw := range chain.GetEntries() {
			if e, err := trace.DecodeEntry(raw); err == nil && e.Event != nil && (e.Event.Part == trace.Parent || e.Event.Part == trace.Output) {
				for _, other := range e.Event.Others {
					inside[other] = true
				}
			}
		}
	}
	products = slices.DeleteFunc(products, func(uri string) bool { return inside[uri] })
	if len(products) != 1 {
		return claim, usage(say("The bundle does not say which product it is about; say it (--product).", "证明包未说明所涉产品，请用 --product 指明。"))
	}
	claim.Product = products[0]
	return claim, nil
}

func absentNumber(m *lightv1.Bundle, claim light.Claim) (light.Claim, error) {
	var numbers []string
	for _, e := range m.Entries {
		if n, ok := certificate.NumberOf(e.Key); ok {
			numbers = append(numbers, n)
		}
	}
	if len(numbers) != 1 {
		return claim, usage(say("The bundle does not say which number it is about; say it (--number).", "证明包未说明所涉编号，请用 --number 指明。"))
	}
	claim.Number = numbers[0]
	return claim, nil
}

// headsOf returns the certificates whose heads, or their absence, are in the
// bundle; of a number if it is given.
func headsOf(m *lightv1.Bundle, number string) (refs []rules.Ref) {
	for _, e := range m.Entries {
		if ref, ok := certificate.RefOfHead(e.Key); ok && (number == "" || ref.Number == number) {
			refs = append(refs, ref)
		}
	}
	return refs
}

// withText returns those of the certificates whose text is in the bundle: of
// those that another rests on, it has the head alone.
func withText(m *lightv1.Bundle, refs []rules.Ref) (some []rules.Ref) {
	has := map[sm3.Hash]bool{}
	for _, d := range m.Details {
		has[sm3.Sum(d)] = true
	}
	for _, ref := range refs {
		for _, e := range m.Entries {
			if e.Value == nil {
				continue
			}
			if bytes.Equal(e.Key, certificate.DetailsKey(ref)) {
				some = append(some, ref)
				break
			}
			if h, err := rules.DecodeHead(e.Value); err == nil && has[h.Details] && bytes.Equal(e.Key, certificate.HeadKey(ref)) {
				some = append(some, ref)
				break
			}
		}
	}
	if len(some) == 0 {
		return refs
	}
	return some
}
