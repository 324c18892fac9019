package rules

// Reason codes of management systems, also used for services: the national table
// speaks of "management and service systems". Source: code tables of the
// certification reporting specification (CNCA), management_system_suspension_reason
// and management_system_withdrawal_reason.

var systemSuspension = []Reason{
	{Code: "0111", Text: Text{
		"The management or service system persistently or seriously fails to meet the certification requirements, including those on its effectiveness.",
		"管理及服务体系持续或严重不满足认证要求，包括对体系运行的有效性要求。"}},
	{Code: "0112", Text: Text{
		"The organisation does not assume or perform its responsibilities and obligations under the certification contract.",
		"组织不承担、履行认证合同约定的责任和义务。"}},
	{Code: "0113", Text: Text{
		"The certified organisation was penalised by a law-enforcement or supervisory authority while the certificate was valid.",
		"获证组织在证书有效期间受到相关执法监管部门处罚。"}},
	{Code: "0114", Text: Text{
		"A local certification supervision authority found problems in the operation of the system that call for a suspension.",
		"被地方认证监管部门发现体系运行存在问题，需要暂停证书。"}},
	{Code: "0115", Text: Text{
		"An administrative licence, qualification certificate or compulsory product certificate held has expired; a new application has been accepted but not yet granted.",
		"持有的行政许可证明、资质证书、强制性认证证书等过期失效，重新提交的申请已被受理但尚未换证。"}},
	{Code: "0116", Text: Text{
		"The organisation asked for the suspension.",
		"组织主动请求暂停。"}},
	{Code: "0117", Text: Text{
		"The organisation had a major accident concerning energy, quality, environment, occupational health and safety or the like, which shows grave defects in how its system was set up and run.",
		"组织发生了与能源、质量、环境、职业健康安全等有关的重大事故，反映出组织的体系建立及运行存在重大缺陷。"}},
	{Code: "0118", Text: Text{
		"The organisation's energy performance does not meet the limits on energy consumption per unit of product issued by the national or local government, or was assessed as not achieved.",
		"组织的能源绩效未达到国家和地方政府发布的单位产品能源消耗限额标准要求或考核为“未完成”等级。"}},
	{Code: "0119", Text: Text{
		"A vehicle manufacturer put the organisation on special supplier status, or its customer complained about it.",
		"整车厂将企业确定为供货特殊状态或者企业被其客户投诉。"}},
	{Code: "0199", Text: Text{
		"Other reasons that call for a suspension.",
		"其他原因需要暂停证书。"}},
}

var systemRevocation = []Reason{
	{Code: "0101", BarMonths: 12, Grounds: "fault: the holder's system did not meet the standard",
		Text: Text{
			"The audit was not passed.",
			"审核未通过。"}},
	{Code: "0111", BarMonths: 12, Grounds: "fault: the legal status was lost, and must first be regained",
		Text: Text{
			"The document of legal status was cancelled or revoked.",
			"被注销或撤销法律地位证明文件。"}},
	{Code: "0112", BarMonths: 12, Grounds: "fault: obstruction or false information",
		Text: Text{
			"Refuses to cooperate with an inspection by the certification supervision authority, or gave false material or information when asked about relevant matters.",
			"拒绝配合认证监管部门实施的监督检查，或者对有关事项的询问和调查提供了虚假材料或信息。"}},
	{Code: "0113", BarMonths: 12, Grounds: "fault: an authority found a violation by the holder",
		Text: Text{
			"A major product or service quality, environmental pollution or occupational health and safety accident that a law-enforcement or supervisory authority confirmed to be caused by a violation of the certified organisation.",
			"出现重大的产品或服务质量重大事故、环境污染事故、职业健康安全事故等，经执法监管部门确认是获证组织违规造成。"}},
	{Code: "0114", BarMonths: 12, Grounds: "fault: serious and penalised violation",
		Text: Text{
			"Other serious violations of laws or regulations while the certificate was valid, penalised by a law-enforcement or supervisory authority.",
			"获证组织在证书有效期间有其他严重违反法律法规行为，受到相关执法监管部门处罚。"}},
	{Code: "0115", BarMonths: 12, Grounds: "fault: the cause of the suspension was left unresolved",
		Text: Text{
			"The suspension has ended but its cause was not resolved or corrected, including licences, qualification certificates or compulsory product certificates that have expired and whose renewal was not approved.",
			"暂停认证证书的期限已满但导致暂停的问题未得到解决或纠正（包括持有的行政许可证明、资质证书、强制性认证证书等已经过期失效但申请未获批准）。"}},
	{Code: "0116", BarMonths: 12, Grounds: "fault: the holder kept a certificate for a system that it does not run",
		Text: Text{
			"Does not run the management system, or no longer has the conditions to run it.",
			"没有运行管理体系或者已不具备运行条件。"}},
	{Code: "0117", BarMonths: 12, Grounds: "fault: misuse of the certification",
		Text: Text{
			"Does not cite or publicise the certification as the rules demand, with serious effects or consequences, or has not corrected this for more than 6 months after the body asked it to.",
			"不按相关规定正确引用和宣传获得的认证信息，造成严重影响或后果，或者认证机构已要求其纠正但超过6个月仍未纠正。"}},
	{Code: "0118", BarMonths: 12, Grounds: "fault: grave defects of the system behind a major accident",
		Text: Text{
			"The organisation had a major accident concerning energy, quality, environment, occupational health and safety or the like, which shows grave defects in how its system was set up and run.",
			"组织发生了与能源、质量、环境、职业健康安全等有关的重大事故，反映出组织的体系建立及运行存在重大缺陷。"}},
	{Code: "0119", BarMonths: 12, Grounds: "fault: the holder's performance is below the mandatory limit",
		Text: Text{
			"The organisation's energy performance does not meet the limits on energy consumption per unit of product issued by the national or local government, or was assessed as not achieved.",
			"组织的能源绩效未达到国家和地方政府发布的单位产品能源消耗限额标准要求或考核为“未完成”等级。"}},
	{Code: "0120", BarMonths: 0, Grounds: "no fault: replaced by a new certificate", Reserved: true,
		Text: Text{
			"The old certificate is revoked because a new one replaces it.",
			"因换发新证而撤销旧证书。"}},
	{Code: "0121", BarMonths: 12, Grounds: "fault: breach of the certification contract",
		Text: Text{
			"The organisation does not assume or perform its responsibilities and obligations under the certification contract.",
			"组织不承担、履行认证合同约定的责任和义务。"}},
	{Code: "0122", BarMonths: 0, Grounds: "no fault: the holder gives the certification up",
		Text: Text{
			"The organisation voluntarily gives up the certification.",
			"组织主动放弃认证。"}},
	{Code: "0199", BarMonths: 12, Grounds: "taken as fault: only 0120 and 0122 are free of it, or this code would be the way round every bar; a wrong bar is lifted by reversal",
		Text: Text{
			"Other reasons that call for a revocation.",
			"其他原因需要撤销证书。"}},
}
