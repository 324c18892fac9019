package rules

import (
	"fmt"
	"slices"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/hallmark-ledger/hallmark/x/exec"
)

func TestFamilyOf(t *testing.T) {
	for item, want := range map[string]Family{
		"A01": ManagementSystem, "A0101": ManagementSystem, "A010101": ManagementSystem, "A999999": ManagementSystem,
		"B01": CCC, "B0101": CCC, "B010907": CCC,
		"B02": VoluntaryProduct, "B03": VoluntaryProduct, "B0401": VoluntaryProduct, "B10": VoluntaryProduct,
		"C02": Service, "C0201": Service,
	} {
		if f, ok := FamilyOf(item); !ok || f != want {
			t.Errorf("%s: %v", item, f)
		}
	}
	for _, item := range []string{"", "A", "A1", "A00", "A010", "A01010", "A01010101", "a01", "D01", "01", "A0x", "A０１", "A-1", "A01 "} {
		if f, ok := FamilyOf(item); ok {
			t.Errorf("%q: %v", item, f)
		}
	}
}

func TestNumbers(t *testing.T) {
	const cqc = "CNCA-R-2002-001"
	for _, c := range []struct {
		family         Family
		issuer, number string
		want           *exec.Code
	}{
		{ManagementSystem, cqc, "00114E22766R2L/3502", nil},
		{VoluntaryProduct, "CNCA-RF-2002-07", "R2_130800590SHA-001", nil},
		{ManagementSystem, cqc, "(1.2)-A/B_C", nil},
		{ManagementSystem, cqc, repeat(60, "Z"), nil},
		{ManagementSystem, cqc, repeat(61, "Z"), &CodeNumber},
		{ManagementSystem, cqc, "", &CodeNumber},
		{ManagementSystem, cqc, "a", &CodeNumber},
		{ManagementSystem, cqc, "A B", &CodeNumber},
		{ManagementSystem, cqc, "A\x00", &CodeNumber},
		{ManagementSystem, cqc, "（Ａ）", &CodeNumber},
		{ManagementSystem, cqc, "А1", &CodeNumber}, // Cyrillic
		{ManagementSystem, "", "A", &CodeIssuer},
		{ManagementSystem, "cnca-r-2002-001", "A", &CodeIssuer},
		{ManagementSystem, "CNCA/R", "A", &CodeIssuer},
		{ManagementSystem, repeat(25, "A"), "A", &CodeIssuer},

		{CCC, cqc, "2009010702358369", nil},
		{CCC, cqc, "2002010702358369", nil},
		{CCC, cqc, "2016010901123456", nil},
		{CCC, cqc, "2001010702358369", &CodeCCCNumber}, // before CCC
		{CCC, cqc, "2017010702358369", &CodeCCCNumber}, // after the issue
		{CCC, cqc, "200901070235836", &CodeCCCNumber},
		{CCC, cqc, "20090107023583690", &CodeCCCNumber},
		{CCC, cqc, "200901070235836X", &CodeCCCNumber},
		{CCC, cqc, "2009-01070235836", &CodeCCCNumber},
		{CCC, cqc, "2009000702358369", &CodeCCCNumber}, // no body
		{CCC, cqc, "2009010002358369", &CodeCCCNumber}, // no category
		{CCC, cqc, "2009050702358369", &CodeCCCNumber}, // another body's code
		{CCC, "CNCA-R-2002-005", "2009010702358369", &CodeCCCNumber},
		{CCC, "CNCA-R-2002-005", "2009050702358369", nil},
	} {
		refused(t, c.issuer+" "+c.number, CheckNumber(c.family, Ref{c.issuer, c.number}, date("2016-01-01")), c.want)
	}
	if CCCBody("X") != "" || CCCBody("2009050702358369") != "05" {
		t.Error("body of a number")
	}
	if (Ref{"A", "B"}).String() != "A/B" {
		t.Error("ref")
	}
}

