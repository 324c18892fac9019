package tx

import "github.com/hallmark-ledger/hallmark/x/exec"

// What is wrong with the transaction itself. No state is read for these.
var (
	codeTooLarge = exec.Code{
		Number: 1, Name: "tx_too_large",
		English: "The transaction has more bytes than the ledger accepts. Divide its messages among several.",
		Chinese: "交易字节数超过账本上限。请将消息拆分到多笔交易。",
	}
	codeMalformed = exec.Code{
		Number: 2, Name: "tx_malformed",
		English: "The bytes are not a transaction.",
		Chinese: "字节内容不是交易。",
	}
	codeNotCanonical = exec.Code{
		Number: 3, Name: "tx_not_canonical",
		English: "The transaction is not in its only valid encoding: it has unknown or repeated fields, fields out of order, numbers in more bytes than needed, or bytes after its end. Use an up-to-date client.",
		Chinese: "交易不是唯一合法的编码：存在未知或重复的字段、字段顺序错误、数值编码冗长或末尾有多余字节。请使用最新的客户端。",
	}
	codeWrongChain = exec.Code{
		Number: 4, Name: "tx_wrong_chain",
		English: "The transaction was made for another chain.",
		Chinese: "交易属于另一条链。",
	}
	codeMode = exec.Code{
		Number: 5, Name: "tx_mode_unknown",
		English: "The mode must be “all” or “each”.",
		Chinese: "执行模式必须是“全部”或“逐条”。",
	}
	codeNonceZero = exec.Code{
		Number: 6, Name: "tx_nonce_zero",
		English: "Nonces begin with 1.",
		Chinese: "防重放序号从 1 开始。",
	}
	codeNoMessages = exec.Code{
		Number: 7, Name: "tx_no_messages",
		English: "The transaction has no messages.",
		Chinese: "交易不含任何消息。",
	}
	codeTooManyMessages = exec.Code{
		Number: 8, Name: "tx_too_many_messages",
		English: "The transaction has more messages than the ledger accepts. Divide them among several.",
		Chinese: "交易的消息数超过账本上限。请拆分到多笔交易。",
	}
	codeNoSigners = exec.Code{
		Number: 9, Name: "tx_no_signers",
		English: "The transaction names no signers.",
		Chinese: "交易未列出签名者。",
	}
	codeTooManySigners = exec.Code{
		Number: 10, Name: "tx_too_many_signers",
		English: "The transaction names more signers than the ledger accepts.",
		Chinese: "交易的签名者数超过账本上限。",
	}
	codeKey = exec.Code{
		Number: 11, Name: "tx_key_malformed",
		English: "A signer's key is not a compressed SM2 public key: 33 bytes, the first 02 or 03, of a point of the curve.",
		Chinese: "签名者公钥不是压缩格式的 SM2 公钥：应为 33 字节、首字节 02 或 03，且为曲线上的点。",
	}
	codeDuplicateSigner = exec.Code{
		Number: 12, Name: "tx_signer_duplicate",
		English: "A key is named twice among the signers.",
		Chinese: "同一公钥在签名者中出现两次。",
	}
	codeTooManySignatures = exec.Code{
		Number: 13, Name: "tx_too_many_signatures",
		English: "The transaction has more signatures than the ledger accepts.",
		Chinese: "交易的签名数超过账本上限。",
	}
	codeSignatureCount = exec.Code{
		Number: 14, Name: "tx_signature_count",
		English: "There must be one signature for each signer, in their order.",
		Chinese: "签名与签名者必须一一对应、顺序一致。",
	}
	codeSignatureForm = exec.Code{
		Number: 15, Name: "tx_signature_malformed",
		English: "A signature is not an SM2 signature of 64 bytes, r then s, both in range. DER is not accepted.",
		Chinese: "签名不是 64 字节（r 后接 s，均在取值范围内）的 SM2 签名。不接受 DER 编码。",
	}
	codeMessageUnsigned = exec.Code{
		Number: 16, Name: "tx_message_unsigned",
		English: "A message relies on no signer.",
		Chinese: "某条消息未引用任何签名者。",
	}
	codeSignerIndex = exec.Code{
		Number: 17, Name: "tx_signer_index",
		English: "A message relies on a signer that the transaction does not have.",
		Chinese: "某条消息引用了不存在的签名者。",
	}
	codeSignerOrder = exec.Code{
		Number: 18, Name: "tx_signer_order",
		English: "A message must name its signers in ascending order, each once.",
		Chinese: "消息引用签名者必须按升序排列且不重复。",
	}
	codeActor = exec.Code{
		Number: 19, Name: "tx_actor_not_signer",
		English: "None of the signers a message relies on signs for the member it acts for.",
		Chinese: "消息引用的签名者中没有其行为成员的签名者。",
	}
	codeUnusedSigner = exec.Code{
		Number: 20, Name: "tx_signer_unused",
		English: "No message relies on one of the signers. Leave it out.",
		Chinese: "某个签名者未被任何消息引用。请将其删除。",
	}
)

