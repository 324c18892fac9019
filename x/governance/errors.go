package governance

import "github.com/hallmark-ledger/hallmark/x/exec"

// The reasons why the module refuses.
var (
	codeMalformed = exec.Code{
		Number: 200, Name: "governance_malformed",
		English: "The message or action is malformed: a field is missing, too long or not of the stated form.",
		Chinese: "消息或治理事项格式错误：字段缺失、过长或不符合规定格式。",
	}
	codeNotRegulator = exec.Code{
		Number: 201, Name: "governance_not_regulator",
		English: "Only a current regulator may do this.",
		Chinese: "仅现任监管机构可以执行此操作。",
	}
	codeDuty = exec.Code{
		Number: 202, Name: "governance_duty",
		English: "A key of the regulator with the duty approver must sign.",
		Chinese: "须由该监管机构的批准人密钥签名。",
	}
	codeUnknown = exec.Code{
		Number: 203, Name: "governance_proposal_unknown",
		English: "There is no proposal with this number.",
		Chinese: "不存在该编号的提案。",
	}
	codeClosed = exec.Code{
		Number: 204, Name: "governance_proposal_closed",
		English: "The proposal is decided, withdrawn or expired. File a new one if it is still wanted.",
		Chinese: "该提案已作出决定、已撤回或已过期。如仍需要，请重新提案。",
	}
	codeNotProposer = exec.Code{
		Number: 205, Name: "governance_not_proposer",
		English: "Only the regulator that proposed may withdraw the proposal.",
		Chinese: "仅提出该提案的监管机构可以撤回。",
	}
	codeTooMany = exec.Code{
		Number: 206, Name: "governance_too_many_open",
		English: "The regulator has too many open proposals. Withdraw some, or wait until they are decided.",
		Chinese: "该监管机构未决提案过多，请撤回部分或等待其决定。",
	}
	codeParameter = exec.Code{
		Number: 207, Name: "governance_parameter",
		English: "A parameter or threshold would be out of its bounds, or not go with another.",
		Chinese: "参数或表决门槛超出允许范围，或与其他参数不相容。",
	}
	codeNoRegulators = exec.Code{
		Number: 208, Name: "governance_no_regulators",
		English: "No active regulator would be left, so nothing could be decided any more.",
		Chinese: "执行后将无现任监管机构，治理将无法进行。",
	}
	codeImportWindow = exec.Code{
		Number: 209, Name: "governance_import_window",
		English: "The import window is over, too long, for too many records, or overlaps another of the body.",
		Chinese: "导入窗口已过期、过长、记录数过多，或与该机构的其他窗口重叠。",
	}
	codeUpgrade = exec.Code{
		Number: 210, Name: "governance_upgrade",
		English: "The upgrade is too soon, its name or version was used, or another waits for its height.",
		Chinese: "升级高度过近、名称或版本已被使用，或已有其他升级待执行。",
	}
	codeUpgradeUnknown = exec.Code{
		Number: 211, Name: "governance_upgrade_unknown",
		English: "No upgrade of this name waits for its height.",
		Chinese: "没有该名称的待执行升级。",
	}
	codeNoChange = exec.Code{
		Number: 212, Name: "governance_no_change",
		English: "The change leaves everything as it is.",
		Chinese: "该变更未产生任何改变。",
	}
)

// Codes returns the codes of the module in the order of their numbers.
func Codes() []*exec.Code {
	return []*exec.Code{
		&codeMalformed, &codeNotRegulator, &codeDuty, &codeUnknown, &codeClosed, &codeNotProposer, &codeTooMany,
		&codeParameter, &codeNoRegulators, &codeImportWindow, &codeUpgrade, &codeUpgradeUnknown, &codeNoChange,
	}
}
