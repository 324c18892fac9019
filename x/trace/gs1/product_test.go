package gs1

import (
	"errors"
	"strings"
	"testing"
)

func TestNameProduct(t *testing.T) {
	const gtin = "https://id.gs1.org/01/04012345999990"
	for _, c := range []struct {
		in, want string
		level    Level
		class    string
	}{
		{gtin, gtin, Class, gtin},
		{"https://id.gs1.org/01/4012345999990", gtin, Class, gtin},
		{"HTTP://ID.GS1.ORG/01/4012345999990/", gtin, Class, gtin},
		{"https://example.com/shop/gtin/04012345999990?linkType=gs1:pip", gtin, Class, gtin},
		{"https://id.gs1.org/01/012345678905", "https://id.gs1.org/01/00012345678905", Class, "https://id.gs1.org/01/00012345678905"},
		{"https://id.gs1.org/01/95050003", "https://id.gs1.org/01/00000095050003", Class, "https://id.gs1.org/01/00000095050003"},
		{gtin + "/22/2A", gtin, Class, gtin},
		{gtin + "/10/L-7", gtin + "/10/L-7", Lot, gtin},
		{gtin + "/lot/L-7", gtin + "/10/L-7", Lot, gtin},
		{gtin + "/22/2A/10/L-7/21/XYZ-1234", gtin + "/21/XYZ-1234", Item, gtin},
		{gtin + "/235/abc", gtin + "/235/abc", Item, gtin},
		{gtin + "/10/a%2fb%2D", gtin + "/10/a%2Fb-", Lot, gtin},
		{gtin + "/10/a+b!", gtin + "/10/a%2Bb%21", Lot, gtin},
		{gtin + "/21/it's;a=b", gtin + "/21/it's;a=b", Item, gtin},
		{gtin + "/10/00/21/00", gtin + "/21/00", Item, gtin},
		{"https://id.gs1.org/8006/040123459999900102/21/5", "https://id.gs1.org/8006/040123459999900102/21/5", Item, "https://id.gs1.org/8006/040123459999900102"},
		{"https://id.gs1.org/00/340123453111111115", "https://id.gs1.org/00/340123453111111115", Item, ""},
		{"https://id.gs1.org/253/4012345000054987", "https://id.gs1.org/253/4012345000054987", Item, "https://id.gs1.org/253/4012345000054"},
		{"https://id.gs1.org/8003/00614141000012", "https://id.gs1.org/8003/00614141000012", Class, "https://id.gs1.org/8003/00614141000012"},
		{"https://id.gs1.org/8003/00614141000012A1", "https://id.gs1.org/8003/00614141000012A1", Item, "https://id.gs1.org/8003/00614141000012"},
		{"https://id.gs1.org/8004/4000001111", "https://id.gs1.org/8004/4000001111", Item, ""},
		{"https://id.gs1.org/8010/0614141ABC%23-%2F/8011/12", "https://id.gs1.org/8010/0614141ABC%23-%2F/8011/12", Item, "https://id.gs1.org/8010/0614141ABC%23-%2F"},
		{"https://id.gs1.org/8013/1987654Ad4X4bL5ttr2310c2K", "https://id.gs1.org/8013/1987654Ad4X4bL5ttr2310c2K", Class, "https://id.gs1.org/8013/1987654Ad4X4bL5ttr2310c2K"},

		// EPC URNs, pairs of EPCIS's examples and TDS.
		{"urn:epc:id:sgtin:4012345.011111.9876", "https://id.gs1.org/01/04012345111118/21/9876", Item, "https://id.gs1.org/01/04012345111118"},
		{"URN:EPC:id:sgtin:4012345.011111.9876", "https://id.gs1.org/01/04012345111118/21/9876", Item, "https://id.gs1.org/01/04012345111118"},
		{"urn:epc:class:lgtin:4054739.099914.20160711", "https://id.gs1.org/01/04054739999148/10/20160711", Lot, "https://id.gs1.org/01/04054739999148"},
		{"urn:epc:idpat:sgtin:4012345.066666.*", "https://id.gs1.org/01/04012345666663", Class, "https://id.gs1.org/01/04012345666663"},
		{"urn:epc:id:sscc:4012345.0111111111", "https://id.gs1.org/00/040123451111111110", Item, ""},
		{"urn:epc:id:giai:4000001.111", "https://id.gs1.org/8004/4000001111", Item, ""},
		{"urn:epc:id:grai:4012345.55555.987", "https://id.gs1.org/8003/04012345555554987", Item, "https://id.gs1.org/8003/04012345555554"},
		{"urn:epc:id:gdti:4012345.55555.1234", "https://id.gs1.org/253/40123455555541234", Item, "https://id.gs1.org/253/4012345555554"},
		{"urn:epc:id:upui:1234567.089456.51qIgY)%3C%26Jp3*j7SDB", "https://id.gs1.org/01/01234567894560/235/51qIgY%29%3C%26Jp3%2Aj7SDB", Item, "https://id.gs1.org/01/01234567894560"},
		{"urn:epc:id:itip:4012345.012345.01.02.987", "https://id.gs1.org/8006/040123451234560102/21/987", Item, "https://id.gs1.org/8006/040123451234560102"},
		{"urn:epc:id:cpi:0614141.5PQ7%2FZ43.12345", "https://id.gs1.org/8010/06141415PQ7%2FZ43/8011/12345", Item, "https://id.gs1.org/8010/06141415PQ7%2FZ43"},

		// Others.
		{"https://Example.com", "https://example.com/", Named, ""},
		{"https://example.com:443/a%2db%2f?x=1", "https://example.com/a-b%2F?x=1", Named, ""},
		{"https://example.com/2024/01/report", "https://example.com/2024/01/report", Named, ""},
		{"urn:UUID:F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", Named, ""},
		{"did:web:example.com:p:1", "did:web:example.com:p:1", Named, ""},
		{"hdl:86.1000/ABC", "hdl:86.1000/ABC", Named, ""},
		{"urn:epc:id:usdod:2S194.12345678901", "urn:epc:id:usdod:2S194.12345678901", Named, ""},
	} {
		p, err := NameProduct(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		class, _ := p.Class()
		if p.String() != c.want || p.Level() != c.level || class.String() != c.class {
			t.Errorf("%s: got %s, %s of %q, want %s, %s of %q", c.in, p, p.Level(), class, c.want, c.level, c.class)
		}
		if c.class != "" {
			if again, err := ParseProduct(class.String()); err != nil || again != class {
				t.Errorf("%s: the class %s is no name: %v", c.in, class, err)
			}
		}
		if again, err := ParseProduct(p.String()); err != nil || again != p {
			t.Errorf("%s: %s is not canonical: %v", c.in, p, err)
		}
		if _, err := ParseProduct(c.in); c.in != c.want && (!errors.Is(err, ErrNotCanonical) || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want ErrNotCanonical with the form to use", c.in, err)
		}
	}
}

func TestNameProductRefuses(t *testing.T) {
	for _, c := range []struct {
		in   string
		want error
		says string
	}{
		{"https://id.gs1.org/01/04012345999991", ErrCheckDigit, "04012345999991 should end with 0"},
		{"https://example.com/01/04012345999991", ErrCheckDigit, "should end with 0"},
		{"https://id.gs1.org/00/040123451111111111", ErrCheckDigit, "should end with 0"},
		{"https://id.gs1.org/253/4012345000055987", ErrCheckDigit, "should end with 4"},
		{"https://id.gs1.org/8013/1987654Ad4X4bL5ttr2310c2X", ErrCheckDigit, "should end with 2K"},
		{"https://id.gs1.org/01/0401234599999", ErrCheckDigit, ""},
		{"https://id.gs1.org/01/123", ErrSyntax, "8, 12, 13 or 14 digits"},
		{"https://id.gs1.org/01/04012345999990/21", ErrSyntax, `"21" has no value`},
		{"https://id.gs1.org/01/04012345999990/21/5/10/L", ErrSyntax, "22, 10, 21 or 235"},
		{"https://id.gs1.org/01/04012345999990/21/5/235/L", ErrSyntax, "22, 10, 21 or 235"},
		{"https://id.gs1.org/01/04012345999990/254/5", ErrSyntax, "22, 10, 21 or 235"},
		{"https://id.gs1.org/01/04012345999990/17/251231", ErrSyntax, `"17" is no qualifier`},
		{"https://id.gs1.org/01/04012345999990/21/" + strings.Repeat("1", 21), ErrSyntax, "1 to 20"},
		{"https://id.gs1.org/01/04012345999990/21/a%2", ErrSyntax, "percent-encoded"},
		{"https://id.gs1.org/01/04012345999990/21/%E4%BD%A0", ErrSyntax, "set 82"},
		{"https://id.gs1.org/01/04012345999990#x", ErrSyntax, "no fragment"},
		{"https://id.gs1.org/", ErrSyntax, "no GS1 key"},
		{"https://id.gs1.org/8006/040123459999900301", ErrSyntax, "piece 03 of 01"},
		{"https://id.gs1.org/8003/10614141000012", ErrSyntax, "begins with 0"},
		{"https://id.gs1.org/414/4012345000115", ErrNotProduct, "414"},
		{"https://id.gs1.org/417/4012345000115", ErrNotProduct, "417"},
		{"urn:epc:id:sgln:4012345.00011.987", ErrNotProduct, "414"},
		{"urn:epc:id:ginc:0614141.xyz3311cba", ErrNotProduct, "401"},
		{"urn:epc:id:sgtin:401234.011111.9876", ErrSyntax, "7 digits"},
		{"urn:epc:id:sgtin:4012345.011111", ErrSyntax, ""},
		{"urn:epc:id:sgtin:4012345.011111.", ErrSyntax, ""},
		{"urn:epc:idpat:sgtin:4012345.*.*", ErrSyntax, "digits"},
		{"urn:epc:idpat:sgtin:4012345.011111.5", ErrSyntax, "names a class"},
		{"", ErrSyntax, "schemes"},
		{"javascript:alert(1)", ErrSyntax, "schemes"},
		{"https:/example.com/", ErrSyntax, "followed by //"},
		{"https://user@example.com/", ErrSyntax, "host name"},
		{"https://example.com:0/", ErrSyntax, "port"},
		{"https://example.com:70000/", ErrSyntax, "port"},
		{"https://example.com/a/../b", ErrSyntax, `".."`},
		{"https://example.com/a/%2e%2E/b", ErrSyntax, `".."`},
		{"https://example.com/?", ErrSyntax, "empty"},
		{"https://example.com/a b", ErrSyntax, "byte 22"},
		{"https://example.com/电池", ErrSyntax, "percent-encoded"},
		{"https://example.com/a#b", ErrSyntax, "fragment"},
		{"urn:x:y", ErrSyntax, "namespace"},
		{"urn:uuid:", ErrSyntax, "empty"},
		{"did:Web:x", ErrSyntax, "method"},
		{"tag:", ErrSyntax, "empty"},
		{"https://example.com/" + strings.Repeat("a", 237), ErrLength, "257 bytes"},
		{"https://example.com/" + strings.Repeat("%61", 1000), ErrLength, "at most 256"},
	} {
		_, err := NameProduct(c.in)
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want %v that says %q", c.in, err, c.want, c.says)
		}
	}
}

func TestPath(t *testing.T) {
	p, _ := NameProduct("urn:epc:id:sgtin:4012345.011111.9876")
	if path, ok := p.Path(); !ok || path != "/01/04012345111118/21/9876" {
		t.Errorf("got %q, %v", path, ok)
	}
	p, _ = NameProduct("did:web:example.com")
	if path, ok := p.Path(); ok {
		t.Errorf("got %q of a DID", path)
	}
}
