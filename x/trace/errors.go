package trace

import (
	"fmt"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// The refusals of the module.
var (
	codeMalformed = exec.Code{Number: 600, Name: "trace_message_malformed", English: "A part of the message is missing or malformed; the detail says which.", Chinese: "消息要素缺失或格式不符，详见说明。"}
	codeURI       = exec.Code{Number: 601, Name: "product_uri_not_canonical", English: "A product is named by its canonical URI; the detail says what that is, or what is wrong with this one.", Chinese: "产品须以规范化的 URI 标识；规范形式或错误之处见说明。"}
	codeKnown     = exec.Code{Number: 602, Name: "product_registered", English: "The product is registered already.", Chinese: "该产品已登记。"}
	codeUnknown   = exec.Code{Number: 603, Name: "product_unknown", English: "The product is not registered. Its owner registers it first.", Chinese: "该产品未登记，须先由其所有方登记。"}
	codeRole      = exec.Code{Number: 604, Name: "trace_role", English: "The acting member does not have the role for this.", Chinese: "成员不具备此操作所需的角色。"}
	codeDuty      = exec.Code{Number: 605, Name: "trace_signature_missing", English: "A key of the acting member with the duty operator must sign; for a regulator's recall an approver.", Chinese: "须由本成员的业务操作密钥签名；监管部门召回须由审批人员签名。"}
	codeStopped   = exec.Code{Number: 606, Name: "trace_member_stopped", English: "A regulator has stopped the acting member, or it is not active: it reports nothing.", Chinese: "成员已被监管部门叫停或处于非正常状态，不得填报。"}
	codeNotOwner  = exec.Code{Number: 607, Name: "not_the_owner", English: "Only the owner of the product may do this.", Chinese: "仅产品所有方可进行此操作。"}
	codeReporter  = exec.Code{Number: 608, Name: "not_a_reporter", English: "The acting member is neither the owner of the product nor one of its reporters. The owner names reporters.", Chinese: "成员既不是产品所有方，也不是其指定的填报方。须由所有方指定。"}

	codeCertificate = exec.Code{Number: 609, Name: "trace_certificate_unknown", English: "There is no such certificate.", Chinese: "证书不存在。"}
	codeHolder      = exec.Code{Number: 610, Name: "trace_certificate_of_another", English: "The certificate is held by another organisation than the owner of the product.", Chinese: "证书持有人不是产品所有方。"}
	codeLinked      = exec.Code{Number: 611, Name: "certificate_link", English: "The certificate is linked already, or is not linked, or there are too many.", Chinese: "证书已关联、未关联，或关联数量超限。"}
	codeMember      = exec.Code{Number: 612, Name: "trace_member_unknown", English: "A reporter must be a member that was not removed.", Chinese: "填报方须为未被移除的成员。"}
	codeUnchanged   = exec.Code{Number: 613, Name: "trace_unchanged", English: "Nothing would change.", Chinese: "内容没有任何变化。"}

	codeMoved  = exec.Code{Number: 614, Name: "chain_moved", English: "The chain does not have as many entries as the message says. Look up what was filed before filing again.", Chinese: "链上已有条目数与消息所载不符。请先查询已填报内容再行填报。"}
	codeTwice  = exec.Code{Number: 615, Name: "event_recorded", English: "The chain of the product has an event with this hash already.", Chinese: "该产品的链上已有此哈希的事件。"}
	codeFuture = exec.Code{Number: 616, Name: "event_in_future", English: "The event would have happened more than ten minutes after the block.", Chinese: "事件时间晚于区块时间超过十分钟。"}
	codeEvent  = exec.Code{Number: 617, Name: "event_malformed", English: "A part of the event is missing or malformed; the detail says which.", Chinese: "事件要素缺失或格式不符，详见说明。"}
	codeOthers = exec.Code{Number: 618, Name: "event_products", English: "The other products of an event are at most 256 canonical URIs, ascending, each once, without the product itself; an event about the product alone has none.", Chinese: "事件中的其他产品须为升序且不重复的规范 URI，至多 256 个，不得包含产品自身；仅涉及产品自身的事件不列其他产品。"}

	codeNoRecall = exec.Code{Number: 619, Name: "recall_not_standing", English: "No recall that this entry made stands against the product.", Chinese: "该条目并非现行有效的召回。"}
	codeLift     = exec.Code{Number: 620, Name: "recall_of_another", English: "A recall is lifted by who made it, or by an approver of a regulator.", Chinese: "召回仅可由作出方或监管部门审批人员解除。"}
	codeRecalls  = exec.Code{Number: 621, Name: "recalls_too_many", English: "Too many recalls stand against the product. Lift one that another has replaced.", Chinese: "该产品现行召回过多，请先解除已被替代的召回。"}
)

// Codes lists the refusals of the module in the order of their numbers.
func Codes() []*exec.Code {
	return []*exec.Code{
		&codeMalformed, &codeURI, &codeKnown, &codeUnknown, &codeRole, &codeDuty, &codeStopped, &codeNotOwner, &codeReporter,
		&codeCertificate, &codeHolder, &codeLinked, &codeMember, &codeUnchanged,
		&codeMoved, &codeTwice, &codeFuture, &codeEvent, &codeOthers, &codeNoRecall, &codeLift, &codeRecalls,
	}
}

// corrupt returns a fault: the state contradicts itself.
func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: trace: %s", store.ErrCorrupt, fmt.Sprintf(format, args...))
}
