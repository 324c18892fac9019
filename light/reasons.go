package light

// The reasons that a verdict gives. Codes never change their meaning;
// docs/verifier.md lists them.
var (
	reasonValid       = reason("valid", "The certificate is valid.", "证书有效。")
	reasonNotValid    = reason("not-valid", "The certificate is not valid.", "证书并非有效状态。")
	reasonFlag        = reason("blocking-flag", "The certificate is valid, but a blocking flag stands against it.", "证书状态为有效，但带有阻断性标记。")
	reasonUnknown     = reason("unknown-certificate", "This body has no such certificate on the ledger.", "账本上该机构没有此证书。")
	reasonNotYet      = reason("before-first-record", "Nothing had been decided of it by that date.", "截至该日期尚无任何决定。")
	reasonHistory     = reason("complete-history", "These are all records of the certificate.", "以下是该证书的全部记录。")
	reasonAbsent      = reason("number-unknown", "Nobody has ever issued a certificate with this number.", "从未有任何机构签发过该编号的证书。")
	reasonIssued      = reason("number-issued", "Certificates with this number have been issued.", "已有机构签发过该编号的证书。")
	reasonApproved    = reason("issuer-approved", "The issuer was approved for the scheme on the day on which the issue was decided.", "发证决定当日，发证机构已获得该领域的批准。")
	reasonNotApproved = reason("issuer-not-approved", "No approval of the issuer covered the scheme on the day on which the issue was decided.", "发证决定当日，发证机构没有覆盖该领域的批准。")

	reasonTraced        = reason("traced", "The chain of the product is complete, no recall stands, and every certificate was valid at each event.", "该产品的追溯链完整，无现行召回，且各事件发生时相关证书均有效。")
	reasonNoProduct     = reason("unknown-product", "No such product is registered on the ledger.", "账本上未登记该产品。")
	reasonRecalled      = reason("recalled", "A recall stands against the product, or against what is in it.", "该产品或其组成部分存在现行召回。")
	reasonNotValidThen  = reason("not-valid-at-event", "A certificate was not valid at an event.", "事件发生时，有证书并非有效状态。")
	reasonTraceTooLarge = reason("trace-too-large", "The way of the product is too large to be established as a whole: verify its parts one by one.", "该产品的追溯路径过大，无法整体证实：请分产品逐一核验。")

	reasonAnchored = reason("anchored", "The evidence was anchored on the ledger: it existed by the time at which that was recorded.", "证据已锚定在账：在记录时间之前即已存在。")
	reasonContent  = reason("content-anchored", "The content is part of evidence that was anchored on the ledger: it existed, as it is, by the time at which that was recorded.", "该内容属于已锚定在账的证据：在记录时间之前即已存在，且未被改动。")
	reasonNoAnchor = reason("unknown-anchor", "No evidence is anchored under this id.", "账本上没有此标识的证据锚定。")

	reasonBadClaim   = reason("bad-claim", "The claim is incomplete, or of no certificate that can be.", "声明不完整，或所指证书编号不可能存在。")
	reasonNoCard     = reason("no-card", "There is no trust card to verify with.", "没有可用于验证的信任卡。")
	reasonCardEnded  = reason("card-ended", "The trust card has ended: get a new one.", "信任卡已过期：请获取新的信任卡。")
	reasonClock      = reason("clock-behind", "Your clock is behind the trust card: check it.", "本机时钟早于信任卡的制作时间：请检查时钟。")
	reasonFuture     = reason("future", "The seal is of the future: check your clock.", "签章时间在未来：请检查本机时钟。")
	reasonStale      = reason("stale", "The seal is older than you allow.", "签章时间超出允许的时限。")
	reasonTooEarly   = reason("seal-before-date-ended", "The seal was made before that date ended.", "签章早于该日期结束。")
	reasonBadBundle  = reason("bad-bundle", "This is no bundle that this program can read.", "无法识别的证明包。")
	reasonBadSeal    = reason("bad-seal", "The seal does not verify with your card.", "签章无法用您的信任卡验证。")
	reasonBadProof   = reason("bad-proof", "An entry is not part of the sealed state.", "条目不属于已签章的状态。")
	reasonUnproven   = reason("unproven", "The bundle does not prove what the claim needs.", "证明包缺少该声明所需的证明。")
	reasonUnreadable = reason("unreadable-record", "A proven record cannot be read by this program; it may be of a newer version.", "已证实的记录无法被本程序读取，可能来自更新的版本。")

	unprovenBody       = reason("body-unproven", "Whether the issuing body has been stopped.", "发证机构是否被叫停。")
	unprovenComponents = reason("components-unproven", "Whether certificates that this one rests on are valid.", "其所依据的证书是否有效。")
	unprovenKeys       = reason("keys-unproven", "Whether a key behind it had been compromised.", "其签名密钥是否已泄露。")
	unprovenDetails    = reason("details-unproven", "Names, addresses and scope of the certificate.", "证书的名称、地址与范围。")
	unprovenThen       = reason("flags-then-unproven", "Whether, on the days of events before that of the state, a body had been stopped, a key compromised, or a component was not valid.", "在早于签章状态日期的各事件当日，发证机构是否被叫停、签名密钥是否已泄露、所依据的部件证书是否有效。")

	noteLater          = reason("recorded-later", "The decision was recorded after that date: on that day the ledger did not show it.", "该决定在该日期之后才上链记录：当日账本上尚不可见。")
	noteNotValidNow    = reason("not-valid-now", "A certificate that the product, or what is in it, relies on is not valid now.", "该产品或其组成部分所依据的证书当前并非有效状态。")
	noteNoCertificates = reason("no-certificates", "No product on the way names a certificate.", "追溯路径上的产品均未关联证书。")
	noteReportedLate   = reason("reported-late", "By the end of the day on which an event was recorded, a certificate that was valid on the day of the event was not valid any more: the time of the event is the reporter's word.", "某事件上链记录当日结束时，事件当日有效的证书已不再有效；事件时间仅由填报方陈述。")
	noteNoneAtEvent    = reason("no-certificates-at-event", "The product has had certificates, but none of its own at an event.", "该产品曾关联证书，但某事件发生时其自身并无证书。")
	noteHolderChanged  = reason("holder-changed", "A certificate of the product had another holder at an event than it has now.", "该产品某证书在事件当日的持有人与当前持有人不同。")
	noteUnknownOrigin  = reason("unknown-origin", "Some of what is in the product is not registered: its origin is unknown.", "部分组成未在账本登记，来源不明。")
	noteUnconfirmed    = reason("unconfirmed-link", "Some links are stated by one side only: the other product's chain does not have the event.", "部分关联仅由一方陈述，对方产品的追溯链中没有该事件。")
	noteUnsigned       = reason("card-unsigned", "No regulator's key has signed the trust card.", "信任卡没有任何监管机构的签名。")
)

