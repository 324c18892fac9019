package cli

import (
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/client/message"
	"github.com/hallmark-ledger/hallmark/client/prepared"
)

// shownMessages is how many messages of a transaction people are shown whole.
const shownMessages = 20

// summary prints what a transaction says, as recomputed from its body.
func (s *session) summary(p *prepared.Summary) {
	s.printf("transaction %s", "交易 %s", p.ID)
	s.printf("  chain    %s", "  链        %s", p.Chain)
	s.printf("  expires  %s", "  有效期至  %s", p.Expires.Local().Format(time.RFC3339))
	if p.Mode == "each" {
		s.printf("  mode     each message alone", "  模式      逐条执行")
	} else {
		s.printf("  mode     all messages or none", "  模式      全部执行，否则均不执行")
	}
	for i, g := range p.Signers {
		state := say("to sign", "待签")
		if g.Signed {
			state = say("signed", "已签")
		}
		s.printf("  signer %d %s  %s  %s", "  签名者 %d %s  %s  %s", i, state, g.Member, g.Key)
	}
	for i, m := range p.Messages {
		if i == shownMessages {
			s.printf("  and %d more messages, of these kinds: %s (all of them: --json)", "  另有 %d 条消息，类别：%s（全部内容：--json）", len(p.Messages)-i, s.kinds(p.Messages[i:]))
			break
		}
		s.printf("  %d. %s: %s", "  %d. %s：%s", i+1, m.Actor, m.Action)
		s.fields(m.Fields, "       ")
	}
}

func (s *session) fields(list []message.Field, indent string) {
	for _, f := range list {
		if len(f.Fields) > 0 {
			s.printf("%s%s", "%s%s", indent, f.Name)
			s.fields(f.Fields, indent+"  ")
			continue
		}
		s.printf("%s%s  %s", "%s%s  %s", indent, f.Name, f.Value)
	}
}

// kinds lists the kinds of messages, each once.
func (s *session) kinds(list []prepared.Message) string {
	var names []string
	seen := map[string]bool{}
	for _, m := range list {
		if name := s.language.of(m.Action); !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
