package cli

import (
	"github.com/spf13/cobra"
)

func (s *session) keysList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: s.language.of(say("List the keys of the folder", "列出文件夹中的密钥")),
		Args:  args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			notes, err := s.keyNotes()
			if err != nil {
				return err
			}
			if s.json {
				list := make([]listedKey, len(notes))
				for i, n := range notes {
					list[i] = listedKey{n.Name, *n, n.Secret}
				}
				return s.printJSON(list)
			}
			if len(notes) == 0 {
				s.printf("no keys in %s", "%s 中没有密钥", s.keys)
				return nil
			}
			t := s.language.of
			rows := make([]row, len(notes))
			for i, n := range notes {
				half := t(say("public only", "仅公钥"))
				if n.Secret {
					half = t(say("signs", "可签名"))
				}
				rows[i] = row{n.Name, n.Member, n.Duty, n.Holder, half, n.Key}
			}
			s.table(row{t(say("NAME", "名称")), t(say("MEMBER", "成员")), t(say("DUTY", "职责")), t(say("HOLDER", "持有人")), "", t(say("KEY", "公钥"))}, rows)
			return nil
		},
	}
}

// listedKey is a key of the folder as JSON.
type listedKey struct {
	Name string `json:"name"`
	keyNote
	Signs bool `json:"signs"`
}

func (s *session) keysShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show NAME",
		Short: s.language.of(say("Show a key, as it is sent to who registers it", "显示密钥（可交给登记者）")),
		Args:  args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, given []string) error {
			n, err := s.keyNote(given[0])
			if err != nil {
				return err
			}
			return s.showKey(n)
		},
	}
}

// showKey prints a key; with --json it is a keyNote, what others import.
func (s *session) showKey(n *keyNote) error {
	if s.json {
		return s.printJSON(n)
	}
	key, err := n.public()
	if err != nil {
		return err
	}
	half := say("only the public half is here", "此处仅有公钥")
	if n.Secret {
		half = say("it signs here", "可在此签名")
	}
	s.facts(
		pair{say("name", "名称"), n.Name}, pair{say("member", "成员"), n.Member}, pair{say("duty", "职责"), n.Duty},
		pair{say("holder", "持有人"), n.Holder}, pair{say("key", "公钥"), n.Key},
		pair{say("fingerprint", "指纹"), key.Fingerprint().String()},
		pair{say("chain of the proof", "持有证明所属链"), n.Chain}, pair{say("proof of possession", "持有证明"), n.Proof},
		pair{say("secret half", "私钥"), s.language.of(half)},
	)
	return nil
}

// hexKey returns the bytes of the key that a person means.
func (s *session) hexKey(ref string) ([]byte, error) {
	n, err := s.lookUp(ref)
	if err != nil {
		return nil, err
	}
	key, err := n.public()
	if err != nil {
		return nil, err
	}
	b := key.Bytes()
	return b[:], nil
}
