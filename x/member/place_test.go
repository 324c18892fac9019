package member

import (
	"slices"
	"testing"
)

func TestCheckRegion(t *testing.T) {
	for code, ok := range map[string]bool{
		"110000": true, "110108": true, "371323": true, "440300": true, "830000": false, "820000": true,
		"110001": false, "000000": false, "11000": false, "1101080": false, "11010a": false, "": false,
		"１１００００": false, "-10000": false,
	} {
		if err := CheckRegion(code); (err == nil) != ok {
			t.Errorf("%q: %v", code, err)
		}
	}
	if ProvinceOf("371323") != "山东省" || ProvinceOf("99") != "" {
		t.Error("another province")
	}
	if len(provinces) != 34 {
		t.Errorf("%d provinces", len(provinces))
	}
}

func TestCountries(t *testing.T) {
	if len(countries) != 249 {
		t.Errorf("%d countries, ISO 3166-1 has 249", len(countries))
	}
	if !slices.IsSorted(countries) || len(slices.Compact(slices.Clone(countries))) != len(countries) {
		t.Error("not in order")
	}
	for code, ok := range map[string]bool{"DEU": true, "GBR": true, "ZWE": true, "ABW": true, "XXX": false, "deu": false, "DE": false, "": false} {
		if knownCountry(code) != ok {
			t.Errorf("%q: %v", code, !ok)
		}
	}
}
