package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/trace/gs1"
)

// verifyFlags are those of verify.
type verifyFlags struct {
	card   string
	claim  string
	issuer string
	number string
	date   string
	maxAge time.Duration
	// product is that of the claim traced.
	product string
	head    bool // what a head alone proves is enough
	contentFlags
	connectedFlags
}

func (s *session) verifyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "verify FILE|IMAGE|TEXT|ADDRESS|-|NUMBER",
		Short: s.language.of(say("Check a proof offline, with a trust card", "持信任卡离线核验证明")),
		Long: s.language.of(say(`Check a bundle (hallmark prove) with a trust card and nothing else: no network is
used and no server trusted. It is given as a file, as an image of a QR code (PNG or
JPEG), as the text or address that the code holds, or on the standard input (-).

Unless --number says for which certificate, it is the one that the bundle is about:
then compare the number printed with the paper before you. A QR code proves less
than a file; what it leaves open is listed.

Exit codes: 0 the claim holds; 1 it is proven not to hold; 2 not established: the
proof is bad or too old, or the card has ended; 3 wrong usage, or input and output.

  hallmark verify code.png
  hallmark verify cert.hmb --claim on-date --date 2026-06-01
  hallmark verify forged.hmb --claim absent --number 00199Q00001R0M
  hallmark verify powerbank.hmb --claim traced --product https://id.gs1.org/01/09506000134352/10/A1

With --connected the headers of the chain are followed instead of a seal, over a
network: from a primary, compared with witnesses, none of which need be trusted alone.
It starts from a height and hash (--trust-height, --trust-hash) or from what a trust
card's validators have sealed, and keeps what it verified. The proof is a bundle as
above, or is fetched from a node (--node) for a number. See docs/verifier.md.

  hallmark verify 00117Q12345R0M/3700 --connected --primary http://a:26657 --witness http://b:26657`,
			`仅凭信任卡核验证明包（由 hallmark prove 生成）：不使用网络，不依赖任何服务器。输入可为文件、
二维码图片（PNG 或 JPEG）、二维码中的文字或网址，或标准输入（-）。

未用 --number 指明证书时，核验的是证明包所述的证书：请将输出的编号与手中证书核对。二维码所能
证明的少于文件，未证实的事项会逐项列出。

退出码：0 声明成立；1 已证明不成立；2 无法证实：证明有误、过旧或信任卡已过期；3 用法或输入输出有误。

  hallmark verify code.png
  hallmark verify cert.hmb --claim on-date --date 2026-06-01
  hallmark verify forged.hmb --claim absent --number 00199Q00001R0M
  hallmark verify powerbank.hmb --claim traced --product https://id.gs1.org/01/09506000134352/10/A1

使用 --connected 时联网跟随区块头，不依赖签章：区块头取自主节点并与见证节点比对，任何单一节点均无须
可信。起点为可信的高度与哈希（--trust-height、--trust-hash），或信任卡所载验证者签章的区块；已核验的
区块头保存在本机。证明可为上述证明包，或按编号从节点（--node）获取。详见 docs/verifier.md。

  hallmark verify 00117Q12345R0M/3700 --connected --primary http://a:26657 --witness http://b:26657`)),
		Args: args(cobra.ExactArgs(1)),
	}
	f := new(verifyFlags)
	t := s.language.of
	c.Flags().StringVar(&f.card, "card", "", t(say("trust card; by default the one that is pinned; also "+envCard, "信任卡文件；默认为已固定的信任卡；也可用环境变量 "+envCard)))
	c.Flags().StringVar(&f.claim, "claim", "valid", t(say("what is claimed: valid, on-date, history, absent, approved, anchored or traced", "声明：valid、on-date、history、absent、approved、anchored 或 traced")))
	c.Flags().StringVar(&f.issuer, "issuer", "", t(say("approval number of the body", "发证机构批准号")))
	c.Flags().StringVar(&f.number, "number", "", t(say("number of the certificate", "证书编号")))
	c.Flags().StringVar(&f.date, "date", "", t(say("of on-date, as 2026-06-01", "on-date 的日期，如 2026-06-01")))
	c.Flags().DurationVar(&f.maxAge, "max-age", 24*time.Hour, t(say("greatest age of the seal", "签章的最长时间")))
	c.Flags().BoolVar(&f.head, "head", false, t(say("what the head alone proves is enough, as for a QR code", "仅凭证书摘要信息即可，与二维码相同")))
	c.Flags().StringVar(&f.product, "product", "", t(say("of traced: the URI of the product; by default the one that the bundle is about", "traced 声明的产品 URI；默认为证明包所述的产品")))
	s.contentFlags(c.Flags(), &f.contentFlags)
	s.connectedFlags(c.Flags(), &f.connectedFlags)
	c.RunE = func(c *cobra.Command, given []string) error {
		if f.connected {
			return s.verifyConnected(c.Context(), given[0], f)
		}
		if name := f.given(c.Flags()); name != "" {
			return usage(sayf("--%s is for --connected.", "--%s 仅用于 --connected。", name))
		}
		return s.verify(given[0], f, time.Now())
	}
	return c
}

