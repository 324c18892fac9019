package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/crypto/keystore"
)

// session is what every command works with: what the global flags say, and where
// it reads and prints. It belongs to one run of the program.
type session struct {
	in     *os.File
	out    io.Writer
	err    io.Writer
	getenv func(string) string

	language language
	json     bool     // one JSON value instead of text
	nodes    []string // addresses
	chainID  string   // the chain that nodes and files must be of; empty for any
	keys     string   // folder
	passFile string   // file with the pass phrase; empty to ask otherwise

	client *client.Client // see connect
}

// envNodes and so on are the environment variables.
const (
	envNodes      = "HALLMARK_NODES"
	envChain      = "HALLMARK_CHAIN"
	envKeys       = "HALLMARK_KEYS"
	envPassphrase = "HALLMARK_PASSPHRASE"

	defaultNode = "http://127.0.0.1:8480"
)

func newSession(args []string, in *os.File, out, errOut io.Writer, getenv func(string) string) *session {
	return &session{in: in, out: plainWriter{out}, err: errOut, getenv: getenv, language: languageOf(args, getenv)}
}

// flags adds the global flags, with what the environment says as defaults.
func (s *session) flags(f *pflag.FlagSet) {
	nodes := []string{defaultNode}
	if v := s.getenv(envNodes); v != "" {
		nodes = strings.Split(v, ",")
	}
	keys := s.getenv(envKeys)
	if keys == "" {
		if home, err := os.UserHomeDir(); err == nil {
			keys = filepath.Join(home, ".hallmark", "keys")
		}
	}
	t := s.language.of
	f.StringSliceVar(&s.nodes, "node", nodes, t(say("addresses of nodes, several with commas; also "+envNodes, "节点地址，多个以逗号分隔；也可用环境变量 "+envNodes)))
	f.StringVar(&s.chainID, "chain-id", s.getenv(envChain), t(say("the chain that nodes and files must be of; also "+envChain, "节点与文件必须属于的链；也可用环境变量 "+envChain)))
	f.StringVar(&s.keys, "keys", keys, t(say("folder with the keys; also "+envKeys, "密钥文件夹；也可用环境变量 "+envKeys)))
	f.StringVar(&s.passFile, "passphrase-file", "", t(say("file with the pass phrase of the keys; also "+envPassphrase+", otherwise it is asked for", "保存密钥口令的文件；也可用环境变量 "+envPassphrase+"，否则现场询问")))
	f.BoolVar(&s.json, "json", false, t(say("print JSON, for programs", "输出 JSON，供程序使用")))
	f.Func("lang", t(say("language: zh or en; by default that of the locale", "语言：zh 或 en；默认随系统区域设置")), func(name string) (err error) {
		s.language, err = parseLanguage(name)
		return err
	})
}

// connect returns the client of the nodes; it asks none of them yet.
func (s *session) connect() (*client.Client, error) {
	if s.client == nil {
		c, err := client.New(s.nodes, client.Options{ChainID: s.chainID})
		if err != nil {
			return nil, usageOf(say("The addresses of the nodes (--node) are wrong.", "节点地址（--node）有误。"), err)
		}
		s.client = c
	}
	return s.client, nil
}

// passphrase is where pass phrases come from: file, environment, terminal.
func (s *session) passphrase() keystore.PassphraseFunc {
	switch {
	case s.passFile != "":
		return keystore.FromFile(s.passFile)
	case s.getenv(envPassphrase) != "":
		return func(keystore.Request) ([]byte, error) { return []byte(s.getenv(envPassphrase)), nil }
	}
	return keystore.FromTerminal(s.in, s.err)
}

// printf prints a line for people.
func (s *session) printf(en, zh string, args ...any) {
	fmt.Fprintln(s.out, s.language.of(sayf(en, zh, args...)))
}

// notef prints a line for people that is not the result: where to go on, what is
// being waited for. It goes to the error output, and nowhere with --json.
func (s *session) notef(en, zh string, args ...any) {
	if !s.json {
		fmt.Fprintln(s.err, s.language.of(sayf(en, zh, args...)))
	}
}

// printJSON prints the one value of a command with --json.
func (s *session) printJSON(v any) error {
	e := json.NewEncoder(s.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

// confirm asks a person. Without a terminal nobody can be asked: an error that
// says so.
func (s *session) confirm(question text) error {
	if s.json || !term.IsTerminal(int(s.in.Fd())) {
		return usage(say("Nobody can be asked here. Look at what is to be signed (hallmark tx show) and say --yes.", "此处无法询问确认。请先核对待签内容（hallmark tx show），再加上 --yes。"))
	}
	return s.ask(question, say("Not confirmed; nothing was signed.", "未确认，未签名。"))
}

// ask asks on the terminal; the error says what no means.
func (s *session) ask(question, no text) error {
	fmt.Fprintf(s.err, "%s [y/N] ", s.language.of(question))
	var answer string
	if _, err := fmt.Fscanln(s.in, &answer); err != nil || strings.ToLower(answer) != "y" && strings.ToLower(answer) != "yes" {
		return usage(no)
	}
	return nil
}
