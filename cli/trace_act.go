package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/client/message"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/trace"
)

func (s *session) traceLink() *cobra.Command {
	c := &cobra.Command{
		Use:   "link PRODUCT",
		Short: s.language.of(say("Say on which certificates a product relies, or no longer does", "关联或解除关联产品所依据的证书")),
		Long: s.language.of(say(`Say that a product relies on more certificates (--add), or on some no longer
(--remove), each as ISSUER/NUMBER. The owner of the product does that; it must be the
holder of those that are added.

  hallmark trace link https://id.gs1.org/01/09506000134352/10/A1 \
      --add CNCA-R-2002-001/2026010101000001 --sign-with operator`,
			`为产品关联更多证书（--add）或解除关联（--remove），均写作 ISSUER/NUMBER。由产品所有方执行；
所关联证书的持有人须为该所有方。

  hallmark trace link https://id.gs1.org/01/09506000134352/10/A1 \
      --add CNCA-R-2002-001/2026010101000001 --sign-with operator`)),
		Args: args(cobra.ExactArgs(1)),
	}
	var add, remove []string
	t := s.language.of
	c.Flags().StringSliceVar(&add, "add", nil, t(say("certificate that it relies on, ISSUER/NUMBER; several with commas", "所依据的证书 ISSUER/NUMBER；多个以逗号分隔")))
	c.Flags().StringSliceVar(&remove, "remove", nil, t(say("certificate that it relies on no longer", "不再依据的证书")))
	f := s.txFlags(c)
	c.RunE = func(c *cobra.Command, given []string) error {
		uri, err := s.productURI(given[0])
		if err != nil {
			return err
		}
		more, err := trace.ParseRefs(add)
		if err != nil {
			return usageOf(say("A certificate is named as ISSUER/NUMBER.", "证书应写作 ISSUER/NUMBER。"), err)
		}
		less, err := trace.ParseRefs(remove)
		if err != nil {
			return usageOf(say("A certificate is named as ISSUER/NUMBER.", "证书应写作 ISSUER/NUMBER。"), err)
		}
		if len(more)+len(less) == 0 {
			return usage(say("Name certificates (--add, --remove).", "请指定证书（--add、--remove）。"))
		}
		return s.transact(c.Context(), f, []*txv1.Message{message.LinkCertificates("", uri, more, less)})
	}
	return c
}

func (s *session) traceReporters() *cobra.Command {
	c := &cobra.Command{
		Use:   "reporters PRODUCT [MEMBER...]",
		Short: s.language.of(say("Name the members that may report beside the owner", "指定除所有方外可填报的成员")),
		Long: s.language.of(say(`Replace the members that may report events of a product beside its owner. Without any
(and with --none) the owner alone reports again.

  hallmark trace reporters https://id.gs1.org/01/09506000134352/10/A1 carrier shop --sign-with operator`,
			`替换除所有方外可填报该产品事件的成员。不指定成员并加 --none，则仅所有方可填报。

  hallmark trace reporters https://id.gs1.org/01/09506000134352/10/A1 carrier shop --sign-with operator`)),
		Args: args(cobra.MinimumNArgs(1)),
	}
	none := c.Flags().Bool("none", false, s.language.of(say("nobody but the owner", "仅所有方")))
	f := s.txFlags(c)
	c.RunE = func(c *cobra.Command, given []string) error {
		uri, err := s.productURI(given[0])
		if err != nil {
			return err
		}
		list := slices.Compact(slices.Sorted(slices.Values(given[1:])))
		if *none != (len(list) == 0) {
			return usage(say("Name members, or say --none.", "请指定成员，或使用 --none。"))
		}
		return s.transact(c.Context(), f, []*txv1.Message{message.SetReporters("", uri, list)})
	}
	return c
}

func (s *session) traceRecall() *cobra.Command {
	c := &cobra.Command{
		Use:   "recall PRODUCT",
		Short: s.language.of(say("Warn of a product, and of all that its URI is the class or lot of", "召回产品，以及以其为类别或批次的全部产品")),
		Long: s.language.of(say(`Warn of a product: as its owner, with an operator's key, or as a regulator, with an
approver's. It stands until it is lifted (hallmark trace lift), against the product and
everything that its URI is the class of: all of that if a regulator made it, the
products of the same owner if the owner did.

  hallmark trace recall https://id.gs1.org/01/09506000134352/10/A1 \
      --note-zh '保护板可能过热，请停止使用' --note-en 'may overheat; stop using it' --sign-with operator`,
			`发布产品召回：所有方使用业务操作密钥，监管部门使用审批密钥。召回在解除（hallmark trace lift）
之前一直有效，并适用于以该 URI 为类别的产品：监管部门作出的适用于全部产品，所有方作出的适用于
其自有产品。

  hallmark trace recall https://id.gs1.org/01/09506000134352/10/A1 \
      --note-zh '保护板可能过热，请停止使用' --note-en 'may overheat; stop using it' --sign-with operator`)),
		Args: args(cobra.ExactArgs(1)),
	}
	t := s.language.of
	zh := c.Flags().String("note-zh", "", t(say("what is wrong and what to do, in Chinese", "问题与处置说明（中文）")))
	en := c.Flags().String("note-en", "", t(say("the same in English", "同上（英文）")))
	f := s.txFlags(c)
	c.RunE = func(c *cobra.Command, given []string) error {
		uri, err := s.productURI(given[0])
		if err != nil {
			return err
		}
		if *zh == "" && *en == "" {
			return usage(say("Say what is wrong (--note-zh, --note-en).", "请说明召回原因（--note-zh、--note-en）。"))
		}
		return s.transact(c.Context(), f, []*txv1.Message{message.Recall("", uri, *zh, *en)})
	}
	return c
}

func (s *session) traceLift() *cobra.Command {
	c := &cobra.Command{
		Use:   "lift PRODUCT",
		Short: s.language.of(say("End a recall", "解除召回")),
		Long: s.language.of(say(`End the recall that an entry of the product's chain made (--recall; hallmark trace show
has the number): by who made it, or by an approver of a regulator.`,
			`解除由产品链上某一条目（--recall，序号见 hallmark trace show）作出的召回：由作出方或监管部门审批
人员执行。`)),
		Args: args(cobra.ExactArgs(1)),
	}
	t := s.language.of
	recall := c.Flags().Uint64("recall", 0, t(say("number of the entry that made it", "作出召回的条目序号")))
	note := c.Flags().String("note", "", t(say("for people", "说明")))
	f := s.txFlags(c)
	c.RunE = func(c *cobra.Command, given []string) error {
		uri, err := s.productURI(given[0])
		if err != nil {
			return err
		}
		if *recall == 0 {
			return usage(say("Say which recall (--recall).", "请指明召回条目（--recall）。"))
		}
		return s.transact(c.Context(), f, []*txv1.Message{message.LiftRecall("", uri, *recall, *note)})
	}
	return c
}
