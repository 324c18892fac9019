package cli

import (
	"time"

	"github.com/spf13/cobra"

	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

// Lifetimes of transactions for which no other is asked.
const (
	directLifetime   = 10 * time.Minute // submitted at once: soon certain, whatever happens
	preparedLifetime = 48 * time.Hour   // waits for people
)

// txFlags are the flags of every command that makes a transaction.
type txFlags struct {
	out       string
	signWith  []string
	cosigners []string
	expires   time.Duration
	mode      string
	waitFlags
	noCheck bool
}

// waitFlags are those of every command that submits one.
type waitFlags struct {
	wait    bool
	sealed  bool
	timeout time.Duration
}

func (s *session) waitFlags(c *cobra.Command, f *waitFlags) {
	t := s.language.of
	c.Flags().BoolVar(&f.wait, "wait", true, t(say("wait until it is certain what became of it", "等待至结果确定")))
	s.sealedFlags(c, f)
}

// sealedFlags are those of waitFlags that say for what to wait.
func (s *session) sealedFlags(c *cobra.Command, f *waitFlags) {
	t := s.language.of
	c.Flags().DurationVar(&f.timeout, "timeout", 2*time.Minute, t(say("how long to wait", "等待的最长时间")))
	c.Flags().BoolVar(&f.sealed, "sealed", false, t(say("wait until its block is sealed too, so that what it did can be proven offline", "同时等待所在区块完成签章，此后即可离线证明")))
}

// txFlags adds the flags to a command.
func (s *session) txFlags(c *cobra.Command) *txFlags {
	f := new(txFlags)
	t := s.language.of
	c.Flags().StringVar(&f.out, "out", "", t(say("write the transaction to this file (NAME.hmtx) for others to sign, instead of submitting it", "将交易写入该文件（NAME.hmtx）供他人签名，而不提交")))
	c.Flags().StringSliceVar(&f.signWith, "sign-with", nil, t(say("keys to sign with, by name; several with commas", "用于签名的密钥名称；多个以逗号分隔")))
	c.Flags().StringSliceVar(&f.cosigners, "cosigner", nil, t(say("keys that will sign elsewhere, by name or in hexadecimal; needs --out", "将在别处签名的密钥，名称或十六进制；须与 --out 同用")))
	c.Flags().DurationVar(&f.expires, "expires", 0, t(say("how long the transaction can be committed (default 10m; 48h with --out)", "交易的有效时长（默认 10m；与 --out 同用时为 48h）")))
	c.Flags().StringVar(&f.mode, "mode", "all", t(say("all: nothing is done unless everything is; each: each message alone", "all：全部执行，否则均不执行；each：逐条执行")))
	c.Flags().BoolVar(&f.noCheck, "no-check", false, t(say("do not ask a node first what it would refuse", "签名前不请节点预检")))
	s.waitFlags(c, &f.waitFlags)
	return f
}

// parseMode reads --mode.
func parseMode(name string) (txv1.Mode, error) {
	switch name {
	case "all":
		return txv1.Mode_MODE_ALL, nil
	case "each":
		return txv1.Mode_MODE_EACH, nil
	}
	return 0, usage(sayf("There is no mode %q, only all and each.", "没有执行模式 %q，只有 all 和 each。", name))
}
