package rules

import "slices"

// Mark is an accreditation mark.
type Mark struct {
	Code string
	Text
}

// Marks lists the accreditation marks. Source: code tables of the certification
// reporting specification (CNCA), accreditation_mark.
var Marks = []Mark{
	{"01", Text{"CNAS", "CNAS"}},
	{"02", Text{"UKAS", "UKAS"}},
	{"03", Text{"JAS-ANZ", "JAS-ANZ"}},
	{"04", Text{"ANAB", "ANAB"}},
	{"05", Text{"RvA", "RVA"}},
	{"06", Text{"JAB", "JAB"}},
	{"99", Text{"other", "其他"}},
}

// CheckMarks refuses a list of mark codes that are unknown, or not in the order
// of their codes, each once.
func CheckMarks(codes []string) error {
	if len(codes) > MaxMarks {
		return CodeCount.Refuse("%d marks, at most %d", len(codes), MaxMarks)
	}
	for i, c := range codes {
		if !slices.ContainsFunc(Marks, func(m Mark) bool { return m.Code == c }) {
			return CodeMark.Refuse("%.10q", c)
		}
		if i > 0 && codes[i-1] >= c {
			return CodeCount.Refuse("mark %s after %s", c, codes[i-1])
		}
	}
	return nil
}
