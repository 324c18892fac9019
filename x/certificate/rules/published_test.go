package rules

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/x/civil"
)

// read reads a JSON file of the published data, which lies beside the repository.
func read(t *testing.T, name string, into any) {
	t.Helper()
	path := "../../../../shared/data/cnca/" + name
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no published data at %s", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatal(err)
	}
}

// TestPublishedCertificates takes real certificates through every check there is
// for them.
func TestPublishedCertificates(t *testing.T) {
	var published struct {
		Records     []struct{ CertNumber, OrgCode, OrgCodeOld, RzjgID, AuthProjCode, CertiStatus, CertiEDate, ReportDate string }
		NumbersOnly []struct{ CertNumber, Kind, RzjgID string }
	}
	read(t, "public_certificates.json", &published)
	if len(published.Records) != 3 || len(published.NumbersOnly) != 6 {
		t.Fatalf("%d records, %d numbers", len(published.Records), len(published.NumbersOnly))
	}
	for _, r := range published.Records {
		family, ok := FamilyOf(r.AuthProjCode)
		if !ok || family != ManagementSystem || r.CertiStatus != Valid.Code() {
			t.Errorf("%s: %v, status %s", r.AuthProjCode, family, r.CertiStatus)
		}
		h, d := sampleSystem()
		h.Ref, h.Scheme, h.Holder = Ref{r.RzjgID, r.CertNumber}, r.AuthProjCode, r.OrgCode
		h.Issued, h.Expires, h.Since = date(r.ReportDate), date(r.CertiEDate), date(r.ReportDate)
		refused(t, r.CertNumber, h.Matches(d), nil)
		if _, err := DecodeHead(EncodeHead(h)); err != nil {
			t.Errorf("%s: %v", r.CertNumber, err)
		}
		refused(t, r.CertNumber, CheckValidity(family, h.Issued, h.FirstIssued, h.Issued, h.Expires, 0), nil)
		if r.OrgCodeOld != "" && !SameHolder(r.OrgCode, r.OrgCodeOld) {
			t.Errorf("%s and %s are the same", r.OrgCode, r.OrgCodeOld)
		}
	}
	for _, n := range published.NumbersOnly {
		family, issuer := ManagementSystem, n.RzjgID
		if strings.HasPrefix(n.Kind, "CCC") {
			family, issuer = CCC, "CNCA-R-2002-001"
		} else if n.Kind == "voluntary product" {
			family = VoluntaryProduct
		}
		if issuer == "" {
			issuer = "CNCA-R-2002-034"
		}
		refused(t, n.CertNumber, CheckNumber(family, Ref{issuer, n.CertNumber}, date("2016-12-31")), nil)
		if family == CCC && CCCBody(n.CertNumber) != "01" {
			t.Errorf("%s: body %s", n.CertNumber, CCCBody(n.CertNumber))
		}
	}
}

// TestNationalTables compares the tables with the published ones, but for the
// ordinals and full stops within texts.
func TestNationalTables(t *testing.T) {
	var national struct {
		CertificateStatus          map[string]string `json:"certificate_status"`
		ManagementSystemChangeType map[string]string `json:"management_system_change_type"`
		ManagementSystemSuspension map[string]string `json:"management_system_suspension_reason"`
		ManagementSystemWithdrawal map[string]string `json:"management_system_withdrawal_reason"`
		ReissueReason              map[string]string `json:"reissue_reason"`
		ProductChangeType          map[string]string `json:"product_change_type"`
		ProductChangeTypeReport    map[string]string `json:"product_change_type_report"`
		ProductSuspension          map[string]string `json:"product_ccc_suspension_reason"`
		ProductWithdrawal          map[string]string `json:"product_ccc_withdrawal_reason"`
		ProductCancellation        map[string]string `json:"product_ccc_cancellation_reason"`
	}
	read(t, "code_tables.json", &national)
	for s := Valid; s <= Expired; s++ {
		if national.CertificateStatus[s.Code()] != s.Text().Chinese {
			t.Errorf("%s is %s", s.Code(), national.CertificateStatus[s.Code()])
		}
	}
	texts := func(list []Reason) map[string]string {
		m := map[string]string{}
		for i, r := range list {
			if m[r.Code] = r.Chinese; i > 0 && list[i-1].Code >= r.Code {
				t.Errorf("%s after %s", r.Code, list[i-1].Code)
			}
			if r.English == "" || strings.ContainsFunc(r.English, func(c rune) bool { return c > 0x7f }) {
				t.Errorf("%s in English: %q", r.Code, r.English)
			}
		}
		return m
	}
	for _, c := range []struct {
		name     string
		national map[string]string
		ours     map[string]string
	}{
		{"suspension, system", national.ManagementSystemSuspension, texts(systemSuspension)},
		{"revocation, system", national.ManagementSystemWithdrawal, texts(systemRevocation)},
		{"suspension, product", national.ProductSuspension, texts(productSuspension)},
		{"revocation, product", national.ProductWithdrawal, texts(productRevocation)},
		{"cancellation, product", national.ProductCancellation, texts(productCancellation)},
	} {
		if len(c.national) != len(c.ours) {
			t.Errorf("%s: %d codes, expected %d", c.name, len(c.ours), len(c.national))
		}
		for code, text := range c.national {
			if plain(text) != plain(c.ours[code]) {
				t.Errorf("%s %s: %q, expected %q", c.name, code, c.ours[code], text)
			}
		}
	}
	for _, f := range []Family{ManagementSystem, CCC} {
		table := map[Family]map[string]string{ManagementSystem: national.ManagementSystemChangeType, CCC: national.ProductChangeType}[f]
		for _, c := range f.Rules().ChangeTypes() {
			text := table[c.Code]
			if group, _, found := strings.Cut(c.Code, "_"); found {
				text = table[group] + "：" + text
			}
			if text != c.Chinese || c.English == "" || len(c.For) == 0 {
				t.Errorf("%v %s: %q, expected %q", f, c.Code, c.Chinese, text)
			}
			delete(table, c.Code)
			if c.Report != "" && national.ProductChangeTypeReport[c.Report] == "" {
				t.Errorf("reported as %s", c.Report)
			}
		}
		delete(table, "97") // stands for 97_01 and so on
		delete(table, "08")
		if len(table) != 0 {
			t.Errorf("%v lacks %v", f, table)
		}
	}
	for _, r := range ReissueReasons {
		if national.ReissueReason[r.Code] != r.Chinese {
			t.Errorf("reissue %s: %q", r.Code, r.Chinese)
		}
		delete(national.ReissueReason, r.Code)
	}
	if len(national.ReissueReason) != 0 {
		t.Errorf("reissue reasons lack %v", national.ReissueReason)
	}
}

