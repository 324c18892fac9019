package cli

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// proveFlags are those of prove.
type proveFlags struct {
	verifyFlags
	out    string
	qr     string
	from   uint64
	page   string
	module int
}

func (s *session) proveCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "prove NUMBER|ISSUER/NUMBER",
		Short: s.language.of(say("Get a proof that anyone can check offline", "获取可离线核验的证明")),
		Long: s.language.of(say(`Get a bundle from a node that proves what held of a certificate at the newest sealed
height, as a file (--out) or as a QR code to print (--qr FILE.png or FILE.svg). The
node need not be trusted: if there is a trust card, the bundle is checked with it.

A QR code has the head of the certificate alone and is for cards of the present seal
set. A file has the handovers from the height of your card; for holders of older
cards say --from with the height of theirs.

  hallmark prove 00117Q12345R0M/3700 --out cert.hmb
  hallmark prove CNCA-R-2002-001/00117Q12345R0M/3700 --qr code.png --page https://example.org
  hallmark prove 00199Q00001R0M --claim absent --out forged.hmb

Exit codes: 0 written; 1 no body has issued the number; 2 no node answers, or what
it gave is not good by the card; 3 wrong usage, or input and output.`,
			`从节点获取证明包，证明证书在最新签章高度时的情况，写入文件（--out）或生成可打印的二维码
（--qr FILE.png 或 FILE.svg）。节点无须可信：如有信任卡，将立即据以核验。

二维码仅含证书摘要信息，供持有当前签章集合信任卡者使用。文件附有自您的信任卡高度起的集合交接；
如需供持有更早信任卡者使用，请用 --from 给出其高度。

  hallmark prove 00117Q12345R0M/3700 --out cert.hmb
  hallmark prove CNCA-R-2002-001/00117Q12345R0M/3700 --qr code.png --page https://example.org
  hallmark prove 00199Q00001R0M --claim absent --out forged.hmb

退出码：0 已写入；1 没有机构颁发过该编号；2 没有节点应答，或其应答不能由信任卡验证；
3 用法或输入输出有误。`)),
		Args: args(cobra.ExactArgs(1)),
	}
	f := new(proveFlags)
	t := s.language.of
	c.Flags().StringVar(&f.issuer, "issuer", "", t(say("approval number of the body; needed if several have issued the number", "发证机构批准号；多个机构颁发过该编号时须指定")))
	c.Flags().StringVar(&f.claim, "claim", "valid", t(say("what is to be proven: valid, on-date, history, absent or approved", "需证明的事项：valid、on-date、history、absent 或 approved")))
	c.Flags().StringVar(&f.date, "date", "", t(say("of on-date, as 2026-06-01", "on-date 的日期，如 2026-06-01")))
	c.Flags().StringVar(&f.out, "out", "", t(say("write the bundle to this file", "将证明包写入该文件")))
	c.Flags().StringVar(&f.qr, "qr", "", t(say("write a QR code to this file, .png or .svg", "将二维码写入该文件（.png 或 .svg）")))
	c.Flags().BoolVar(&f.head, "head", false, t(say("the head alone also in the file", "文件中也仅含证书摘要信息")))
	c.Flags().Uint64Var(&f.from, "from", 0, t(say("height of the card of whoever will verify; by default of your own", "核验方信任卡的高度；默认为您的信任卡")))
	c.Flags().StringVar(&f.page, "page", s.getenv(envPage), t(say("page that the QR code opens, as https://example.org; by default that of the node; also "+envPage, "二维码打开的网页，如 https://example.org；默认为所连节点；也可用环境变量 "+envPage)))
	c.Flags().IntVar(&f.module, "module", 0, t(say("pixels of a module of a PNG; 8 if 0", "PNG 每个模块的像素数；0 为 8")))
	c.Flags().StringVar(&f.card, "card", "", t(say("trust card to check with; by default the one that is pinned; also "+envCard, "用于核验的信任卡；默认为已固定的信任卡；也可用环境变量 "+envCard)))
	c.RunE = func(c *cobra.Command, given []string) error { return s.prove(c.Context(), given[0], f) }
	return c
}

const envPage = "HALLMARK_PAGE"

// proofJSON is what prove has written, as JSON.
type proofJSON struct {
	Issuer  string         `json:"issuer,omitempty"`
	Number  string         `json:"number"`
	Claim   string         `json:"claim"`
	Height  uint64         `json:"height"`
	File    *fileJSON      `json:"file,omitempty"`
	QR      *codeJSON      `json:"qr,omitempty"`
	Verdict *light.Verdict `json:"verdict,omitempty"` // by the card, if there is one
}

type fileJSON struct {
	Name  string `json:"name"`
	Bytes int    `json:"bytes"`
}

