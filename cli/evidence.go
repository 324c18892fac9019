package cli

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/client/message"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/evidence"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	xevidence "github.com/hallmark-ledger/hallmark/x/evidence"
)

func (s *session) evidenceCommand() *cobra.Command {
	return s.group("evidence", say("Fix evidence on the ledger, prove and check it", "证据的上链固定、证明与核对"),
		s.evidenceAnchor(), s.evidenceWatch(), s.evidenceSubmit(), s.evidenceShow(),
		s.evidenceProve(), s.evidenceVerify(), s.evidenceCheck())
}

// evidenceFlags are those of commands that make anchors.
type evidenceFlags struct {
	manifest             string
	certificate, issuer  string
	engagement, product  string
	kind, method, retain string
	filingFlags
}

// filingFlags are those of commands that file anchors.
type filingFlags struct {
	signWith []string
	timeout  time.Duration
	sealed   bool
	only     bool // the manifest alone
}

// evidenceLifetime is that of transactions that file anchors.
const evidenceLifetime = 10 * time.Minute

func (s *session) evidenceFlags(c *cobra.Command, f *evidenceFlags) {
	t := s.language.of
	c.Flags().StringVar(&f.manifest, "manifest", "", t(say("the manifest, a file NAME.hmev; keep it with the evidence", "证据清单文件 NAME.hmev；请与证据一同保存")))
	c.Flags().StringVar(&f.certificate, "for", "", t(say("the certificate that the evidence is about: NUMBER or ISSUER/NUMBER", "证据所关于的证书：NUMBER 或 ISSUER/NUMBER")))
	c.Flags().StringVar(&f.issuer, "issuer", "", t(say("approval number of the body, of --for", "--for 所指证书的发证机构批准号")))
	c.Flags().StringVar(&f.engagement, "engagement", "", t(say("the engagement that it is about, before there is a certificate: ISSUER/SCHEME/REFERENCE", "证据所关于的委托（尚无证书时）：ISSUER/SCHEME/REFERENCE")))
	c.Flags().StringVar(&f.product, "product", "", t(say("URI of the product that it is about", "证据所关于的产品的 URI")))
	c.Flags().StringVar(&f.kind, "kind", "", t(sayf("what it is: %s", "证据种类：%s", strings.Join(xevidence.Kinds(), ", "))))
	c.Flags().StringVar(&f.method, "method", "", t(say("how it was captured, for people: a method, an instrument, a standard", "采集方式说明：方法、仪器或标准")))
	c.Flags().StringVar(&f.retain, "retention", xevidence.SixYears.String(), t(sayf("how long you keep the content: %s", "内容保存期限：%s", strings.Join(xevidence.Retentions(), ", "))))
	s.filingFlags(c, &f.filingFlags)
	c.Flags().BoolVar(&f.only, "manifest-only", false, t(say("write the manifest and file nothing; later: hallmark evidence submit", "只写清单，不提交；以后用 hallmark evidence submit 提交")))
}

func (s *session) filingFlags(c *cobra.Command, f *filingFlags) {
	t := s.language.of
	c.Flags().StringSliceVar(&f.signWith, "sign-with", nil, t(say("key to sign with, by name; its member is the one who fixes the evidence", "用于签名的密钥名称；其所属成员即固定证据者")))
	c.Flags().DurationVar(&f.timeout, "timeout", 2*time.Minute, t(say("how long to try to file what is left at the end", "结束时提交剩余锚定的最长时间")))
	c.Flags().BoolVar(&f.sealed, "sealed", false, t(say("wait until the block is sealed too, so that it can be proven offline", "同时等待所在区块完成签章，此后即可离线证明")))
}

// template returns what the flags say of all anchors, of a member.
func (s *session) template(ctx context.Context, f *evidenceFlags, member string) (a xevidence.Anchor, err error) {
	a.Member, a.Method = member, f.method
	var ok bool
	if a.Kind, ok = xevidence.ParseKind(f.kind); !ok {
		return a, usage(sayf("Say what the evidence is (--kind): %s.", "请指明证据种类（--kind）：%s。", strings.Join(xevidence.Kinds(), ", ")))
	}
	if a.Retention, ok = xevidence.ParseRetention(f.retain); !ok {
		return a, usage(sayf("There is no retention %q: %s.", "没有保存期限 %q：可选 %s。", f.retain, strings.Join(xevidence.Retentions(), ", ")))
	}
	a.Subject, err = s.evidenceSubject(ctx, f)
	return a, err
}

// isRef tells a certificate with its issuer from a number, which has slashes too:
// approval numbers are as CNCA-R-2002-001.
var isRef = regexp.MustCompile(`^[A-Z]{2,}-[A-Z0-9]+-[0-9]{4}-[0-9]+/.`)

