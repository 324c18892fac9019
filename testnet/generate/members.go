package generate

import (
	"fmt"

	"github.com/hallmark-ledger/hallmark/x/member"
)

// Ids of members that others rely on.
const (
	CNCA          = "cnca"
	Accreditation = "cnas"
	CQC           = "cqc"            // real, imports only
	CQM           = "cqm"            // real, imports only
	Shitong       = "shitong"        // real, imports only
	ExampleCert   = "example-cert"   // issues
	ExampleSecond = "example-second" // issues
	ExampleLab    = "example-lab"
	ExampleMaker  = "example-maker"
)

// Approval numbers of the bodies that issue. There is no year 2099 yet.
const (
	ExampleCertNumber   = "CNCA-R-2099-0001"
	ExampleSecondNumber = "CNCA-R-2099-0002"
)

// Regulators are the ids of the regulators, in order.
var Regulators = []string{"amr-bj", "amr-fj", "amr-sd", CNCA}

// institution is a member of the genesis.
type institution struct {
	id, zh, en string
	role       member.Role
	region     string // GB/T 2260
	approval   string // approval number of a certification body
	// issues: it is approved for schemes and accredited for them.
	issues bool
}

// institutions are the members. Sources: the regulators' public names; names and
// approval numbers of the three certification bodies as the national query
// platform for certification (cx.cnca.cn) shows them. English names of
// institutions that have none in that source are ours.
var institutions = []institution{
	{CNCA, "国家认证认可监督管理委员会", "Certification and Accreditation Administration", member.RoleRegulator, "110000", "", false},
	{"amr-bj", "北京市市场监督管理局", "Beijing Administration for Market Regulation", member.RoleRegulator, "110000", "", false},
	{"amr-fj", "福建省市场监督管理局", "Fujian Administration for Market Regulation", member.RoleRegulator, "350000", "", false},
	{"amr-sd", "山东省市场监督管理局", "Shandong Administration for Market Regulation", member.RoleRegulator, "370000", "", false},
	{Accreditation, "中国合格评定国家认可中心", "China National Accreditation Service for Conformity Assessment", member.RoleAccreditationBody, "110000", "", false},
	{CQC, "中国质量认证中心", "China Quality Certification Centre", member.RoleCertificationBody, "110000", "CNCA-R-2002-001", false},
	{CQM, "方圆标志认证集团有限公司", "China Quality Mark Certification Group", member.RoleCertificationBody, "110000", "CNCA-R-2002-002", false},
	{Shitong, "山东世通质量认证有限公司", "Shandong Shitong Quality Certification", member.RoleCertificationBody, "370000", "CNCA-R-2003-104", false},
	{ExampleCert, "示例认证有限公司", "Example Certification Ltd", member.RoleCertificationBody, "110000", ExampleCertNumber, true},
	{ExampleSecond, "示例第二认证有限公司", "Example Second Certification Ltd", member.RoleCertificationBody, "440000", ExampleSecondNumber, true},
	{ExampleLab, "示例检测实验室", "Example Testing Laboratory", member.RoleLaboratory, "110000", "", false},
	{ExampleMaker, "示例制造有限公司", "Example Manufacturing Ltd", member.RoleOperator, "350000", "", false},
}

// schemes are what the example bodies are approved and accredited for.
var schemes = []string{"A01", "A02", "B01", "B02", "C01"}

// The days between which they are; the mark is that of CNAS.
const (
	grantFrom, grantUntil = "2020-01-01", "2039-12-31"
	cnasMark              = "01"
)

// duties of the keys of members with a role: file names, of which those that
// begin with admin are of duty admin.
var duties = map[member.Role][]string{
	member.RoleRegulator:         {"admin-1", "admin-2", "approver", "operator"},
	member.RoleAccreditationBody: {"admin-1", "admin-2", "approver", "operator"},
	member.RoleCertificationBody: {"admin-1", "admin-2", "certifier", "approver", "operator"},
	member.RoleLaboratory:        {"admin-1", "approver", "operator"},
	member.RoleOperator:          {"admin-1", "operator"},
}

// ExampleCode returns the i-th unified social credit code that is right by its
// check character and that nobody has; i is from 0 to 999,999. It has the letters
// EX and region 000000.
func ExampleCode(i int) string {
	return withCheck(fmt.Sprintf("91000000EX%07d", i))
}

// memberCode is the credit code of the i-th institution.
func memberCode(i int) string { return withCheck(fmt.Sprintf("11000000EXAMPLE%02d", i)) }

// withCheck adds the check character to the 17 others of a credit code.
func withCheck(first string) string {
	for _, c := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		if member.CheckUSCC(first+string(c)) == nil {
			return first + string(c)
		}
	}
	panic("generate: no check character for " + first) // it has 17 of the alphabet
}
