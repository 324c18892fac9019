package cli

import (
	"context"
	"encoding/hex"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/light/connected"
	"github.com/hallmark-ledger/hallmark/light/qr"
)

// connectedFlags are those of verify that follows headers.
type connectedFlags struct {
	connected   bool
	primary     string
	witnesses   []string
	trustHeight uint64
	trustHash   string
	trustPeriod time.Duration
	headers     string // folder
	timeout     time.Duration
}

func (s *session) connectedFlags(fs *pflag.FlagSet, f *connectedFlags) {
	t := s.language.of
	fs.BoolVar(&f.connected, "connected", false, t(say("follow the headers of the chain instead of a seal", "跟随区块头核验，不依赖签章")))
	fs.StringVar(&f.primary, "primary", "", t(say("CometBFT interface of the node that headers come from, as http://127.0.0.1:26657", "提供区块头的节点的 CometBFT 接口，如 http://127.0.0.1:26657")))
	fs.StringSliceVar(&f.witnesses, "witness", nil, t(say("those of nodes that they are compared with, several with commas", "用于比对的节点的 CometBFT 接口，多个以逗号分隔")))
	fs.Uint64Var(&f.trustHeight, "trust-height", 0, t(say("height of a block whose hash you have from somebody you trust", "可信区块的高度")))
	fs.StringVar(&f.trustHash, "trust-hash", "", t(say("hash of that block, 64 hexadecimal digits", "该区块的哈希，64 位十六进制数")))
	fs.DurationVar(&f.trustPeriod, "trust-period", connected.DefaultPeriod, t(say("age above which a header is not started from", "超过该时长的区块头不再作为起点")))
	fs.StringVar(&f.headers, "headers", "", t(say("folder of verified headers; by default ~/.hallmark/headers-CHAIN", "保存已核验区块头的文件夹，默认为 ~/.hallmark/headers-链标识")))
	fs.DurationVar(&f.timeout, "timeout", time.Minute, t(say("how long to try", "最长尝试时间")))
}

var connectedNames = []string{"primary", "witness", "trust-height", "trust-hash", "trust-period", "headers", "timeout"}

// given returns a flag that was given and needs --connected, empty for none.
func (f *connectedFlags) given(fs *pflag.FlagSet) string {
	i := slices.IndexFunc(connectedNames, fs.Changed)
	if i < 0 {
		return ""
	}
	return connectedNames[i]
}

// trust returns the trusted block that was given, nil for none.
func (f *connectedFlags) trust() (*connected.Trust, error) {
	if f.trustHeight == 0 && f.trustHash == "" {
		return nil, nil
	}
	hash, err := hex.DecodeString(f.trustHash)
	if err != nil || len(hash) != 32 || f.trustHeight == 0 || f.trustHeight > 1<<62 {
		return nil, usage(say("A trusted block has a height and a hash of 64 hexadecimal digits (--trust-height, --trust-hash).", "可信区块须同时给出高度与 64 位十六进制哈希（--trust-height、--trust-hash）。"))
	}
	return &connected.Trust{Height: f.trustHeight, Hash: [32]byte(hash)}, nil
}

// verifyConnected checks a bundle, or what a node has of a number, by the headers
// of the chain and prints the verdict; the error has the exit code.
func (s *session) verifyConnected(ctx context.Context, given string, f *verifyFlags) error {
	_, e := qr.Parse(given)
	isProof := given == "-" || e == nil || exists(given)
	if !isProof {
		if f.number != "" && f.number != given {
			return usage(sayf("%.80q is no file, and --number says another number.", "%.80q 不是文件，且与 --number 不一致。", given))
		}
		f.number = given
	}
	claim, err := f.toClaim()
	if err != nil {
		return err
	}
	if claim.Kind == light.Traced && !isProof {
		return usage(sayf("%.80q is no file; the proof of a product's way is given as one (hallmark trace prove).", "%.80q 不是文件；产品追溯证明须以文件给出（hallmark trace prove）。", given))
	}
	if claim.Kind == light.Anchored && !isProof {
		return usage(sayf("%.80q is no file; a content's proof is given as one (hallmark evidence prove).", "%.80q 不是文件；内容的证明须以文件给出（hallmark evidence prove）。", given))
	}
	if f.maxAge <= 0 || f.trustPeriod <= 0 || f.timeout <= 0 {
		return usage(say("--max-age, --trust-period and --timeout are times above zero, as 24h.", "--max-age、--trust-period、--timeout 应为大于零的时长，如 24h。"))
	}
	if f.primary == "" || len(f.witnesses) == 0 {
		return usage(say("Name a primary and at least one witness (--primary, --witness), of institutions of their own.", "请指定主节点与至少一个见证节点（--primary、--witness），且分属不同机构。"))
	}
	trust, err := f.trust()
	if err != nil {
		return err
	}
	card, err := s.cardIfAny(f.card)
	if err != nil {
		return err
	}
	chain := s.chainID
	if chain == "" && card != nil {
		chain = card.ChainID
	}
	if chain == "" || card != nil && f.card != "" && chain != card.ChainID {
		return usage(say("Say which chain it is (--chain-id), the same as that of the card.", "请指定链标识（--chain-id），并与信任卡一致。"))
	}
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	in, asked := (*input)(nil), claim.Number != "" || claim.Kind == light.Anchored || claim.Product != ""
	if isProof {
		if in, err = s.readBundle(given); err == nil {
			claim, err = subject(in.bundle, claim)
		}
	} else {
		in, claim, err = s.fetchOf(ctx, f, claim, card)
	}
	if err != nil {
		return err
	}
	if trust == nil && card != nil && card.ChainID == chain {
		trust = s.sealedBlock(in.bundle, card, time.Now())
	}
	dir, err := s.headersPath(f.headers, chain)
	if err != nil {
		return err
	}
	v, err := followAndVerify(ctx, connected.Config{
		ChainID: chain, Primary: f.primary, Witnesses: f.witnesses, Dir: dir, Trust: trust, Period: f.trustPeriod,
	}, in.bundle, claim, light.Limits{MaxAge: f.maxAge, HeadSuffices: in.code || f.head})
	if err != nil {
		return s.connectedFailure(err)
	}
	return s.conclude(v, asked, nil)
}