// reasons are all of them.
var reasons = []Reason{
	reasonValid, reasonNotValid, reasonFlag, reasonUnknown, reasonNotYet, reasonHistory, reasonAbsent,
	reasonIssued, reasonApproved, reasonNotApproved, reasonBadClaim, reasonNoCard, reasonCardEnded, reasonClock,
	reasonFuture, reasonStale, reasonTooEarly, reasonBadBundle, reasonBadSeal, reasonBadProof, reasonUnproven,
	reasonUnreadable, unprovenBody, unprovenComponents, unprovenKeys, unprovenDetails, noteLater, noteUnsigned,
}

// anchoredReasons are those of the claim Anchored alone.
var anchoredReasons = []Reason{reasonAnchored, reasonContent, reasonNoAnchor}

// tracedReasons are those of the claim Traced alone.
var tracedReasons = []Reason{
	reasonTraced, reasonNoProduct, reasonRecalled, reasonNotValidThen, reasonTraceTooLarge,
	unprovenThen, noteNotValidNow, noteNoCertificates,
	noteReportedLate, noteNoneAtEvent, noteHolderChanged, noteUnknownOrigin, noteUnconfirmed,
}

func reason(code, english, chinese string) Reason { return Reason{code, english, chinese, ""} }

func (r Reason) with(detail string) Reason {
	r.Detail = detail
	return r
}
