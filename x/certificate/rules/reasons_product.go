package rules

// Reason codes of CCC, also used for voluntary products, where "CCC implementation
// rules" stands for the certification rules of the product. "The client and
// related parties" includes producer, seller, importer and factory. The ordinals
// within the national texts are left out. Source: code tables of the certification
// reporting specification (CNCA), product_ccc_suspension_reason,
// product_ccc_withdrawal_reason and product_ccc_cancellation_reason.

var productSuspension = []Reason{
	{Code: "0201", Text: Text{
		"The client or a related party violates national laws or regulations, or a national or provincial spot check shows non-conforming products, without need to revoke the certificate at once.",
		"认证委托人/相关方（包括生产者、销售者、进口商、生产厂，下同）违反国家法律法规、国家级或省级监督抽查结果证明产品存在不合格，但不需要立即撤销认证证书的"}},
	{Code: "0202", Text: Text{
		"The standards or implementation rules that apply to the product were revised or changed, and the client did not go through the change in time or the product does not meet it.",
		"认证产品适用的认证依据或者认证实施规则换版或变更，认证委托人在规定期限内未按要求履行变更程序，或产品未符合变更要求的"}},
	{Code: "0203", Text: Text{
		"Surveillance shows that the client violates the CCC implementation rules (failed sample tests or factory inspection, lack of product consistency and the like) or requirements of the body, but can meet the requirements by corrective action.",
		"监督检查结果证明认证委托人违反CCC认证实施规则的规定（包括产品抽样检测不合格、工厂监督检查不合格、产品一致性存在问题等）或认证机构相关要求，但通过整改可以达到认证要求的"}},
	{Code: "0204", Text: Text{
		"The client or a related party did not use the certificate or the mark as prescribed, and the case calls for an investigation.",
		"认证委托人/相关方未按规定使用认证证书和认证标志，视情节需要开展调查的"}},
	{Code: "0205", Text: Text{
		"The client or a related party, without good reason, does not accept, or cannot accept in the time set, an unannounced inspection or sample test by an authority or the body.",
		"认证委托人/相关方无正当理由不接受或不能在规定的期限内接受国家有关部门或认证机构未事先通知的监督检查或监督抽样检测的"}},
	{Code: "0206", Text: Text{
		"The client or a related party does not cooperate with an authority or the body in testing samples taken from the market or places of sale under the CCC implementation rules.",
		"认证委托人/相关方不配合国家有关部门或认证机构依据CCC认证实施规则在市场或销售场所抽取样品进行检测的"}},
	{Code: "0207", Text: Text{
		"Information on the certificate (name or address of applicant, producer or factory, model or specification and the like) changed, or the factory's organisation or quality assurance changed greatly by the evidence, and the client did not apply to the body for approval or filing of the change.",
		"认证证书的信息（如申请人/生产者/生产厂的名称或地址，获证产品型号或规格等）发生变更或有证据表明生产厂的组织结构、质量保证体系发生重大变化，认证委托人未向认证机构申请变更批准或备案的"}},
	{Code: "0208", Text: Text{
		"The client asks for a suspension because production is seasonal, to order or the like.",
		"由于生产的季节性、按订单生产等原因，认证委托人申请暂停认证证书的"}},
	{Code: "0299", Text: Text{
		"Other circumstances in which the certificate should be suspended.",
		"其他应当暂停认证证书的情形"}},
}