// followAndVerify opens the folder of headers for one verdict.
func followAndVerify(ctx context.Context, config connected.Config, bundle []byte, claim light.Claim, limits light.Limits) (v *light.Verdict, err error) {
	c, err := connected.Open(ctx, config, time.Now())
	var why *connected.Error
	if errors.As(err, &why) {
		return light.NoHeader(claim, why.Reason, time.Now()), nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	return c.Verify(ctx, bundle, claim, limits, time.Now())
}

// fetchOf gets a bundle of the number in a claim from a node, which need not be
// trusted, and adds the issuer to the claim.
func (s *session) fetchOf(ctx context.Context, f *verifyFlags, claim light.Claim, card *light.Card) (*input, light.Claim, error) {
	if claim.Kind != light.Absent {
		ref, err := s.refOf(ctx, claim.Number, f.issuer)
		if err != nil && codeOf(err) == exitRefused { // a node says so, and nothing proves it
			return nil, claim, &failure{exitUnknown, sayf("Not established: the node knows no body that has issued the number %s. Have it prove that (--claim absent).", "无法证实：节点称没有机构签发过编号 %s。请要求其证明（--claim absent）。", claim.Number), nil}
		}
		if err != nil {
			return nil, claim, err
		}
		claim.Issuer, claim.Number = ref.Issuer, ref.Number
	}
	if err := claim.Check(); err != nil {
		return nil, claim, usageOf(sayf("%.80q is no file, and no number of a certificate.", "%.80q 既不是文件，也不是证书编号。", claim.Number), err)
	}
	from := uint64(0)
	if card != nil {
		from = card.Height
	}
	raw, err := s.fetch(ctx, claim, f.head, from, nil, new(proofJSON))
	return &input{bundle: raw}, claim, err
}

// sealedBlock returns the block that the card's validators have sealed in a bundle,
// to start from; nil if they have not, or the card has ended.
func (s *session) sealedBlock(bundle []byte, card *light.Card, now time.Time) *connected.Trust {
	if now.After(card.NotAfter) {
		s.notef("The trust card has ended and is not started from.", "信任卡已过期，不作为起点。")
		return nil
	}
	state, err := light.Open(bundle, card, light.MaxBundleSize)
	if err != nil {
		s.notef("The trust card does not vouch for the bundle and is not started from: %v", "信任卡不能验证该证明包，不作为起点：%v", err)
		return nil
	}
	return &connected.Trust{Height: state.Statement.Height, Hash: state.Statement.Block}
}

// headersPath returns the folder of verified headers of a chain.
func (s *session) headersPath(given, chain string) (string, error) {
	if given != "" {
		return given, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", usageOf(say("There is no home folder for the headers; name a folder (--headers).", "没有保存区块头的主目录，请用 --headers 指定文件夹。"), err)
	}
	return filepath.Join(home, ".hallmark", "headers-"+url.PathEscape(chain)), nil
}

// forkJSON is a fork of the chain, as JSON.
type forkJSON struct {
	Error    string `json:"error"`
	Code     string `json:"code"` // fork-detected
	Evidence string `json:"evidence,omitempty"`
	Exit     int    `json:"exit"`
}

// connectedFailure tells people of an error that is no verdict.
func (s *session) connectedFailure(err error) error {
	var attack *connected.Attack
	switch {
	case errors.Is(err, connected.ErrLocked):
		return usageOf(say("Another hallmark uses the folder of headers. Wait for it, or name another folder (--headers).", "另一个 hallmark 正在使用区块头文件夹。请等待其结束，或用 --headers 指定其他文件夹。"), err)
	case !errors.As(err, &attack):
		return usageOf(say("The headers cannot be followed so.", "无法按此跟随区块头。"), err)
	}
	what := say("FORK DETECTED: trusted validators have signed two different headers. Nothing is established, of no certificate. Hand the evidence to the regulators.",
		"发现分叉：可信验证者签署了两个不同的区块头。任何证书均无法据此证实。请将证据提交监管机构。")
	if s.json {
		if err := s.printJSON(forkJSON{s.language.of(what), "fork-detected", attack.File, exitUnknown}); err != nil {
			return err
		}
		return &failure{exitUnknown, text{}, errTold}
	}
	s.paint(red, s.language.of(what)+"\n")
	if attack.File != "" {
		s.printf("Evidence: %s", "证据：%s", attack.File)
	}
	for _, e := range attack.Evidence {
		hash := e.Attack.ConflictingBlock.Hash().String()
		s.printf("Conflicting header %d: %s, from %s", "冲突的区块头 %d：%s，来自 %s", e.Attack.ConflictingBlock.Height, hash, either(e.Node, "?"))
	}
	return &failure{exitUnknown, text{}, errTold}
}

func either(a, b string) string {
	if a == "" {
		return b
	}
	return a
}