func TestHolders(t *testing.T) {
	for code, want := range map[string]HolderKind{
		"91371323760038087M": USCC, "739547709": OrganisationCode, "760038087": OrganisationCode,
		"840:C1234567": ForeignID, "344:12/34.5-6": ForeignID, "158:" + repeat(24, "1"): ForeignID,
	} {
		if kind, ok := KindOfHolder(code); !ok || kind != want {
			t.Errorf("%s: %v", code, kind)
		}
	}
	for _, code := range []string{
		"", "91371323760038087N", "9137132376003808M", "91371323760038087m", "9A371323760038087M"[:18],
		"739547708", "73954770X", "73954770O", "7395477O9", "73954770", "7395-4770",
		"156:1", "999:1", "840:", "840:" + repeat(25, "1"), "840:a", "840", ":1", "840:1:2", "840 1",
	} {
		refused(t, code, CheckHolder(code), &CodeHolder)
	}
	if SameHolder("840:1", "840:2") || !SameHolder("840:1", "840:1") || SameHolder("", "91371323760038087M") {
		t.Error("same holder")
	}
	// One character changed, or two neighbours swapped, is always found.
	const code = "91371323760038087M"
	for i := range code {
		for _, c := range usccAlphabet {
			if bad := code[:i] + string(c) + code[i+1:]; bad != code && CheckHolder(bad) == nil {
				t.Errorf("%s passes", bad)
			}
		}
		if i > 0 {
			if bad := code[:i-1] + code[i:i+1] + code[i-1:i] + code[i+1:]; bad != code && CheckHolder(bad) == nil {
				t.Errorf("%s passes", bad)
			}
		}
	}
}

func TestGTIN(t *testing.T) {
	for _, s := range []string{"96385074", "036000291452", "4006381333931", "06901234567892"} {
		refused(t, s, CheckGTIN(s), nil)
		for i := range s {
			for c := '0'; c <= '9'; c++ {
				if bad := s[:i] + string(c) + s[i+1:]; bad != s {
					refused(t, bad, CheckGTIN(bad), &CodeGTIN)
				}
			}
		}
	}
	for _, s := range []string{"", "0", "00000000", "0000000000000", "400638133393", "400638133393X", "040063813339310", "-006381333931"} {
		refused(t, s, CheckGTIN(s), &CodeGTIN)
	}
}

func TestTexts(t *testing.T) {
	for _, s := range []string{"a", "山东泓达生物科技有限公司", "a b", "A\u0301", "𠮷野家", "〇", repeat(20, "x"), "a/b <c> \"d\" '; DROP"} {
		refused(t, s, checkText("text", s, 40), nil)
	}
	for _, s := range []string{
		"", repeat(41, "x"), "\xff", "a\xc0\xaf", "\xed\xa0\x80", " a", "a ", "\u3000a", "a\u00a0", "a\tb", "a\nb", "a\x00b", "a\x7fb",
		"a\u0085b", "a\u200bb", "a\u202eb", "a\u2066b", "\ufeffa", "a\u2028b", "a\ufffdb", "a\ue000b", "a\U000f0000b", "a\ufffeb",
		"a\U0001ffffb", "a\u00adb", "a\U000e0041b",
	} {
		refused(t, fmt.Sprintf("%q", s), checkText("text", s, 40), &CodeText)
	}
	// Nothing that this Go release calls control, format, private or invisible
	// passes, and no letter, digit or punctuation of it is refused.
	for r := rune(0); r <= unicode.MaxRune; r++ {
		invisible := unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
		if (invisible || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp)) && !forbidden(r) {
			t.Errorf("%U passes", r)
		}
		if !invisible && unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.Zs) && forbidden(r) {
			t.Errorf("%U is refused", r)
		}
		if unicode.Is(unicode.Zs, r) != slices.Contains(spaces, r) {
			t.Errorf("%U is a space or not", r)
		}
	}
	refused(t, "list", checkList("x", []string{"a", "b", "a"}, 3, 9), &CodeCount)
	refused(t, "list", checkList("x", []string{"a", "b"}, 1, 9), &CodeCount)
	refused(t, "list", checkList("x", []string{"a", ""}, 3, 9), &CodeText)
}

