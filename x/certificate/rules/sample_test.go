package rules

import (
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// date reads a date, none for an empty string.
func date(s string) civil.Date {
	if s == "" {
		return 0
	}
	d, err := civil.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// refused checks that err is a refusal with code want, nil for none.
func refused(t *testing.T, what string, err error, want *exec.Code) {
	t.Helper()
	switch {
	case want == nil && err != nil:
		t.Errorf("%s: %v", what, err)
	case want != nil && !want.Is(err):
		t.Errorf("%s: got %v, want %s", what, err, want.Name)
	}
}

// sampleParty is a published holder at an address of its region.
var sampleParty = Party{
	NameChinese:    "山东泓达生物科技有限公司",
	AddressChinese: "山东省临沂市沂水县",
	Country:        "156",
	Region:         "371323",
}

// sampleSystem returns a published certificate with made-up text.
func sampleSystem() (*Head, *Details) {
	d := &Details{
		Holder:       sampleParty,
		ScopeChinese: "饲料添加剂的生产",
		ScopeCodes:   []string{"03.07"},
		Standards:    []string{"GB/T 19001-2008"},
		Marks:        []string{"01"},
		Document:     sm3.Sum([]byte("document")),
	}
	h := &Head{
		Ref:         Ref{"CNCA-R-2002-002", "00216Q10097R1S"},
		Scheme:      "A010101",
		Holder:      "91371323760038087M",
		FirstIssued: date("2012-09-16"),
		Version:     1,
		Records:     1,
		Details:     DigestDetails(d),
		Standing: Standing{
			Family:  ManagementSystem,
			Status:  Valid,
			Since:   date("2016-01-15"),
			Issued:  date("2016-01-15"),
			Expires: date("2018-09-15"),
		},
	}
	return h, d
}

// sampleProduct returns a CCC certificate with a published number.
func sampleProduct() (*Head, *Details) {
	d := &Details{
		Holder:       sampleParty,
		ScopeChinese: "移动电源",
		ScopeEnglish: "Power bank",
		Standards:    []string{"GB 4943.1-2022", "GB 31241-2022"},
		Producer:     sampleParty,
		Factory:      sampleParty,
		TradeMark:    "泓达",
		Models:       []string{"HD-10000", "HD-20000"},
		GTINs:        []string{"06901234567892", "4006381333931"},
		Main:         Ref{"CNCA-R-2002-001", "2009010702358369"},
		Components:   []Ref{{"CNCA-R-2002-001", "2013010702607950"}},
		Evidence:     []sm3.Hash{sm3.Sum([]byte("report"))},
	}
	h := &Head{
		Ref:         Ref{"CNCA-R-2002-001", "2013010702607951"},
		Scheme:      "B01",
		Holder:      "91371323760038087M",
		FirstIssued: date("2013-03-01"),
		Version:     2,
		Records:     3,
		Details:     DigestDetails(d),
		Standing: Standing{
			Family:         CCC,
			Status:         Suspended,
			Reason:         "0201",
			Since:          date("2017-01-10"),
			Issued:         date("2013-03-01"),
			Expires:        date("2018-03-01"),
			SuspendedFrom:  date("2017-01-10"),
			SuspendedUntil: date("2017-07-10"),
			Flags:          FlagSub | FlagComponents,
		},
	}
	return h, d
}

// sampleRecord returns the record of the suspension of sampleProduct.
func sampleRecord() *Record {
	h, _ := sampleProduct()
	return &Record{
		N:      3,
		Action: Suspend,
		From:   Valid,
		After:  *h,
		Actor:  "cqc",
		Signers: []Signer{
			{Member: "cqc", Key: [33]byte{2, 1}, Duty: uint8(exec.DutyCertifier)},
			{Member: "cqc", Key: [33]byte{3, 2}, Duty: uint8(exec.DutyApprover)},
		},
		Decided:  date("2017-01-10"),
		Height:   77,
		Time:     time.Date(2017, 1, 10, 3, 4, 5, 6, time.UTC),
		Tx:       sm3.Sum([]byte("tx")),
		Evidence: []sm3.Hash{sm3.Sum([]byte("spot check"))},
		Note:     "国家监督抽查不合格",
	}
}

func repeat(n int, s string) string { return strings.Repeat(s, n) }
