package light

// The reasons that a verdict gives. Codes never change their meaning;
// docs/verifier.md lists them.
var (
	reasonValid        = Reason{"valid", "The certificate is valid.", "证书有效。", ""}
	reasonNotValid     = Reason{"not-valid", "The certificate is not valid.", "证书并非有效状态。", ""}
	reasonFlag         = Reason{"blocking-flag", "The certificate is valid, but a blocking flag stands against it.", "证书状态为有效，但带有阻断性标记。", ""}
	reasonUnknown      = Reason{"unknown-certificate", "This body has no such certificate on the ledger.", "账本上该机构没有此证书。", ""}
	reasonNotYet       = Reason{"before-first-record", "Nothing had been decided of it by that date.", "截至该日期尚无任何记录。", ""}
	reasonHistory      = Reason{"complete-history", "These are all records of the certificate.", "以下是该证书的全部记录。", ""}
	reasonAbsent       = Reason{"number-unknown", "Nobody has ever issued a certificate with this number.", "从未有任何机构签发过该编号的证书。", ""}
	reasonIssued       = Reason{"number-issued", "Certificates with this number have been issued.", "已有机构签发过该编号的证书。", ""}
	reasonApproved     = Reason{"issuer-approved", "The issuer was approved for the scheme when it decided to issue.", "发证机构作出发证决定时已获得该领域的批准。", ""}
	reasonNotApproved  = Reason{"issuer-not-approved", "No approval of the issuer covered the scheme on that day.", "当日发证机构没有覆盖该领域的批准。", ""}
	reasonCardEnded    = Reason{"card-ended", "The trust card has ended: get a new one.", "信任卡已过期：请获取新的信任卡。", ""}
	reasonStale        = Reason{"stale", "The seal is older than you allow.", "签封时间超出允许的时限。", ""}
	reasonFuture       = Reason{"future", "The seal is of the future: check your clock.", "签封时间在未来：请检查本机时钟。", ""}
	reasonTooEarly     = Reason{"seal-before-date-ended", "The seal was made before that date ended.", "签封早于该日期结束。", ""}
	reasonBadBundle    = Reason{"bad-bundle", "This is no bundle that this program can read.", "无法识别的证明包。", ""}
	reasonBadSeal      = Reason{"bad-seal", "The seal does not verify with your card.", "签封无法用您的信任卡验证。", ""}
	reasonBadProof     = Reason{"bad-proof", "The record is not part of the sealed state.", "记录不属于已签封的状态。", ""}
	reasonUnproven     = Reason{"unproven", "The bundle does not prove what the claim needs.", "证明包缺少该声明所需的证明。", ""}
	reasonBadClaim     = Reason{"bad-claim", "The claim is incomplete.", "声明不完整。", ""}
	reasonCorrupt      = Reason{"unreadable-record", "A proven record cannot be read by this program; it may be of a newer version.", "已证实的记录无法被本程序读取，可能来自更新的版本。", ""}
	unprovenBody       = Reason{"body-unproven", "Whether the issuing body has been stopped.", "发证机构是否被叫停。", ""}
	unprovenComponents = Reason{"components-unproven", "Whether certificates that this one rests on are valid.", "其所依据的证书是否有效。", ""}
	unprovenKeys       = Reason{"keys-unproven", "Whether a key behind it had been compromised.", "其签名密钥是否已泄露。", ""}
	unprovenDetails    = Reason{"details-unproven", "Names, addresses and scope of the certificate.", "证书的名称、地址与范围。", ""}
)

func (r Reason) with(detail string) Reason {
	r.Detail = detail
	return r
}
