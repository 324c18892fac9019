package demo

import (
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// record is a certificate as the national query platform for certification
// (全国认证认可信息公共服务平台) answered in 2017.
type record struct {
	body             string // member
	issuer           string // approval number
	number           string
	holder, code     string // name of the enterprise, and its code
	scheme           string // item code
	reported, lasted string // day of the report, and the last day
}

// published are three certificates that were valid then. Their holders are
// enterprises; there is no personal data. Address, scope and standard are not in
// that answer, nor is the day of issue.
var published = []record{
	{generate.CQC, "CNCA-R-2002-001", "00114E22766R2L/3502", "漳州灿坤实业有限公司", "739547709", "A020101", "2017-01-03", "2017-12-01"},
	{generate.CQM, "CNCA-R-2002-002", "00216Q10097R1S", "山东泓达生物科技有限公司", "91371323760038087M", "A010101", "2016-01-15", "2018-09-15"},
	{generate.Shitong, "CNCA-R-2003-104", "10416Q20770R1S", "山东泓达生物科技有限公司", "91371323760038087M", "A010101", "2017-06-16", "2018-09-15"},
}

// validOn is a day on which all of them were valid.
const validOn = "2017-06-30"

// unknown stands where the published record says nothing.
const unknown = "（公开记录未载）"

// message imports the certificate as it was: valid. The day of the report stands
// for the days of issue, which are not known.
func (r record) message() (*certificatev1.Import, error) {
	reported, err := civil.Parse(r.reported)
	if err != nil {
		return nil, err
	}
	last, err := civil.Parse(r.lasted)
	if err != nil {
		return nil, err
	}
	return &certificatev1.Import{
		Decided: int32(reported), Status: certificatev1.Status_STATUS_VALID,
		Note: "来源：全国认证认可信息公共服务平台，2017 年查询结果；颁证日期未载，以上报日期代替",
		Certificate: &certificatev1.Certificate{
			Number: r.number, Scheme: r.scheme, Holder: r.code,
			FirstIssued: int32(reported), Issued: int32(reported), Expires: int32(last),
			Details: &certificatev1.Details{
				Holder:  &certificatev1.Party{NameZh: r.holder, AddressZh: unknown, Country: "156"},
				ScopeZh: unknown, Standards: []string{unknown},
			},
		},
	}, nil
}

// series is that of the example certificates.
const series = "DEMO"

// The example certificates by number, of ExampleCert if nothing else is said.
const (
	examples   = 200 // management systems, the first half of them of ExampleCert
	toSuspend  = 7
	toAmend    = 11
	toRevoke   = 13
	toRenew    = 17
	toTransfer = 19
	toStop     = 150 // of ExampleSecond
	afterwards = 20  // that are filed while a validator is down
	forged     = "EXAMPLE-DEMO-999999"
)