// plain cuts the ordinal before a text and the stop after it.
func plain(s string) string {
	s = strings.TrimSuffix(s, "。")
	if i := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }); i == 2 {
		s = s[2:]
	}
	return s
}

func TestCountriesAndMarks(t *testing.T) {
	var national struct {
		Marks     map[string]string `json:"accreditation_mark"`
		Countries map[string]string `json:"country_numeric"`
	}
	for _, list := range [][]Country{countries, laterCountries} {
		for i, c := range list {
			if i > 0 && list[i-1].Code >= c.Code {
				t.Errorf("%s after %s", c.Code, list[i-1].Code)
			}
			if got, ok := CountryOf(c.Code); !ok || got != c || len(c.Code) != 3 || len(c.Alpha) != 3 || c.English == "" || c.Chinese == "" {
				t.Errorf("%+v", c)
			}
		}
	}
	for _, c := range []string{"", "15", "1560", "000", "999", "CHN", "１５６"} {
		if _, ok := CountryOf(c); ok {
			t.Errorf("%q is a country", c)
		}
	}
	read(t, "code_tables.json", &national)
	renamed := map[string]string{"TMP": "TLS", "ROM": "ROU"}
	for code, text := range national.Countries {
		c, ok := CountryOf(code)
		alpha := text[:3]
		if n := renamed[alpha]; n != "" {
			alpha = n
		}
		if !ok || c.Alpha != alpha {
			t.Errorf("%s %s: %+v", code, text, c)
		}
	}
	if len(national.Countries) != len(countries) || len(national.Marks) != len(Marks) {
		t.Errorf("%d countries, %d marks", len(countries), len(Marks))
	}
	for _, m := range Marks {
		if national.Marks[m.Code] != m.Chinese {
			t.Errorf("mark %s: %s", m.Code, m.Chinese)
		}
	}
}

func TestUSCCVectors(t *testing.T) {
	var vectors struct {
		Alphabet       string
		Weights        []int
		Valid, Invalid []struct{ Code, OrgCode string }
	}
	read(t, "uscc_vectors.json", &vectors)
	if vectors.Alphabet != usccAlphabet || len(vectors.Weights) != len(usccWeights) {
		t.Error("other alphabet or weights")
	}
	for _, v := range vectors.Valid {
		refused(t, v.Code, CheckHolder(v.Code), nil)
		if OrganisationOf(v.Code) != v.OrgCode {
			t.Errorf("%s holds %s", v.Code, OrganisationOf(v.Code))
		}
		refused(t, v.OrgCode, CheckHolder(v.OrgCode), nil)
	}
	for _, v := range vectors.Invalid {
		refused(t, v.Code, CheckHolder(v.Code), &CodeHolder)
	}
}

// TestBars pins every reason that bars, and that no other does.
func TestBars(t *testing.T) {
	free := map[Family]string{
		ManagementSystem: "0120 0122", Service: "0120 0122",
		CCC: "", VoluntaryProduct: "",
	}
	day := date("2020-02-29")
	for _, f := range Families {
		for _, s := range Statuses {
			for _, r := range f.Rules().Reasons(s) {
				want := civil.Date(0)
				if s == Revoked && !strings.Contains(free[f], r.Code) {
					want = date("2021-02-28")
				}
				if got := BarredUntil(f, s, r.Code, day); got != want {
					t.Errorf("%v, %v %s: barred until %v, want %v", f, s, r.Code, got, want)
				}
				if s != Suspended && r.Grounds == "" {
					t.Errorf("%v %s has no grounds", s, r.Code)
				}
			}
		}
	}
	if BarredUntil(CCC, Revoked, "0120", day) != 0 || BarredUntil(9, Revoked, "0201", day) != 0 || BarredUntil(CCC, Revoked, "0201", 0) != 0 {
		t.Error("barred for no reason")
	}
	for _, c := range []struct {
		f                  Family
		item, number, want string
	}{
		{ManagementSystem, "A010102", "00216Q10097R1S", "A01"},
		{CCC, "B01", "2013010702607951", "B01/0702"},
		{CCC, "B01", "short", "B01"},
		{VoluntaryProduct, "B0401", "X", "B0401"},
		{Service, "C0201", "X", "C0201"},
	} {
		if got := BarScope(c.f, c.item, c.number); got != c.want {
			t.Errorf("%v %s: %s, want %s", c.f, c.item, got, c.want)
		}
	}
}