// verify checks a bundle at an instant and prints the verdict; the error has the
// exit code.
func (s *session) verify(input string, f *verifyFlags, now time.Time) error {
	claim, err := f.toClaim()
	if err != nil {
		return err
	}
	if f.maxAge <= 0 {
		return usage(say("--max-age is a time above zero, as 24h.", "--max-age 应为大于零的时长，如 24h。"))
	}
	card, err := s.readCard(f.card)
	if err != nil {
		return err
	}
	in, err := s.readBundle(input)
	if err != nil {
		return err
	}
	asked := claim.Number != "" || claim.Kind == light.Anchored || claim.Product != ""
	if claim, err = subject(in.bundle, claim); err != nil {
		return err
	}
	v := light.Verify(in.bundle, card, claim, light.Limits{MaxAge: f.maxAge, HeadSuffices: in.code || f.head}, now)
	if f.card == "" && s.getenv(envCard) == "" {
		return s.conclude(v, asked, card)
	}
	return s.conclude(v, asked, nil)
}

// conclude prints a verdict; the error has the exit code. asked says that a person
// has named the certificate; pin is the pinned card that was used, nil for none.
func (s *session) conclude(v *light.Verdict, asked bool, pin *light.Card) error {
	if s.json {
		if err := s.printJSON(v); err != nil {
			return err
		}
	} else {
		s.verdict(v)
		if pin != nil {
			s.noteMoved(pin)
		}
		if !asked {
			what := say("The number was read from the proof itself: compare it with the certificate before you.",
				"编号取自证明本身：请与手中的证书核对。")
			if v.Claim.Kind == light.Traced {
				what = say("The product was read from the proof itself: compare it with the code on what is before you.",
					"产品标识取自证明本身：请与手中产品上的代码核对。")
			}
			s.printf("%s", "%s", what)
		}
	}
	if v.Outcome == light.Holds {
		return nil
	}
	return &failure{int(v.Outcome), text{}, errTold}
}

func (f *verifyFlags) toClaim() (c light.Claim, err error) {
	if err := c.Kind.UnmarshalText([]byte(f.claim)); err != nil {
		return c, usage(sayf("There is no claim %q: valid, on-date, history, absent, approved, anchored or traced.", "没有声明 %q：可选 valid、on-date、history、absent、approved、anchored、traced。", f.claim))
	}
	c.Issuer, c.Number = f.issuer, f.number
	if c.Kind == light.Anchored {
		return f.contentFlags.toClaim()
	}
	switch {
	case f.contentFlags != contentFlags{}:
		return c, usage(say("--content, --line and --anchor are of the claim anchored (--claim anchored).", "--content、--line、--anchor 用于声明 anchored（--claim anchored）。"))
	case c.Kind == light.Traced:
		return f.tracedClaim()
	case f.product != "":
		return c, usage(say("--product is of the claim traced (--claim traced).", "--product 用于声明 traced（--claim traced）。"))
	case c.Kind == light.Absent && c.Issuer != "":
		return c, usage(say("A number is absent for every body: leave --issuer out.", "编号不存在是对所有机构而言：请去掉 --issuer。"))
	case c.Issuer != "" && c.Number == "":
		return c, usage(say("Say the number too (--number).", "请同时指定编号（--number）。"))
	case (c.Kind == light.OnDate) != (f.date != ""):
		return c, usage(say("The claim on-date needs a --date, and no other claim has one.", "声明 on-date 须给出 --date，其他声明不带日期。"))
	case f.date != "":
		if c.Date, err = civil.Parse(f.date); err != nil {
			return c, usageOf(sayf("%q is not a date, as 2026-06-01.", "%q 不是日期，应如 2026-06-01。", f.date), err)
		}
	}
	return c, nil
}

// tracedClaim is the claim of a product's way; without the product if nobody said it.
func (f *verifyFlags) tracedClaim() (c light.Claim, err error) {
	c.Kind = light.Traced
	if f.issuer != "" || f.number != "" || f.date != "" {
		return c, usage(say("The claim traced names a product, and nothing else (--product).", "声明 traced 仅指定产品（--product）。"))
	}
	if f.product == "" {
		return c, nil
	}
	p, err := gs1.NameProduct(f.product)
	if err != nil {
		return c, usageOf(sayf("%.300q does not name a product.", "%.300q 不是产品标识。", f.product), err)
	}
	c.Product = p.String()
	return c, nil
}

// verdict prints a verdict for people. On a terminal what decides is coloured.
func (s *session) verdict(v *light.Verdict) {
	lang, outcome, reason := "en", "Outcome: ", "Reason: "
	if s.language == chinese {
		lang, outcome, reason = "zh", "结论：", "理由："
	}
	colour := [...]string{light.Holds: green, light.DoesNotHold: red, light.NotEstablished: yellow}[v.Outcome]
	for line := range strings.Lines(light.Text(v, lang)) {
		if strings.HasPrefix(line, outcome) || strings.HasPrefix(line, reason) {
			s.paint(colour, line)
			continue
		}
		fmt.Fprint(s.out, line)
	}
}

// paint prints a line in a colour on a terminal, unless NO_COLOR is set. What is
// in the line cannot add colours of its own.
func (s *session) paint(colour, line string) {
	p, _ := s.out.(plainWriter)
	f, ok := p.to.(*os.File)
	if !ok || !isatty.IsTerminal(f.Fd()) || s.getenv("NO_COLOR") != "" {
		fmt.Fprint(s.out, line)
		return
	}
	_, _ = io.WriteString(f, "\x1b["+colour+"m")
	fmt.Fprint(s.out, strings.TrimSuffix(line, "\n"))
	_, _ = io.WriteString(f, "\x1b[0m\n")
}