// What the state says against it.
var (
	codeExpired = exec.Code{
		Number: 30, Name: "tx_expired",
		English: "The transaction has expired. Make and sign another.",
		Chinese: "交易已过期。请重新生成并签名。",
	}
	codeExpiryTooFar = exec.Code{
		Number: 31, Name: "tx_expiry_too_far",
		English: "The transaction would expire later than the ledger allows. Make one with an earlier expiry.",
		Chinese: "交易的有效期超过账本允许的最长时间。请缩短有效期。",
	}
	codeNonceUsed = exec.Code{
		Number: 32, Name: "tx_nonce_used",
		English: "The first signer's key has used this nonce. The same transaction may already be in a block: look up its id before making another.",
		Chinese: "首个签名者的公钥已使用过该序号。同一交易可能已上链，重新生成前请按交易标识查询。",
	}
	codeNonceOld = exec.Code{
		Number: 33, Name: "tx_nonce_too_old",
		English: "The nonce lies more than 1,024 below the highest that the first signer's key has used.",
		Chinese: "序号比首个签名者公钥已用的最大序号低 1024 以上。",
	}
	codeNonceAhead = exec.Code{
		Number: 34, Name: "tx_nonce_too_far",
		English: "The nonce lies more than 1,024 above the highest that the first signer's key has used.",
		Chinese: "序号比首个签名者公钥已用的最大序号高 1024 以上。",
	}
	codeUnknownKey = exec.Code{
		Number: 35, Name: "tx_key_unknown",
		English: "A signer's key is not registered.",
		Chinese: "签名者公钥未登记。",
	}
	codeWrongMember = exec.Code{
		Number: 36, Name: "tx_key_of_another_member",
		English: "A signer's key belongs to a member other than the one named with it.",
		Chinese: "签名者公钥属于另一成员。",
	}
	codeUnusableKey = exec.Code{
		Number: 37, Name: "tx_key_not_usable",
		English: "A signer's key cannot be used now: it is not yet active, was revoked or reported compromised, or its member may not act.",
		Chinese: "签名者公钥当前不可使用：尚未生效、已撤销、已报失密，或其成员不得行事。",
	}
	codeSignature = exec.Code{
		Number: 40, Name: "tx_signature_wrong",
		English: "A signature is not by the key it stands for over this transaction.",
		Chinese: "签名验证失败：并非该公钥对本交易的签名。",
	}
	codeQuota = exec.Code{
		Number: 50, Name: "tx_quota_exceeded",
		English: "The member has reached its number of records for this block, or of records that wait. Send the transaction later.",
		Chinese: "成员在本区块或待处理队列中的记录数已达配额。请稍后重发。",
	}
)

// What keeps a single message from being done.
var (
	codeNotDone = exec.Code{
		Number: 60, Name: "tx_not_done",
		English: "Nothing was done, since another message of the transaction was refused and its mode is “all”.",
		Chinese: "交易模式为“全部”，因另一条消息被拒绝，本条未执行。",
	}
	// CodeNoAction is for app: it alone sees the actions.
	CodeNoAction = exec.Code{
		Number: 61, Name: "tx_no_action",
		English: "The message says nothing to do.",
		Chinese: "消息不含任何操作。",
	}
)

// Codes returns the codes of this package, by number.
func Codes() []*exec.Code {
	return []*exec.Code{
		&codeTooLarge, &codeMalformed, &codeNotCanonical, &codeWrongChain, &codeMode, &codeNonceZero,
		&codeNoMessages, &codeTooManyMessages, &codeNoSigners, &codeTooManySigners, &codeKey,
		&codeDuplicateSigner, &codeTooManySignatures, &codeSignatureCount, &codeSignatureForm,
		&codeMessageUnsigned, &codeSignerIndex, &codeSignerOrder, &codeActor, &codeUnusedSigner,
		&codeExpired, &codeExpiryTooFar, &codeNonceUsed, &codeNonceOld, &codeNonceAhead,
		&codeUnknownKey, &codeWrongMember, &codeUnusableKey, &codeSignature, &codeQuota,
		&codeNotDone, &CodeNoAction,
	}
}
