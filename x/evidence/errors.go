package evidence

import (
	"fmt"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// The refusals of the module, 500 to 599.
var (
	codeMalformed  = exec.Code{Number: 500, Name: "evidence_malformed", English: "A part of the anchor is missing or malformed.", Chinese: "锚定要素缺失或格式不符。"}
	codeTree       = exec.Code{Number: 501, Name: "evidence_tree", English: "The root has 32 bytes, and the tree has 1 to 2^40 leaves.", Chinese: "证据树根须为32字节，叶数须为1至2^40。"}
	codePeriod     = exec.Code{Number: 502, Name: "evidence_period", English: "The capture begins before it ends, after 1970, and ended by the time of the block, ten minutes allowed for clocks.", Chinese: "采集起止时间颠倒、早于1970年，或晚于区块时间（允许时钟误差十分钟）。"}
	codeNotActor   = exec.Code{Number: 503, Name: "evidence_of_another_member", English: "A member anchors its own evidence: the member in the anchor is the acting one.", Chinese: "成员只能锚定自己的证据，锚定所载成员须为操作成员。"}
	codeInactive   = exec.Code{Number: 504, Name: "evidence_member_inactive", English: "The acting member is suspended or has been removed.", Chinese: "成员已被暂停或移除。"}
	codeDuty       = exec.Code{Number: 505, Name: "evidence_duty", English: "A key of the member with the duty operator, certifier or approver must sign.", Chinese: "须由本成员的经办、认证决定或负责人密钥签名。"}
	codeRole       = exec.Code{Number: 506, Name: "evidence_role", English: "No role of the member fixes evidence of this kind about such a subject.", Chinese: "成员的角色不得就此类对象锚定此种证据。"}
	codeUnknown    = exec.Code{Number: 507, Name: "evidence_subject_unknown", English: "The subject is not on the ledger: register the product, issue the certificate or name the engagement of a body instead.", Chinese: "证据对象不在账上：请先登记产品、颁发证书，或改为机构的委托编号。"}
	codeAccredited = exec.Code{Number: 508, Name: "evidence_not_accredited", English: "No accreditation of the laboratory or inspection body in force today covers the scheme of the subject.", Chinese: "实验室或检查机构当日没有覆盖该认证项目的有效认可。"}
	codeIssuer     = exec.Code{Number: 509, Name: "evidence_not_the_issuer", English: "A body fixes evidence about its own certificates and engagements, or those of an ended body whose caretaker it is.", Chinese: "认证机构只能就本机构（或其代管的已终止机构）的证书与委托锚定证据。"}
	codeHolder     = exec.Code{Number: 510, Name: "evidence_not_the_holder", English: "The certificate is held by another organisation than the acting operator.", Chinese: "该证书的持有组织不是操作成员。"}
	codeReporter   = exec.Code{Number: 511, Name: "evidence_not_a_reporter", English: "The acting operator is neither the owner of the product nor one of its reporters.", Chinese: "操作成员既不是产品的登记人，也不是其上报人。"}
	codeAnchored   = exec.Code{Number: 512, Name: "evidence_anchored_already", English: "This very anchor is on the ledger already: nothing needs to be done.", Chinese: "该锚定已在账上，无须重复提交。"}
)

// Codes lists the refusals of the module, in the order of their numbers.
func Codes() []*exec.Code {
	return []*exec.Code{
		&codeMalformed, &codeTree, &codePeriod, &codeNotActor, &codeInactive, &codeDuty, &codeRole, &codeUnknown,
		&codeAccredited, &codeIssuer, &codeHolder, &codeReporter, &codeAnchored,
	}
}

// CodeAnchored is the refusal of an anchor that is on the ledger already, which
// who files again takes for done.
func CodeAnchored() uint32 { return codeAnchored.Number }

// corrupt returns a fault: the state contradicts itself.
func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: evidence: %s", store.ErrCorrupt, fmt.Sprintf(format, args...))
}