func (s *session) evidenceSubject(ctx context.Context, f *evidenceFlags) (xevidence.Subject, error) {
	named := 0
	for _, v := range []string{f.certificate, f.engagement, f.product} {
		if v != "" {
			named++
		}
	}
	if named != 1 {
		return xevidence.Subject{}, usage(say("Say what the evidence is about, with one of --for, --engagement, --product.", "请以 --for、--engagement、--product 之一指明证据所关于的对象。"))
	}
	switch {
	case f.engagement != "":
		return xevidence.ParseSubject("engagement/" + f.engagement)
	case f.product != "":
		return xevidence.ParseSubject("product/" + f.product)
	case f.issuer == "" && isRef.MatchString(f.certificate):
		return xevidence.ParseSubject("certificate/" + f.certificate)
	}
	ref, err := s.refOf(ctx, f.certificate, f.issuer)
	if err != nil {
		return xevidence.Subject{}, err
	}
	return xevidence.ParseSubject("certificate/" + ref.Issuer + "/" + ref.Number)
}

// evidenceMaker returns what files anchors; it opens the key.
func (s *session) evidenceMaker(ctx context.Context, f *filingFlags) (*client.Maker, error) {
	return s.maker(ctx, &txFlags{signWith: f.signWith, mode: "each", expires: evidenceLifetime})
}

// rehearse asks a node, before the evidence is read, whether it would refuse such an
// anchor. That no node answers is no error.
func (s *session) rehearse(ctx context.Context, m *client.Maker, a xevidence.Anchor) error {
	a.Leaves, a.Root, a.From, a.To = 1, sm3.Sum(nil), time.Now().Add(-time.Minute), time.Now().Add(-time.Minute)
	msg, err := message.AnchorEvidence(&a)
	if err != nil {
		return err
	}
	d, err := m.Draft(ctx, []*txv1.Message{msg})
	if err == nil {
		check, e := m.Client.Check(ctx, d.Bytes())
		if err = e; err == nil {
			if check.Refusal == nil && len(check.Refused) > 0 {
				check.Refusal = &check.Refused[0]
			}
			return s.checked(check, txv1.Mode_MODE_ALL)
		}
	}
	if unknown(err) && ctx.Err() == nil {
		s.notef("No node answers: whether the ledger would refuse it is not known yet.", "没有节点应答：尚不知账本是否会拒绝。")
		return nil
	}
	return err
}

// evidenceFault gives the errors of package evidence a text of their own.
func evidenceFault(manifest string, err error) error {
	var refused *evidence.RefusedError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return &failure{exitRefused, sayf("The ledger refuses anchor %d: %s (%s %d)", "账本拒绝第 %d 个锚定：%s（%s %d）", refused.Anchor.Number, refused.Refusal.Text, refused.Refusal.Name, refused.Refusal.Code), errors.New(refused.Refusal.Detail)}
	case errors.Is(err, evidence.ErrAhead):
		return &failure{exitUnknown, sayf("Anchors of %s have times in the future: the clock was wrong when they were captured. All others are on the ledger; run hallmark evidence submit %[1]s once that time has come.", "%s 中有锚定的采集时间在未来：采集时的时钟有误。其余均已上链；请待该时间到来后执行 hallmark evidence submit %[1]s。", manifest), err}
	case errors.Is(err, evidence.ErrInUse):
		return usageOf(sayf("Another process works on %s. Wait for it to end.", "另一进程正在使用 %s，请等待其结束。", manifest), err)
	case errors.Is(err, evidence.ErrOther):
		return usageOf(sayf("%s is the manifest of something else. Name another (--manifest), or say what it was begun with.", "%s 是其他证据的清单。请另指定清单（--manifest），或使用开始时的参数。", manifest), err)
	case errors.Is(err, evidence.ErrManifest):
		return usageOf(sayf("%s is not a manifest of this version.", "%s 不是本版本的证据清单。", manifest), err)
	case errors.Is(err, evidence.ErrDamaged), errors.Is(err, evidence.ErrRoot):
		return usageOf(sayf("The manifest %s is damaged. Restore it from a backup; nothing was changed in it.", "证据清单 %s 已损坏。请从备份恢复；文件未被改动。", manifest), err)
	case errors.Is(err, evidence.ErrChanged):
		return usageOf(say("A file was changed while it was read. Wait until nobody writes to it, and run the same command again: it goes on where it was.", "文件在读取过程中被修改。请等到不再写入后重新执行同一命令，将从中断处继续。"), err)
	case errors.Is(err, evidence.ErrNotFile):
		return usageOf(say("Only regular files can be anchored; name the file that a link leads to.", "只能锚定普通文件；请指定链接所指向的文件。"), err)
	case errors.Is(err, evidence.ErrName):
		return usageOf(say("A file has a name that cannot be anchored. Rename it, or leave such files out (--skip-unfit).", "有文件名无法锚定。请改名，或跳过此类文件（--skip-unfit）。"), err)
	case errors.Is(err, evidence.ErrOutside):
		return usageOf(say("A file lies outside of the folder that names are relative to (--base).", "有文件位于名称所相对的文件夹（--base）之外。"), err)
	case errors.Is(err, evidence.ErrEmpty):
		return usage(say("There is nothing to be anchored.", "没有可锚定的内容。"))
	case errors.Is(err, evidence.ErrLine):
		return usageOf(say("A line is longer than 16 MiB: is this a file of lines? Anchor it as a file.", "有一行超过 16 MiB：输入是否按行组织？可将其作为文件锚定。"), err)
	case errors.Is(err, evidence.ErrNoLeaf):
		return &failure{exitRefused, sayf("%s has no such evidence, or it is not anchored yet.", "%s 中没有该证据，或其尚未锚定。", manifest), err}
	}
	return err
}