func (s *session) prove(ctx context.Context, given string, f *proveFlags) error {
	if f.out == "" && f.qr == "" {
		return usage(say("Say where to write the proof: --out FILE.hmb, --qr FILE.png or FILE.svg.", "请指定输出：--out FILE.hmb、--qr FILE.png 或 FILE.svg。"))
	}
	if err := codeFile(f.qr); err != nil {
		return err
	}
	f.number = given
	claim, err := f.toClaim()
	if err != nil {
		return err
	}
	if claim.Kind == light.Anchored {
		return usage(say("Evidence is proven with hallmark evidence prove.", "证据请用 hallmark evidence prove 证明。"))
	}
	if claim.Kind == light.Traced {
		return usage(say("The way of a product is proven with hallmark trace prove.", "产品追溯请用 hallmark trace prove 证明。"))
	}
	if f.head && claim.Kind != light.Valid {
		return usage(say("Only the claim valid can be proven by the head alone.", "仅声明 valid 可只用证书摘要信息证明。"))
	}
	if claim.Kind != light.Absent {
		ref, err := s.refOf(ctx, given, f.issuer)
		if err != nil {
			return err
		}
		claim.Issuer, claim.Number = ref.Issuer, ref.Number
	}
	card, err := s.cardIfAny(f.card)
	if err != nil {
		return err
	}
	out := &proofJSON{Issuer: claim.Issuer, Number: claim.Number, Claim: claim.Kind.String()}
	for _, one := range []struct {
		file  string
		prove func(context.Context, light.Claim, *proveFlags, *light.Card, *proofJSON) error
	}{{f.out, s.proveFile}, {f.qr, s.proveCode}} {
		if one.file == "" {
			continue
		}
		if err := one.prove(ctx, claim, f, card, out); err != nil && !errors.Is(err, errNotGood) {
			return err
		}
	}
	return s.proven(out, out.Verdict)
}

// proven prints what was written, and what it establishes by the card; v is nil if
// there is none.
func (s *session) proven(out any, v *light.Verdict) error {
	if s.json {
		if err := s.printJSON(out); err != nil {
			return err
		}
	} else if v == nil {
		s.notef("Not checked: there is no trust card (hallmark card pin).", "未核验：没有信任卡（hallmark card pin）。")
	} else {
		s.verdict(v)
	}
	if v != nil && v.Outcome == light.NotEstablished {
		if !v.Sealed {
			s.notef("What the card does not vouch for was not written. If the seal set has changed since your card was made: hallmark card update.", "信任卡不能验证的内容未写入。如签章集合在信任卡制作后有变更，请执行 hallmark card update。")
		}
		return &failure{exitUnknown, text{}, errTold}
	}
	return nil
}

// refOf returns the certificate that a person means by a number, or by an issuer
// and a number with a slash between; numbers have slashes too.
func (s *session) refOf(ctx context.Context, given, issuer string) (rules.Ref, error) {
	ref, err := s.certRef(ctx, given, issuer)
	if head, number, ok := strings.Cut(given, "/"); issuer == "" && ok && codeOf(err) == exitRefused {
		two := rules.Ref{Issuer: head, Number: number}
		if two.Check() == nil {
			return two, nil
		}
	}
	return ref, err
}

// cardIfAny returns the card to check with, nil if there is none.
func (s *session) cardIfAny(path string) (*light.Card, error) {
	if path == "" && s.getenv(envCard) == "" {
		return s.pinned()
	}
	return s.readCard(path)
}

// errNotGood: the card does not vouch for a bundle. The verdict says why.
var errNotGood = errors.New("the bundle is not good by the card")

// fetch gets a bundle and checks it with the card, if there is one. The error is
// errNotGood if it is worth nothing.
func (s *session) fetch(ctx context.Context, claim light.Claim, head bool, from uint64, card *light.Card, out *proofJSON) ([]byte, error) {
	node, err := s.connect()
	if err != nil {
		return nil, err
	}
	opts := []client.ReadOption{client.HeightTo(&out.Height)}
	if from > 0 {
		opts = append(opts, client.HandoversFrom(from))
	}
	var raw []byte
	switch {
	case claim.Kind == light.Absent:
		raw, err = node.AbsenceBundle(ctx, claim.Number, opts...)
	case claim.Kind == light.OnDate:
		raw, err = node.Bundle(ctx, claim.Issuer, claim.Number, append(opts, client.OnDateClaim(claim.Date.String()))...)
	case head:
		raw, err = node.Bundle(ctx, claim.Issuer, claim.Number, append(opts, client.HeadOnly())...)
	default:
		raw, err = node.Bundle(ctx, claim.Issuer, claim.Number, append(opts, client.Claim(claim.Kind.String()))...)
	}
	if err != nil {
		return nil, noWay(err)
	}
	if card != nil {
		v := light.Verify(raw, card, claim, light.Limits{HeadSuffices: head}, time.Now())
		if out.Verdict == nil || v.Outcome == light.NotEstablished {
			out.Verdict = v
		}
		if !v.Sealed {
			return nil, errNotGood
		}
	}
	return raw, nil
}

// noWay makes what it is of a node's answer that no handovers lead from a card to
// the present set.
func noWay(err error) error {
	var answer *client.Error
	if errors.As(err, &answer) && answer.Status == http.StatusGone {
		return &failure{exitUnknown, say("Not established: the node has no handovers from the seal set of the card to the present one. Ask another node, or get a newer card.",
			"无法证实：节点没有从信任卡的签章集合到当前集合的交接记录。请换用其他节点，或获取较新的信任卡。"), err}
	}
	return err
}

func (s *session) proveFile(ctx context.Context, claim light.Claim, f *proveFlags, card *light.Card, out *proofJSON) error {
	from := f.from
	if from == 0 && card != nil {
		from = card.Height
	}
	raw, err := s.fetch(ctx, claim, f.head, from, card, out)
	if err != nil {
		return err
	}
	if err := writeNew(f.out, raw, 0o644); err != nil {
		return err
	}
	out.File = &fileJSON{f.out, len(raw)}
	s.notef("%s: %d bytes, of height %d", "%s：%d 字节，高度 %d", f.out, len(raw), out.Height)
	return nil
}