func TestMarksAndRegions(t *testing.T) {
	refused(t, "marks", CheckMarks(nil), nil)
	refused(t, "marks", CheckMarks([]string{"01", "02", "99"}), nil)
	refused(t, "marks", CheckMarks([]string{"02", "01"}), &CodeCount)
	refused(t, "marks", CheckMarks([]string{"01", "01"}), &CodeCount)
	refused(t, "marks", CheckMarks([]string{"07"}), &CodeMark)
	refused(t, "marks", CheckMarks([]string{""}), &CodeMark)
	refused(t, "marks", CheckMarks(make([]string, 9)), &CodeCount)
	refused(t, "region", CheckRegion("156", "350200"), nil)
	for _, c := range [][2]string{{"840", "350200"}, {"344", "810000"}, {"156", "810000"}, {"156", "3502"}, {"156", "3502000"}, {"156", "35020X"}, {"156", "000000"}, {"156", ""}} {
		refused(t, c[1], CheckRegion(c[0], c[1]), &CodeRegion)
	}
}

func TestDates(t *testing.T) {
	for i, c := range []struct {
		decided, today, before string
		want                   *exec.Code
	}{
		{"2017-01-02", "2017-01-02", "", nil},
		{"2017-01-02", "2017-01-03", "2017-01-02", nil},
		{"2017-01-03", "2017-01-02", "", &CodeFuture},
		{"2017-01-02", "2017-01-03", "2017-01-03", &CodeDateOrder},
		{"", "2017-01-03", "", &CodeDate},
	} {
		refused(t, fmt.Sprint("decided ", i), CheckDecided(date(c.decided), date(c.today), date(c.before)), c.want)
	}
	for i, c := range []struct {
		family                                  Family
		decided, first, issued, expires, before string
		want                                    *exec.Code
	}{
		{ManagementSystem, "2014-12-02", "2008-12-01", "2014-12-02", "2017-12-01", "", nil},
		{ManagementSystem, "2014-12-02", "2014-12-02", "2014-12-02", "2017-12-02", "", nil},
		{ManagementSystem, "2014-12-02", "2014-12-02", "2014-12-02", "2017-12-03", "", &CodeValidity},
		{ManagementSystem, "2016-02-29", "2016-02-29", "2016-02-29", "2019-02-28", "", nil},
		{ManagementSystem, "2016-02-29", "2016-02-29", "2016-02-29", "2019-03-01", "", &CodeValidity},
		// Renewed early: the new cycle follows the old one.
		{ManagementSystem, "2018-07-01", "2012-09-16", "2018-07-01", "2021-09-15", "2018-09-15", nil},
		{ManagementSystem, "2018-07-01", "2012-09-16", "2018-07-01", "2021-09-16", "2018-09-15", &CodeValidity},
		{CCC, "2013-03-01", "2013-03-01", "2013-03-01", "2018-03-01", "", nil},
		{CCC, "2013-03-01", "2013-03-01", "2013-03-01", "2018-03-02", "", &CodeValidity},
		{VoluntaryProduct, "2013-03-01", "2013-03-01", "2013-03-01", "2099-12-31", "", nil},
		{Service, "2013-03-01", "2013-03-01", "2013-03-01", "2099-12-31", "", nil},
		{Service, "2013-03-01", "2013-03-01", "2013-03-01", "2013-03-01", "", nil}, // one day
		{Service, "2013-03-01", "2013-03-01", "2013-03-01", "2013-02-28", "", &CodeDateOrder},
		{Service, "2013-03-01", "2013-03-02", "2013-03-01", "2014-02-28", "", &CodeDateOrder},
		{Service, "2013-03-02", "2013-03-01", "2013-03-01", "2014-02-28", "", &CodeDateOrder},
		{Service, "2013-03-01", "2013-03-01", "2013-06-01", "2014-02-28", "", nil}, // begins later
		{Service, "2013-03-01", "2013-03-01", "2013-09-01", "2014-02-28", "", nil},
		{Service, "2013-03-01", "2013-03-01", "2013-09-02", "2014-02-28", "", &CodeValidity},
		// Renewed too early: the new cycle begins with the issue.
		{ManagementSystem, "2018-03-15", "2012-09-16", "2018-03-15", "2021-09-15", "2018-09-15", nil},
		{ManagementSystem, "2018-03-14", "2012-09-16", "2018-03-14", "2021-03-14", "2018-09-15", nil},
		{ManagementSystem, "2018-03-14", "2012-09-16", "2018-03-14", "2021-03-15", "2018-09-15", &CodeValidity},
		{Service, "2013-03-01", "", "2013-03-01", "2014-02-28", "", &CodeDate},
		{Service, "2013-03-01", "2013-03-01", "2013-03-01", "", "", &CodeDate},
	} {
		refused(t, fmt.Sprint("validity ", i), CheckValidity(c.family, date(c.decided), date(c.first), date(c.issued), date(c.expires), date(c.before)), c.want)
	}
	for i, c := range []struct {
		family                      Family
		decided, from, until, today string
		want                        *exec.Code
	}{
		{ManagementSystem, "2017-01-10", "2017-01-10", "2017-07-10", "2017-01-10", nil},
		{ManagementSystem, "2017-01-10", "2017-01-10", "2017-07-11", "2017-01-10", &CodeSuspension},
		{ManagementSystem, "2017-08-31", "2017-08-31", "2018-02-28", "2017-08-31", nil},
		{ManagementSystem, "2017-08-31", "2017-08-31", "2018-03-01", "2017-08-31", &CodeSuspension},
		{Service, "2017-01-10", "2017-01-10", "2017-07-11", "2017-01-10", &CodeSuspension},
		{CCC, "2017-01-10", "2017-01-10", "2018-01-10", "2017-01-10", nil},
		{CCC, "2017-01-10", "2017-01-10", "2018-01-11", "2017-01-10", &CodeSuspension},
		{VoluntaryProduct, "2017-01-10", "2017-01-10", "2018-01-11", "2017-01-10", &CodeSuspension},
		{CCC, "2017-01-10", "2017-01-11", "2017-01-12", "2017-01-12", nil},
		{CCC, "2017-01-10", "2017-01-09", "2017-02-10", "2017-01-10", &CodeDateOrder},
		{CCC, "2017-01-10", "2017-01-11", "2017-02-10", "2017-01-10", &CodeFuture},
		{CCC, "2017-01-10", "2017-01-10", "2017-01-09", "2017-01-10", &CodeDateOrder},
		{CCC, "2017-01-10", "2017-01-10", "2017-01-20", "2017-01-21", &CodeDateOrder}, // over before it is filed
		{CCC, "2017-01-10", "", "2017-01-20", "2017-01-21", &CodeDate},
		{CCC, "2017-01-10", "2017-01-10", "", "2017-01-21", &CodeDate},
	} {
		refused(t, fmt.Sprint("suspension ", i), CheckSuspension(c.family, date(c.decided), date(c.from), date(c.until), date(c.today)), c.want)
	}
	h, _ := sampleProduct()
	refused(t, "reinstated in time", CheckReinstatement(h.Standing, date("2017-07-10")), nil)
	refused(t, "reinstated late", CheckReinstatement(h.Standing, date("2017-07-11")), &CodeSuspensionUp)
}

