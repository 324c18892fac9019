package validator

import "github.com/hallmark-ledger/hallmark/x/exec"

// The reasons why the module refuses.
var (
	codeMalformed = exec.Code{
		Number: 300, Name: "validator_malformed",
		English: "The change of validators is malformed: a field is missing, too long or not of the stated form.",
		Chinese: "验证者变更格式错误：字段缺失、过长或不符合规定格式。",
	}
	codeUnknown = exec.Code{
		Number: 301, Name: "validator_unknown",
		English: "No validator of this name is in the latest decided set. Look up the names in that set.",
		Chinese: "最新决定的验证者集合中没有该名称的验证者，请先查询该集合。",
	}
	codeExists = exec.Code{
		Number: 302, Name: "validator_exists",
		English: "A validator of this name is in the set already. Choose another name.",
		Chinese: "集合中已有同名验证者，请更换名称。",
	}
	codeNotEligible = exec.Code{
		Number: 303, Name: "validator_member_not_eligible",
		English: "The member may not run a validator: it is not an active regulator or accredited body.",
		Chinese: "该成员不得运行验证者：不是处于正常状态的监管机构或获认可机构。",
	}
	codeConsensusKey = exec.Code{
		Number: 304, Name: "validator_consensus_key_invalid",
		English: "The consensus key is not an Ed25519 public key of 32 bytes that only its holder can sign for.",
		Chinese: "共识公钥无效：须为32字节且安全的Ed25519公钥。",
	}
	codeKeyUsed = exec.Code{
		Number: 305, Name: "validator_key_used",
		English: "The key is or was registered on this ledger. A key serves one purpose, ever: generate a new one.",
		Chinese: "该密钥已在本账本登记过。一把密钥终身只用于一个用途，请生成新密钥。",
	}
	codeProof = exec.Code{
		Number: 306, Name: "validator_seal_proof_invalid",
		English: "The proof of possession of the seal key does not verify for this chain, member, consensus key and seal key.",
		Chinese: "签章密钥的持有证明无法就本链、该成员、该共识公钥和该签章公钥验证通过。",
	}
	codePower = exec.Code{
		Number: 307, Name: "validator_power_limit",
		English: "More than a third of the power would change in one activation window. Split the change over several windows.",
		Chinese: "单个生效窗口内变更的投票权超过三分之一，请分多个窗口进行。",
	}
	codeNotExempt = exec.Code{
		Number: 308, Name: "validator_not_exempt",
		English: "The set has four validators or more, so the limits on power have no exemption.",
		Chinese: "集合已有四个或以上验证者，投票权变更限制不得豁免。",
	}
	codeSet = exec.Code{
		Number: 309, Name: "validator_set_impossible",
		English: "The set that would result is impossible: empty, too large, or with too much power.",
		Chinese: "变更后的验证者集合不可行：为空、过大或总投票权过高。",
	}
	codeWindowOpen = exec.Code{
		Number: 310, Name: "validator_window_open",
		English: "A change of validators waits for its activation. Rotate the seal key after it.",
		Chinese: "有验证者变更尚待生效，请在其生效后再轮换签章密钥。",
	}
	codeQueueFull = exec.Code{
		Number: 311, Name: "validator_queue_full",
		English: "Too many changes of validators wait for their activation. Propose this one again after some took effect.",
		Chinese: "待生效的验证者变更过多，请在部分变更生效后重新提案。",
	}
	codeNoChange = exec.Code{
		Number: 312, Name: "validator_no_change",
		English: "The change leaves the validator as it is.",
		Chinese: "该变更未改变验证者。",
	}
	codeNotOwner = exec.Code{
		Number: 313, Name: "validator_not_owner",
		English: "The validator is another member's.",
		Chinese: "该验证者属于其他成员。",
	}
	codeDuty = exec.Code{
		Number: 314, Name: "validator_duty",
		English: "Two admin keys of the member, of different holders, must sign.",
		Chinese: "须由该成员两名不同持有人的管理员密钥共同签名。",
	}
	codeTooSoon = exec.Code{
		Number: 315, Name: "validator_rotation_too_soon",
		English: "The member rotated this validator's seal key a short while ago. Wait, or ask the regulators to replace it.",
		Chinese: "该验证者的签章密钥刚由成员轮换过，请稍后再试或请监管机构更换。",
	}
	codeNoSealKey = exec.Code{
		Number: 316, Name: "validator_seal_key_unknown",
		English: "The key was never registered as a seal key on this ledger.",
		Chinese: "该密钥从未在本账本登记为签章密钥。",
	}
	codeForeign = exec.Code{
		Number: 317, Name: "validator_conflict_foreign",
		English: "The statements are of another chain, or of a height that no block before this one has.",
		Chinese: "所报陈述属于其他链，或其高度在本区块之前尚未产生。",
	}
	codeUnproven = exec.Code{
		Number: 318, Name: "validator_conflict_unproven",
		English: "A signature does not verify: the statements do not prove that the seal key signed both.",
		Chinese: "签名验证不通过：两份陈述不能证明均由该签章密钥签署。",
	}
	codeReported = exec.Code{
		Number: 319, Name: "validator_conflict_recorded",
		English: "A conflict of this seal key at this height is recorded already.",
		Chinese: "该签章密钥在该高度的冲突陈述已有记录。",
	}
	codeReporter = exec.Code{
		Number: 320, Name: "validator_report_duty",
		English: "An operator key of the member must sign.",
		Chinese: "须由该成员的操作员密钥签名。",
	}
)

// Codes returns the codes of the module in the order of their numbers.
func Codes() []*exec.Code {
	return []*exec.Code{
		&codeMalformed, &codeUnknown, &codeExists, &codeNotEligible, &codeConsensusKey, &codeKeyUsed,
		&codeProof, &codePower, &codeNotExempt, &codeSet, &codeWindowOpen, &codeQueueFull,
		&codeNoChange, &codeNotOwner, &codeDuty, &codeTooSoon,
		&codeNoSealKey, &codeForeign, &codeUnproven, &codeReported, &codeReporter,
	}
}
