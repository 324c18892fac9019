package rules

import "slices"

// provinces are the first two digits of GB/T 2260 codes of mainland China.
var provinces = []string{
	"11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37",
	"41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65",
}

// CheckRegion refuses a region that is not six digits under a province of GB/T
// 2260, or that of a country other than mainland China. Districts come and go, so
// what follows the province is not checked.
func CheckRegion(country, region string) error {
	if country != mainland || len(region) != 6 || !digits(region) || !slices.Contains(provinces, region[:2]) {
		return CodeRegion.Refuse("%.10q in country %.10q", region, country)
	}
	return nil
}
