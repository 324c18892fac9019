package certificate

import (
	"fmt"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// The refusals of the handlers, 450 to 499; 400 to 449 are those of the rules.
var (
	codeMalformed = exec.Code{Number: 450, Name: "certificate_message_malformed", English: "A part of the message is missing or malformed.", Chinese: "消息要素缺失或格式不符。"}
	codeRole      = exec.Code{Number: 451, Name: "certificate_role", English: "The acting member does not have the role for this.", Chinese: "成员不具备此操作所需的角色。"}
	codeInactive  = exec.Code{Number: 452, Name: "certificate_member_inactive", English: "The acting member is suspended or has been removed.", Chinese: "成员已被暂停或移除。"}
	codeFourEyes  = exec.Code{Number: 453, Name: "four_eyes", English: "A certifier and an approver of the body, different in key and in person, must both sign.", Chinese: "须由本机构认证决定人员与负责人分别签名，且密钥与人员均不相同。"}
	codeApprover  = exec.Code{Number: 454, Name: "certificate_approver", English: "An approver of the regulator must sign.", Chinese: "须由监管部门审批人员签名。"}
	codeStopped   = exec.Code{Number: 455, Name: "body_stopped", English: "A regulator has stopped the body: it may suspend, revoke, cancel and reduce only.", Chinese: "认证机构已被叫停，仅可暂停、撤销、注销证书或缩小范围。"}
	codeNotIssuer = exec.Code{Number: 456, Name: "not_the_issuer", English: "The acting member is neither the body that issued the certificate nor the caretaker of one that has ended.", Chinese: "成员既不是发证机构，也不是已终止机构的代管方。"}
	codeCaretaker = exec.Code{Number: 457, Name: "not_for_caretakers", English: "A caretaker winds down: it may suspend, reinstate, revoke, cancel, reduce, correct, annul, and hand over in a transfer.", Chinese: "代管方不得进行此项操作。"}
	codeApproval  = exec.Code{Number: 458, Name: "scheme_not_approved", English: "The body's approval did not cover the scheme on the day of the decision, or does not on the day of filing.", Chinese: "认证机构在决定之日或填报之日的批准范围不含该认证项目。"}
	codeMarks     = exec.Code{Number: 459, Name: "mark_not_backed", English: "No accreditation in force on the day of the decision and on the day of filing backs the accreditation mark.", Chinese: "认可标志在决定之日或填报之日无有效认可依据。"}
	codeBarred    = exec.Code{Number: 460, Name: "holder_barred", English: "The holder is barred from such certificates at every body until the end of the day named.", Chinese: "该组织在所载日期届满前，任何机构不得受理其此类认证。"}

	codeMainInvalid      = exec.Code{Number: 461, Name: "main_not_valid", English: "The main certificate of a sub-certificate must be valid, of the same body, and no sub-certificate.", Chinese: "子证书的主证书须为同一机构的有效主证书。"}
	codeComponentInvalid = exec.Code{Number: 462, Name: "component_not_valid", English: "The certificate of a component must be valid when it is named. If it was renewed or transferred, name the one that replaced it.", Chinese: "所列部件证书须为有效证书；已换证或转换的，请列明新证书。"}
	codeRunOut           = exec.Code{Number: 463, Name: "run_out_already", English: "The certificate would have run out before it was filed.", Chinese: "证书在填报前已届满。"}
	codeGap              = exec.Code{Number: 464, Name: "gap_in_validity", English: "The new certificate must be valid when the old one closes: it is issued today at the latest.", Chinese: "新证书须在旧证书关闭时已生效，发证日期不得晚于当日。"}
	codePart             = exec.Code{Number: 465, Name: "change_not_of_this_kind", English: "This kind of amendment may not change that part of the certificate.", Chinese: "该类变更不得涉及此项内容。"}
	codeUnchanged        = exec.Code{Number: 466, Name: "nothing_changed", English: "Nothing would change.", Chinese: "内容没有任何变化。"}
	codeOtherHolder      = exec.Code{Number: 467, Name: "other_holder", English: "The new certificate is of another holder or scheme family than the old one.", Chinese: "新旧证书的持有组织或认证类别不同。"}
	codeCycle            = exec.Code{Number: 468, Name: "beyond_the_cycle", English: "A transferred certificate keeps the last day of the old one, or ends before it.", Chinese: "机构转换的证书有效期不得超过原证书。"}

	codeWindow  = exec.Code{Number: 469, Name: "import_window_closed", English: "Governance has opened no import window for the body at this time.", Chinese: "当前没有为该机构开放的历史导入窗口。"}
	codeQuota   = exec.Code{Number: 470, Name: "import_quota_used_up", English: "The quota of the import window is used up.", Chinese: "历史导入窗口的数量已用完。"}
	codeHistory = exec.Code{Number: 471, Name: "past_decision", English: "An import reports suspensions, reinstatements, revocations and cancellations only.", Chinese: "历史导入仅可填报暂停、恢复、撤销、注销。"}

	codeRegulator  = exec.Code{Number: 472, Name: "regulator_must_sign", English: "An approver of a regulator must sign as well.", Chinese: "须同时由监管部门审批人员签名。"}
	codeOtherBody  = exec.Code{Number: 473, Name: "other_body_must_sign", English: "A certifier and an approver of the body that issued the old certificate must sign; if it has ended, those of its caretaker, or governance releases its certificates.", Chinese: "须由原发证机构的认证决定人员与负责人签名；机构已终止的，由代管方签名或经治理决议放行。"}
	codeSameBody   = exec.Code{Number: 474, Name: "same_body", English: "A transfer is between two bodies; within one it is a renewal.", Chinese: "机构转换须在两个机构之间进行。"}
	codeNotEnded   = exec.Code{Number: 475, Name: "body_not_ended", English: "The body has not ended: it signs transfers itself.", Chinese: "认证机构未终止，应由其自行签署转换。"}
	codeOrder      = exec.Code{Number: 476, Name: "order_not_open", English: "There is no open order of this number on the certificate.", Chinese: "该证书没有此编号的未结责令。"}
	codeOrders     = exec.Code{Number: 477, Name: "orders_too_many", English: "Too many orders on the certificate are open.", Chinese: "该证书的未结责令过多。"}
	codeNotTheirs  = exec.Code{Number: 478, Name: "other_regulator", English: "Only the regulator that gave an order or a warning takes it back, while it is one.", Chinese: "责令、警示仅可由作出的监管部门了结或解除。"}
	codeFlagged    = exec.Code{Number: 479, Name: "flagged_already", English: "The regulator warns of the certificate already.", Chinese: "该监管部门已对此证书作出警示。"}
	codeNotFlagged = exec.Code{Number: 480, Name: "not_flagged", English: "The regulator does not warn of the certificate.", Chinese: "该监管部门未对此证书作出警示。"}

	codeNotReversible = exec.Code{Number: 481, Name: "not_reversible", English: "The record is not the decision that led to the present status, or nothing is known from before it.", Chinese: "该记录不是导致当前状态的决定，或其之前没有记录。"}
	codeReplacement   = exec.Code{Number: 482, Name: "replacement_stands", English: "The certificate that replaced this one is valid or suspended; it must be closed first.", Chinese: "换发的新证书仍有效或暂停，须先予终止。"}

	codeEvidence = exec.Code{Number: 483, Name: "evidence_unknown", English: "Evidence that the decision or the certificate names is not anchored on the ledger: anchor it first, in the same transaction if you like.", Chinese: "所列证据未在账上锚定，请先锚定（可在同一交易中）。"}
)

// Codes lists the refusals of the module, those of the rules included, in the
// order of their numbers.
func Codes() []*exec.Code {
	return append(rules.Codes(),
		&codeMalformed, &codeRole, &codeInactive, &codeFourEyes, &codeApprover, &codeStopped, &codeNotIssuer, &codeCaretaker,
		&codeApproval, &codeMarks, &codeBarred,
		&codeMainInvalid, &codeComponentInvalid, &codeRunOut, &codeGap, &codePart, &codeUnchanged, &codeOtherHolder, &codeCycle,
		&codeWindow, &codeQuota, &codeHistory,
		&codeRegulator, &codeOtherBody, &codeSameBody, &codeNotEnded, &codeOrder, &codeOrders, &codeNotTheirs, &codeFlagged, &codeNotFlagged,
		&codeNotReversible, &codeReplacement, &codeEvidence)
}

// corrupt returns a fault: the state contradicts itself.
func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: certificate: %s", store.ErrCorrupt, fmt.Sprintf(format, args...))
}
