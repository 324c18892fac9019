package demo

import (
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/testnet/example"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/testnet/words"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/trace/gs1"
)

// story is that of the power banks: a laboratory tests cells and a power bank, a
// body certifies both, a maker makes power banks of a lot of cells, and the
// certificate of the cells is suspended.
type story struct {
	day                civil.Date // of the demonstration
	cellCode, bankCode string     // credit codes of the two makers
	anchor             sm3.Hash   // of the test reports
	arrived            time.Time  // when the power banks came to the warehouse
}

// The makers: of cells, admitted by the demonstration, and of power banks.
const (
	cellMaker = "example-cells"
	bankMaker = generate.ExampleMaker
	// cellHolder is the example credit code of the maker of cells.
	cellHolder = 900_001
)

// Days of the story, before that of the demonstration.
const (
	tested    = 40
	decided   = 30
	made      = 21 // the cells
	sent      = 15
	received  = 14
	assembled = 7
	shipped   = 1 // the power banks
)

// Products and places, with the prefix that GS1 keeps for demonstrations (952).
var (
	cellLot = digitalLink("01", "0952123400001", "10", "EX-2611A")
	banks   = []string{bank("EX000001"), bank("EX000002"), bank("EX000003")}

	cellPlant   = digitalLink("414", "952123400010")
	bankPlant   = digitalLink("414", "952123400011")
	bankStorage = digitalLink("414", "952123400012")
)

// cellsEach is how many cells there are in a power bank, lotSize in the lot.
const (
	cellsEach = 4
	lotSize   = 3000
)

func bank(serial string) string { return digitalLink("01", "0952123400002", "21", serial) }

// digitalLink is the URI of a GS1 key, whose check digit it adds, and of what
// follows it.
func digitalLink(ai, digits string, rest ...string) string {
	c, ok := gs1.CheckDigit(digits)
	if !ok {
		panic("demo: " + digits + " are no digits") // of this file
	}
	uri := gs1Origin + "/" + ai + "/" + digits + string(rune(c))
	for _, s := range rest {
		uri += "/" + s
	}
	return uri
}

const gs1Origin = "https://id.gs1.org"

// cells and powerBanks are the two certificates.
func (s *story) cells() rules.Ref      { return s.certificate(2) }
func (s *story) powerBanks() rules.Ref { return s.certificate(3) }

func (s *story) certificate(i int) rules.Ref {
	return rules.Ref{Issuer: generate.ExampleCertNumber, Number: example.CCCNumber(s.ago(decided).Start().Year(), i)}
}

// ago is the date some days before that of the demonstration.
func (s *story) ago(days int) civil.Date { return s.day.AddDays(-days) }

// report is a test report, in the folder reports.
type report struct{ name, text string }

var reports = []report{
	{"cells/external-short-circuit.txt", "示例检测报告 EX-C-01：示例锂离子电芯 外部短路 GB 31241-2022 结论：合格\nExample test report EX-C-01: example lithium-ion cell, external short circuit, passed\n"},
	{"cells/thermal-abuse.txt", "示例检测报告 EX-C-02：示例锂离子电芯 热滥用 GB 31241-2022 结论：合格\nExample test report EX-C-02: example lithium-ion cell, thermal abuse, passed\n"},
	{"power-bank/overcharge.txt", "示例检测报告 EX-P-01：示例移动电源 过压充电 GB 31241-2022 结论：合格\nExample test report EX-P-01: example power bank, charge at overvoltage, passed\n"},
}

// steps of the business that occur, in words.
var businessSteps = map[string]words.Message{
	"commissioning": words.Say("made", "生产"),
	"shipping":      words.Say("shipped", "发货"),
	"receiving":     words.Say("received", "收货"),
}
