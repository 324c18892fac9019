package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/hallmark-ledger/hallmark/light"
)

// The pinned card is what verify starts from:
//
//	~/.hallmark/card.hmcard            the pin
//	~/.hallmark/card.published.hmcard  the card with signatures from which the pin
//	                                   was moved forward, if it was
const envCard = "HALLMARK_CARD"

func (s *session) cardCommand() *cobra.Command {
	return s.group("card", say("Trust cards: what verify starts from", "信任卡：核验的起点"),
		s.cardShow(), s.cardPin(), s.cardUpdate(), s.cardDraft(), s.cardSign())
}

// pinPath returns the path of the pinned card, or of another file beside it.
func (s *session) pinPath(name string) (string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", usageOf(say("There is no home folder for the pinned card; name a card (--card).", "没有存放信任卡的主目录，请用 --card 指定信任卡。"), err)
	}
	return filepath.Join(home, ".hallmark", name), nil
}

const (
	pinName       = "card.hmcard"
	publishedName = "card.published.hmcard"
)

// readCard reads a card: the one named, or that of the environment, or the pin.
func (s *session) readCard(path string) (*light.Card, error) {
	if path == "" {
		path = s.getenv(envCard)
	}
	if path != "" {
		return s.parseCard(path)
	}
	card, err := s.pinned()
	if err == nil && card == nil {
		err = usage(say("There is no trust card. Get one from a regulator, compare its fingerprint with the one that is published, and pin it (hallmark card pin FILE), or name it (--card).",
			"没有信任卡。请向监管机构获取信任卡，核对公布的指纹后固定（hallmark card pin FILE），或用 --card 指定。"))
	}
	return card, err
}

// pinned returns the pinned card, nil if there is none.
func (s *session) pinned() (*light.Card, error) {
	path, err := s.pinPath(pinName)
	if err != nil {
		return nil, err
	}
	if !exists(path) {
		return nil, nil
	}
	return s.parseCard(path)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

func (s *session) parseCard(path string) (*light.Card, error) {
	raw, err := s.readFile(path, light.MaxCardSize)
	if err != nil {
		return nil, err
	}
	card, err := light.ParseCard(raw)
	if err != nil {
		return nil, usageOf(sayf("%s is no trust card, or a signature on it is wrong.", "%s 不是信任卡，或其中的签名有误。", path), err)
	}
	return card, nil
}

// pin makes a card the pin. published is the card from which it was moved
// forward, nil if it is itself as published.
func (s *session) pin(card, published *light.Card) error {
	for _, f := range []struct {
		name string
		card *light.Card
	}{{publishedName, published}, {pinName, card}} {
		path, err := s.pinPath(f.name)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return fmt.Errorf("pin: %w", err)
		}
		if f.card == nil {
			err = os.Remove(path)
			if errors.Is(err, fs.ErrNotExist) {
				err = nil
			}
		} else {
			err = replaceFile(path, f.card.Bytes(), 0o600)
		}
		if err != nil {
			return fmt.Errorf("pin: %w", err)
		}
	}
	return nil
}

// card prints a card for people.
func (s *session) card(c *light.Card) {
	t := s.language.of
	until := s.instant(c.NotAfter)
	if time.Now().After(c.NotAfter) {
		until = s.colour(red, until+"  "+t(say("it has ended", "已过期")))
	}
	digits := strings.Fields(c.FingerprintText())
	list := []pair{
		{say("fingerprint", "指纹"), strings.Join(digits[:8], " ")},
		{say(" ", " "), strings.Join(digits[8:], " ")},
		{say("chain", "链"), c.ChainID}, {say("genesis", "创世状态根"), c.Genesis.String()},
		{say("from height", "起始高度"), strconv.FormatUint(c.Height, 10)},
		{say("seal set", "签章集合"), c.Set.Hash().String()},
		{say("made", "制作时间"), s.instant(c.Made)}, {say("use until", "有效至"), until},
	}
	s.facts(list...)
	for _, e := range c.Set.Entries() {
		s.printf("  validator %x  power %d", "  验证者 %x  权重 %d", e.Key, e.Power)
	}
	if len(c.Signatures) == 0 {
		s.printf("Nobody has signed it.", "尚无签名。")
	}
	for _, g := range c.Signatures {
		s.printf("signed by %s  %x", "签署方 %s  %x", g.Member, g.Key)
	}
}

func (s *session) cardShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show [FILE]",
		Short: s.language.of(say("Show a card with its fingerprint; by default the pinned one", "显示信任卡及其指纹，默认为已固定的信任卡")),
		Args:  args(cobra.MaximumNArgs(1)),
		RunE: func(_ *cobra.Command, given []string) error {
			path := ""
			if len(given) > 0 {
				path = given[0]
			}
			card, err := s.readCard(path)
			if err != nil {
				return err
			}
			if s.json {
				return s.printJSON(card)
			}
			s.card(card)
			if path != "" || s.getenv(envCard) != "" {
				return nil
			}
			return s.showPublished(card)
		},
	}
}