var productRevocation = []Reason{
	{Code: "0201", BarMonths: 12, Grounds: "fault: the cause of the suspension was left unresolved",
		Text: Text{
			"At the end of the suspension the client has not applied for reinstatement, has not taken corrective action, or still does not conform after it.",
			"在认证证书暂停期限届满，认证委托人未提出认证证书恢复申请、未采取整改措施或者整改后仍不合格的"}},
	{Code: "0202", BarMonths: 12, Grounds: "fault: unapproved change with a serious safety risk",
		Text: Text{
			"Changes of key components, specifications or models, of design, structure, process or important materials that concern the safety or electromagnetic compatibility of the whole, or of the producer of raw materials, lead to serious safety risks of the product.",
			"获证产品的关键元器件、规格和型号，以及涉及整机安全或者电磁兼容的设计、结构、工艺及重要材料/原材料生产企业等发生变更，导致产品存在严重安全隐患的"}},
	{Code: "0203", BarMonths: 12, Grounds: "fault: serious defects of the factory's quality assurance",
		Text: Text{
			"The body's follow-up inspection shows serious defects of the factory's ability to assure quality.",
			"认证机构的跟踪检查结果证明工厂质量保证能力存在严重缺陷的"}},
	{Code: "0204", BarMonths: 12, Grounds: "fault: deceit about the samples",
		Text: Text{
			"The client supplied false samples; the certified product is not that of the type test.",
			"认证委托人提供虚假样品，获证产品与型式实验样品不一致的"}},
	{Code: "0205", BarMonths: 12, Grounds: "fault: violation of law or serious defects",
		Text: Text{
			"The client or a related party violates national laws or regulations, or a national or provincial spot check shows serious defects, failed safety tests or serious lack of consistency.",
			"认证委托人/相关方违反国家法律法规、国家级或省级监督抽查结果证明产品出现严重缺陷、产品安全检测项目不合格或一致性存在严重问题的"}},
	{Code: "0206", BarMonths: 12, Grounds: "fault: a defect caused an accident",
		Text: Text{
			"A defect of the certified product caused a quality or safety accident.",
			"获证产品出现缺陷而导致质量安全事故的"}},
	{Code: "0207", BarMonths: 12, Grounds: "fault: persistent refusal of surveillance",
		Text: Text{
			"After a suspension under suspension reasons 0205 or 0206, still refuses inspection or sample testing, or still does not cooperate with samples being taken from the market or places of sale.",
			"对由于5.1（5）、（6）条款被暂停认证证书后，仍拒绝接受监督检查或监督抽样检测，或仍不配合在市场或销售场所抽取样品进行检测的"}},
	{Code: "0208", BarMonths: 12, Grounds: "fault: serious misuse of certificate or mark",
		Text: Text{
			"The client or a related party did not use the certificate or the mark as prescribed, or let, lent or transferred them, in a serious case.",
			"认证委托人/相关方未按规定使用认证证书、认证标志，出租、出借或者转让认证证书、认证标志，情节严重的"}},
	{Code: "0209", BarMonths: 12, Grounds: "fault: certificate obtained by fraud; the law may bar for longer, which a regulator's flag shows",
		Text: Text{
			"Fraud: the certificate was obtained by deceit, bribery or other improper means, or there are other serious violations that directly affect the validity of the certification.",
			"弄虚作假，采用欺骗、贿赂等不正当手段获取认证证书，或存在其他直接影响认证结果有效性的严重违法违规行为的"}},
	{Code: "0299", BarMonths: 12, Grounds: "taken as fault: who gives up or stops production has cancellation, and this code must not be the way round a bar; a wrong bar is lifted by reversal",
		Text: Text{
			"Other circumstances in which the certificate should be revoked.",
			"其他应撤销认证证书的情形"}},
}

// Cancellation never bars: it is the end of the need for a certificate, not a
// sanction.
var productCancellation = []Reason{
	{Code: "0201", Grounds: "no fault: the certificate ran out", Reserved: true,
		Text: Text{
			"The certificate reached the end of its validity and the client did not apply to extend it.",
			"认证证书有效期届满，认证委托人未申请延期使用的"}},
	{Code: "0202", Grounds: "no fault: production ended and the holder gives the certificate up",
		Text: Text{
			"The certified product is no longer made because the client or factory is bankrupt, closed, dissolved, has changed its production or the like, and the client voluntarily gives the certificate up.",
			"认证委托人/生产厂由于企业破产、倒闭、解散、生产结构调整等原因致使获证产品不再生产，认证委托人主动放弃保持认证证书的"}},
	{Code: "0203", Grounds: "no fault: the state has phased the product out",
		Text: Text{
			"The certified model is in a catalogue of products that the state has phased out or whose production it forbids.",
			"获证产品型号已列入国家明令淘汰或者禁止生产的产品目录的"}},
	{Code: "0204", Grounds: "no fault: at the holder's request; also how a renewed or transferred certificate closes, which the holder applies for",
		Text: Text{
			"The client applied for the cancellation.",
			"认证委托人申请注销的"}},
	{Code: "0299", Grounds: "no fault: cancellation is no sanction",
		Text: Text{
			"Other circumstances in which the certificate should be cancelled.",
			"其他应当注销认证证书的情形"}},
}
