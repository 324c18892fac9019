package demo

import "fmt"

// published are three certificates as the national query platform for
// certification (全国认证认可信息公共服务平台) answered in 2017, when
// all three were valid. Their last days have passed since. The holders are
// enterprises; there is no personal data.
var published = []certificate{
	{Number: "00114E22766R2L/3502", Issuer: "CNCA-R-2002-001", Holder: "漳州灿坤实业有限公司",
		Scheme: "A020101", Status: statusValid, LastDay: "2017-12-01", Source: sourcePublished},
	{Number: "00216Q10097R1S", Issuer: "CNCA-R-2002-002", Holder: "山东泓达生物科技有限公司",
		Scheme: "A010101", Status: statusValid, LastDay: "2018-09-15", Source: sourcePublished},
	{Number: "10416Q20770R1S", Issuer: "CNCA-R-2003-104", Holder: "山东泓达生物科技有限公司",
		Scheme: "A010101", Status: statusValid, LastDay: "2018-09-15", Source: sourcePublished},
}

// issuers are the names of the bodies that issued the published certificates.
var issuers = map[string]string{
	"CNCA-R-2002-001": "中国质量认证中心",
	"CNCA-R-2002-002": "方圆标志认证集团有限公司",
	"CNCA-R-2003-104": "山东世通质量认证有限公司",
}

// schemes are the national item codes in use here.
var schemes = map[string]message{
	"A010101": say("quality management system (ISO 9000)", "质量管理体系认证（ISO9000）"),
	"A020101": say("environmental management system", "环境管理体系认证"),
}

const (
	sourcePublished = "national query platform for certification, 2017"
	sourceSynthetic = "synthetic"
	synthetics      = 400
)

// syntheticNumber is the number of the i-th synthetic certificate, from 1.
// Numbers of real certificates do not begin with SYN.
func syntheticNumber(i int) string { return fmt.Sprintf("SYN-%05d", i) }

// synthetic returns certificates that nobody ever issued.
func synthetic() []certificate {
	certs := make([]certificate, synthetics)
	for i := range certs {
		certs[i] = certificate{
			Number:  syntheticNumber(i + 1),
			Issuer:  fmt.Sprintf("SYN-R-%04d", i%2+1),
			Holder:  fmt.Sprintf("示例企业 %05d", i+1),
			Scheme:  "A010101",
			Status:  statusValid,
			LastDay: fmt.Sprintf("%d-%02d-%02d", 2030+i%3, i%12+1, i%28+1),
			Source:  sourceSynthetic,
		}
	}
	return certs
}