// movedFrom returns the card from which the pin was moved forward, nil if it was
// not.
func (s *session) movedFrom(pin *light.Card) (*light.Card, error) {
	path, err := s.pinPath(publishedName)
	if err != nil || !exists(path) {
		return nil, err
	}
	from, err := s.parseCard(path)
	if err != nil || pin.Fingerprint() == from.Fingerprint() {
		return nil, err
	}
	return from, nil
}

// noteMoved says whose signatures a pin without any rests on.
func (s *session) noteMoved(pin *light.Card) {
	from, err := s.movedFrom(pin)
	if err != nil || from == nil || len(from.Signatures) == 0 {
		return
	}
	members := make([]string, len(from.Signatures))
	for i, g := range from.Signatures {
		members[i] = g.Member
	}
	s.printf("The pinned card was moved forward by handovers from one that these have signed: %s.", "已固定的信任卡由以下各方签署的信任卡经集合交接更新而来：%s。", strings.Join(members, ", "))
}

// showPublished shows the card from which the pin was moved forward.
func (s *session) showPublished(pin *light.Card) error {
	from, err := s.movedFrom(pin)
	if err != nil || from == nil {
		return err
	}
	s.printf("\nmoved forward by handovers from the card that was pinned:", "\n由以下已固定的信任卡经集合交接更新而来：")
	s.card(from)
	return nil
}

func (s *session) cardPin() *cobra.Command {
	var yes, replace bool
	c := &cobra.Command{
		Use:   "pin FILE",
		Short: s.language.of(say("Make a card the one that verify starts from", "固定信任卡，作为核验的起点")),
		Long: s.language.of(say(`Show a card and, after a question, make it the one that verify starts from. Whoever
can give you a card can make you believe anything: compare its fingerprint with the
one that the regulators publish, on more than one way.

A card of another chain than the pinned one, or of an earlier height, is refused
unless you say --replace.`,
			`显示信任卡，经确认后固定为核验的起点。给您信任卡的人可以让您相信任何内容：请通过不止一个
渠道，与监管机构公布的指纹核对。

若与已固定的信任卡不属于同一条链，或高度更早，须加 --replace。`)),
		Args: args(cobra.ExactArgs(1)),
	}
	t := s.language.of
	c.Flags().BoolVar(&yes, "yes", false, t(say("do not ask", "不再询问确认")))
	c.Flags().BoolVar(&replace, "replace", false, t(say("also in the place of a card of another chain or a later height", "即使替换的是另一条链或更晚高度的信任卡")))
	c.RunE = func(_ *cobra.Command, given []string) error {
		card, err := s.parseCard(given[0])
		if err != nil {
			return err
		}
		if time.Now().After(card.NotAfter) {
			return usage(sayf("The card has ended, on %s. Get a new one.", "信任卡已于 %s 过期，请获取新的信任卡。", s.instant(card.NotAfter)))
		}
		before, err := s.pinned()
		if err != nil && !replace {
			return err
		}
		if err := mayReplace(before, card); err != nil && !replace {
			return err
		}
		if !s.json {
			s.card(card)
		}
		if !yes {
			if err := s.confirmPin(); err != nil {
				return err
			}
		}
		if err := s.pin(card, nil); err != nil {
			return err
		}
		if s.json {
			return s.printJSON(card)
		}
		s.printf("pinned", "已固定")
		return nil
	}
	return c
}

// mayReplace refuses a card that takes back what the pinned one, nil for none,
// says.
func mayReplace(before, card *light.Card) error {
	switch {
	case before == nil, bytes.Equal(before.Bytes(), card.Bytes()):
		return nil
	case before.ChainID != card.ChainID || before.Genesis != card.Genesis:
		return usage(sayf("A card of another chain is pinned (%s). If that is to be given up, say --replace.", "已固定的信任卡属于另一条链（%s）。如确需替换，请加 --replace。", before.ChainID))
	case card.Height < before.Height:
		return usage(sayf("The card is of height %d, older than the pinned one, of %d. If that is to be given up, say --replace.", "该信任卡的高度为 %d，早于已固定的高度 %d。如确需替换，请加 --replace。", card.Height, before.Height))
	}
	return nil
}

// confirmPin asks a person whether the fingerprint is right.
func (s *session) confirmPin() error {
	if s.json || !term.IsTerminal(int(s.in.Fd())) {
		return usage(say("Nobody can be asked here. Compare the fingerprint with the one that is published and say --yes.", "此处无法询问确认。请与公布的指纹核对后加上 --yes。"))
	}
	return s.ask(say("Is this the fingerprint that the regulators publish? Pin the card?", "指纹与监管机构公布的一致吗？确认固定？"),
		say("Not confirmed; nothing was pinned.", "未确认，未固定。"))
}
