package member

import "github.com/hallmark-ledger/hallmark/x/exec"

// Why a message or an action on members is refused.
var (
	codeMalformed         = exec.Code{Number: 100, Name: "member_field_malformed", English: "A field of the message does not have the form it must have; the detail says which.", Chinese: "消息字段格式不符合要求，详见说明。"}
	codeUnknownMember     = exec.Code{Number: 101, Name: "member_unknown", English: "No member has this id.", Chinese: "不存在该标识的成员。"}
	codeMemberExists      = exec.Code{Number: 102, Name: "member_exists", English: "The id is or was another member's; choose another one.", Chinese: "该标识已被使用，请另选。"}
	codeRegistrationTaken = exec.Code{Number: 103, Name: "member_registration_taken", English: "Another member is registered under this unified social credit code or foreign registration.", Chinese: "该统一社会信用代码或境外登记已属于另一成员。"}
	codeApprovalTaken     = exec.Code{Number: 104, Name: "member_approval_number_taken", English: "The approval number is or was another member's.", Chinese: "该批准号已属于另一成员。"}
	codeApprovalFixed     = exec.Code{Number: 105, Name: "member_approval_number_fixed", English: "An approval number that was given never changes: certificates are named by it.", Chinese: "批准号一经登记不得变更，证书以其标识。"}
	codeRole              = exec.Code{Number: 106, Name: "member_role_missing", English: "The acting member does not have the role that this needs.", Chinese: "操作成员不具备所需角色。"}
	codeSignature         = exec.Code{Number: 107, Name: "member_signature_missing", English: "A usable key of the acting member with the duty that this needs must sign.", Chinese: "须由操作成员具有相应职责的可用密钥签名。"}
	codeTwoAdmins         = exec.Code{Number: 108, Name: "member_two_admins", English: "Admin keys of two different holders must sign.", Chinese: "须由两名不同持有人的管理密钥签名。"}
	codeDuty              = exec.Code{Number: 109, Name: "member_duty_not_of_role", English: "Members with these roles have no keys of this duty.", Chinese: "该角色的成员不设此职责的密钥。"}
	codeKeyTaken          = exec.Code{Number: 110, Name: "key_taken", English: "The key, or its negative, has been registered before; a key is registered once, ever. Make a new one.", Chinese: "该密钥（或其负元）已登记过；每个密钥只能登记一次，请重新生成。"}
	codePossession        = exec.Code{Number: 111, Name: "key_possession_unproven", English: "The proof of possession is not the new key's signature for this chain, member and duty.", Chinese: "密钥持有证明无效：须由新密钥针对本链、本成员及该职责签名。"}
	codeUnknownKey        = exec.Code{Number: 112, Name: "key_unknown", English: "The key is not registered.", Chinese: "该密钥未登记。"}
	codeForeignKey        = exec.Code{Number: 113, Name: "key_of_another_member", English: "The key belongs to another member.", Chinese: "该密钥属于其他成员。"}
	codeKeyState          = exec.Code{Number: 114, Name: "key_state", English: "The state of the key does not allow this; the detail says what it is.", Chinese: "密钥的当前状态不允许此操作，详见说明。"}
	codeAdminsTooFew      = exec.Code{Number: 115, Name: "member_admins_too_few", English: "Too few people would be left who hold admin keys. Register another admin first.", Chinese: "操作后持有管理密钥的人数不足，请先登记新的管理密钥。"}
	codeTooManyKeys       = exec.Code{Number: 116, Name: "member_keys_too_many", English: "The member has as many keys of this duty as it may have. Revoke some first.", Chinese: "该职责的密钥数量已达上限，请先撤销部分密钥。"}
	codeCompromiseTime    = exec.Code{Number: 117, Name: "key_compromise_time", English: "The time lies in the future, before the key was registered, or not before the time that was reported earlier.", Chinese: "所报时间在未来、早于密钥登记时间，或不早于先前报告的时间。"}
	codeStanding          = exec.Code{Number: 118, Name: "member_standing", English: "The member's status does not allow this; the detail says what it is.", Chinese: "成员的当前状态不允许此操作，详见说明。"}
	codeLastRegulator     = exec.Code{Number: 119, Name: "member_last_regulator", English: "No active regulator would be left.", Chinese: "操作后将没有任何有效的监管成员。"}
	codeNotABody          = exec.Code{Number: 120, Name: "member_not_a_body", English: "The member does not have a role to which this applies.", Chinese: "该成员的角色不适用此操作。"}
	codeUnknownGrant      = exec.Code{Number: 121, Name: "grant_unknown", English: "The body has no approval or accreditation with this number.", Chinese: "该机构没有此编号的批准或认可。"}
	codeGrantState        = exec.Code{Number: 122, Name: "grant_state", English: "The state of the approval or accreditation does not allow this; the detail says what it is.", Chinese: "批准或认可的当前状态不允许此操作，详见说明。"}
	codeNotGranter        = exec.Code{Number: 123, Name: "grant_of_another", English: "Only who gave the accreditation, or its caretaker, decides on it.", Chinese: "只有作出认可的机构或其代管机构可以处置该认可。"}
	codeMark              = exec.Code{Number: 124, Name: "accreditation_mark_not_given", English: "The acting accreditation body does not give this mark.", Chinese: "操作的认可机构不授予该认可标志。"}
	codeNotInGrant        = exec.Code{Number: 125, Name: "grant_scheme_absent", English: "The approval does not name the scheme, or no longer.", Chinese: "该批准不包含或已不再包含此认证项目。"}
	codeTooManyGrants     = exec.Code{Number: 126, Name: "grants_too_many", English: "So many approvals or accreditations name the scheme, or so many steps were taken on this one, that no more are kept.", Chinese: "涉及该项目的批准或认可，或对其的处置次数，已达上限。"}
	codeCaretaker         = exec.Code{Number: 127, Name: "member_caretaker_unfit", English: "The caretaker must be another member, active, not stopped, with one of the member's roles.", Chinese: "代管机构须为另一有效且未被停止的成员，并具有相同角色。"}
)

// Codes lists the refusals of the module, by number.
func Codes() []*exec.Code {
	return []*exec.Code{
		&codeMalformed, &codeUnknownMember, &codeMemberExists, &codeRegistrationTaken, &codeApprovalTaken,
		&codeApprovalFixed, &codeRole, &codeSignature, &codeTwoAdmins, &codeDuty,
		&codeKeyTaken, &codePossession, &codeUnknownKey, &codeForeignKey, &codeKeyState,
		&codeAdminsTooFew, &codeTooManyKeys, &codeCompromiseTime, &codeStanding, &codeLastRegulator,
		&codeNotABody, &codeUnknownGrant, &codeGrantState, &codeNotGranter, &codeMark,
		&codeNotInGrant, &codeTooManyGrants, &codeCaretaker,
	}
}

// malformed refuses for what a check found, nil for nil.
func malformed(err error) error {
	if err == nil {
		return nil
	}
	return codeMalformed.Refuse("%v", err)
}