func TestReasonsByAction(t *testing.T) {
	for _, c := range []struct {
		family Family
		action Action
		code   string
		want   *exec.Code
	}{
		{ManagementSystem, Suspend, "0116", nil},
		{ManagementSystem, Suspend, "0122", &CodeReason},
		{ManagementSystem, Suspend, "0201", &CodeReason},
		{ManagementSystem, Suspend, "", &CodeReason},
		{ManagementSystem, Revoke, "0122", nil},
		{ManagementSystem, Revoke, "0120", &CodeReason}, // by renewal only
		{ManagementSystem, Revoke, "0116 ", &CodeReason},
		{ManagementSystem, Cancel, "0204", &CodeReason},
		{Service, Revoke, "0199", nil},
		{CCC, Suspend, "0208", nil},
		{CCC, Suspend, "0116", &CodeReason},
		{CCC, Revoke, "0209", nil},
		{CCC, Revoke, "0208", nil},
		{CCC, Cancel, "0204", nil},
		{CCC, Cancel, "0209", &CodeReason},
		{CCC, Cancel, "0201", &CodeReason}, // by lapse only
		{VoluntaryProduct, Cancel, "0202", nil},
		{CCC, Reinstate, "", nil},
		{CCC, Reinstate, "0201", &CodeReason},
		{9, Suspend, "0201", &CodeReason},
	} {
		refused(t, fmt.Sprint(c.family, c.action, c.code), CheckReason(c.family, c.action, c.code), c.want)
	}
	// Every family can do each of its amendments, with a change type.
	for _, f := range Families {
		for _, a := range Actions() {
			some := CheckChangeType(f, a, "") == nil
			for _, c := range f.Rules().ChangeTypes() {
				some = some || CheckChangeType(f, a, c.Code) == nil
			}
			if !some {
				t.Errorf("%v: no change type for %v", f, a)
			}
			if a.Amends() {
				refused(t, a.String(), CheckChangeType(f, a, ""), &CodeChange)
				refused(t, a.String(), CheckChangeType(f, a, "97_01"), &CodeChange)
			} else {
				refused(t, a.String(), CheckChangeType(f, a, "99"), &CodeChange)
			}
			if _, ok := ReportedChange(f, a); ok && (a.Amends() || a == Issue) {
				t.Errorf("%v is reported as a change by itself", a)
			}
		}
	}
	refused(t, "05 on a product", CheckChangeType(CCC, Extend, "05"), &CodeChange)
	for f, want := range map[Family]string{ManagementSystem: "97_01 97_02 97_03 97_05 99", CCC: "08_01 08_02 08_03 08_04 98"} {
		got := ""
		for _, a := range []Action{Suspend, Reinstate, Revoke, Lapse, Correct} {
			c, _ := ReportedChange(f, a)
			got += " " + c.Code
		}
		if got != " "+want {
			t.Errorf("%v reports %s, want %s", f, got, want)
		}
	}
	for _, c := range []struct {
		a    Action
		code string
		want *exec.Code
	}{
		{Renew, "0102", nil}, {Renew, "", &CodeReissue}, {Renew, "0103", &CodeReissue},
		{Transfer, "0103", nil}, {Transfer, "0102", &CodeReissue}, {Transfer, "", &CodeReissue},
		{Name, "0104", nil}, {Name, "", nil}, {Name, "0102", &CodeReissue}, {Suspend, "0199", &CodeReissue},
		{Issue, "", nil}, {Import, "0103", nil},
	} {
		refused(t, c.a.String()+c.code, CheckReissueReason(c.a, c.code), c.want)
	}
}

// TestAnyString shows that no string makes a check fail otherwise than by a
// refusal.
func TestAnyString(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringN(0, 20, -1), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "s")
		for name, err := range map[string]error{
			"number": CheckNumber(CCC, Ref{"CNCA-R-2002-001", s}, date("2016-01-01")), "issuer": Ref{s, "1"}.Check(),
			"holder": CheckHolder(s), "gtin": CheckGTIN(s), "text": checkText("t", s, 100), "region": CheckRegion("156", s),
			"marks": CheckMarks([]string{s}), "reason": CheckReason(CCC, Revoke, s), "change": CheckChangeType(CCC, Name, s), "reissue": CheckReissueReason(Renew, s),
		} {
			if _, ok := exec.AsRefusal(err); err != nil && !ok {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if f, ok := FamilyOf(s); ok && !f.Known() {
			t.Fatal(s)
		}
	})
}
