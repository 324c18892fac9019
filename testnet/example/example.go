// Package example makes certificates that nobody ever issued, for tests and
// demonstrations. Whatever it makes says so: names begin with 示例 and Example,
// numbers with EXAMPLE (those of CCC, which are digits alone, have the body code
// 99), credit codes are of region 000000.
package example

import (
	"fmt"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Number is the number of the i-th certificate of a series, which is a word of
// capital letters.
func Number(series string, i int) string { return fmt.Sprintf("EXAMPLE-%s-%06d", series, i) }

// CCCNumber is the number of the i-th product certificate issued in a year.
func CCCNumber(year, i int) string { return fmt.Sprintf("%04d999901%06d", year, i) }

// System returns a certificate of a quality management system, of the i-th
// holder, issued on a day and valid for three years.
func System(number string, holder int, day civil.Date) *certificatev1.Certificate {
	return &certificatev1.Certificate{
		Number: number, Scheme: "A010101", Holder: generate.ExampleCode(holder),
		FirstIssued: int32(day), Issued: int32(day), Expires: int32(day.AddMonths(36)),
		Details: &certificatev1.Details{
			Holder: party(holder), ScopeZh: "示例零件的设计和生产", ScopeEn: "Design and production of example parts",
			ScopeCodes: []string{"17.12.05"}, Standards: []string{"GB/T 19001-2016"}, Marks: []string{"01"},
		},
	}
}

// Product returns a compulsory product certificate (CCC) of a power bank of the
// i-th holder, valid for five years.
func Product(number string, holder int, day civil.Date) *certificatev1.Certificate {
	return &certificatev1.Certificate{
		Number: number, Scheme: "B010101", Holder: generate.ExampleCode(holder),
		FirstIssued: int32(day), Issued: int32(day), Expires: int32(day.AddMonths(60)),
		Details: &certificatev1.Details{
			Holder: party(holder), Producer: party(holder), Factory: party(holder),
			ScopeZh: "示例移动电源", ScopeEn: "Example power bank", Standards: []string{"GB 4943.1-2022"},
			TradeMark: "示例 EXAMPLE", Models: []string{"EX-10000", "EX-20000"},
		},
	}
}

func party(holder int) *certificatev1.Party {
	return &certificatev1.Party{
		NameZh: fmt.Sprintf("示例企业 %06d", holder), NameEn: fmt.Sprintf("Example Enterprise %06d", holder),
		AddressZh: fmt.Sprintf("示例路 %d 号", holder), AddressEn: fmt.Sprintf("%d Example Road", holder), Country: "156",
	}
}

// Issue is the message that issues a certificate, decided on the day that it is
// issued.
func Issue(c *certificatev1.Certificate) *txv1.Message {
	return &txv1.Message{Action: &txv1.Message_Issue{Issue: &certificatev1.Issue{Certificate: c, Decided: c.Issued}}}
}
