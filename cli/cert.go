package cli

import (
	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/client/record"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// certCommand has the commands about certificates.
func certCommand(s *session) *cobra.Command {
	act := func(use string, short text, actions ...rules.Action) *cobra.Command {
		return s.certAct(use, short, actions)
	}
	return s.group("cert", say("Certificates", "证书"),
		act("issue", say("Issue a certificate", "颁发证书"), rules.Issue),
		act("import", say("Import a certificate of the past, in a window that governance has opened", "在治理开放的窗口内导入历史证书"), rules.Import),
		act("amend", say("Amend the text of a certificate", "变更证书内容"), record.Amendments...),
		act("suspend", say("Suspend a certificate", "暂停证书"), rules.Suspend),
		act("reinstate", say("Reinstate a suspended certificate", "恢复已暂停的证书"), rules.Reinstate),
		act("revoke", say("Revoke a certificate", "撤销证书"), rules.Revoke),
		act("cancel", say("Cancel a certificate of a product", "注销产品证书"), rules.Cancel),
		act("renew", say("Replace a certificate by a new one of the same body", "换发本机构的新证书"), rules.Renew),
		act("transfer", say("Take over a certificate of another body", "接收其他机构的证书（机构转换）"), rules.Transfer),
		act("correct", say("Correct an erratum", "勘误"), rules.Correct),
		act("annul", say("Annul a record that was filed in error, with a regulator", "会同监管部门作废误报记录"), rules.Annul),
		act("order", say("Order a body to deal with a certificate, as a regulator", "监管部门责令处理证书"), rules.Order),
		act("close-order", say("Close an order, as a regulator", "监管部门了结责令"), rules.CloseOrder),
		act("flag", say("Warn of a certificate, as a regulator", "监管部门对证书作出警示"), rules.Flag),
		act("unflag", say("Take a warning back, as a regulator", "监管部门解除警示"), rules.Unflag),
		s.certBulk(), s.certCosign(), s.certSubmit(), s.certReport(),
		s.certShow(), s.certHistory(), s.certOn(), s.certVersions(),
	)
}
