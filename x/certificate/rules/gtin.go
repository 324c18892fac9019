package rules

// CheckGTIN refuses what is not a GTIN-8, -12, -13 or -14 with its check digit:
// from the right, digits weigh 1, 3, 1, 3, … and the sum is a multiple of 10 (GS1
// General Specifications, 7.9).
func CheckGTIN(s string) error {
	switch len(s) {
	case 8, 12, 13, 14:
	default:
		return CodeGTIN.Refuse("%.20q", s)
	}
	if !digits(s) || decimal(s) == 0 {
		return CodeGTIN.Refuse("%q", s)
	}
	sum := 0
	for i := range len(s) {
		weight := 1
		if (len(s)-1-i)%2 == 1 {
			weight = 3
		}
		sum += int(s[i]-'0') * weight
	}
	if sum%10 != 0 {
		return CodeGTIN.Refuse("%s: wrong check digit", s)
	}
	return nil
}
