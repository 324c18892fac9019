package cli

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/light"
)

func (s *session) cardUpdate() *cobra.Command {
	return &cobra.Command{
		Use:   "update [BUNDLE]",
		Short: s.language.of(say("Move the pinned card forward to the present seal set", "将已固定的信任卡更新至当前签章集合")),
		Long: s.language.of(say(`Move the pinned card forward through the handovers of a bundle, or of a node, which
need not be trusted: each step is sealed by the set before it. It never goes back,
and the day on which the card ends stays.`,
			`依据证明包或节点提供的集合交接，将已固定的信任卡更新至当前签章集合。提供者无须可信：每次交接均由
前一集合签章。更新不会后退，信任卡的到期日不变。`)),
		Args: args(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, given []string) error {
			pin, err := s.pinned()
			if err != nil {
				return err
			}
			if pin == nil {
				return usage(say("No card is pinned (hallmark card pin FILE).", "尚未固定信任卡（hallmark card pin FILE）。"))
			}
			if time.Now().After(pin.NotAfter) {
				return &failure{exitUnknown, sayf("The pinned card has ended, on %s: get a new one.", "已固定的信任卡已于 %s 过期：请获取新的信任卡。", s.instant(pin.NotAfter)), nil}
			}
			var raw []byte
			if len(given) > 0 {
				in, err := s.readBundle(given[0])
				if err != nil {
					return err
				}
				raw = in.bundle
			} else {
				node, err := s.connect()
				if err != nil {
					return err
				}
				// Any bundle has the handovers; this is the smallest.
				if raw, err = node.AbsenceBundle(c.Context(), "0", client.HandoversFrom(pin.Height)); err != nil {
					return noWay(err)
				}
			}
			return s.moveForward(pin, raw)
		},
	}
}

// moveForward pins the set to which the handovers of a bundle lead.
func (s *session) moveForward(pin *light.Card, raw []byte) error {
	state, err := light.Open(raw, pin, light.MaxBundleSize)
	if err != nil {
		return &failure{exitUnknown, say("Not established: the pinned card does not vouch for the bundle; nothing was changed.", "无法证实：已固定的信任卡不能验证该证明包；未作更改。"), err}
	}
	if state.Handovers == 0 {
		if s.json {
			return s.printJSON(pin)
		}
		s.printf("The seal set is still that of the pinned card, as of %s.", "截至 %s，签章集合仍为已固定的信任卡所载。", s.instant(time.Unix(0, state.Statement.Time)))
		return nil
	}
	made := time.Unix(0, state.Statement.Time).UTC().Truncate(time.Second)
	if made.Before(pin.Made) {
		made = pin.Made
	}
	card, err := light.NewCard(light.Card{
		ChainID: pin.ChainID, Genesis: pin.Genesis, Height: state.Trust.Begin, Set: state.Trust.Set(),
		Made: made, NotAfter: pin.NotAfter,
	})
	if err != nil {
		return &failure{exitUnknown, say("Not established: the card would end before the seal was made; nothing was changed.", "无法证实：信任卡在签章之前已到期；未作更改。"), err}
	}
	published, err := s.publishedOf(pin)
	if err != nil {
		return err
	}
	if err := s.pin(card, published); err != nil {
		return err
	}
	if s.json {
		return s.printJSON(card)
	}
	s.printf("moved forward by %d handovers", "已经 %d 次交接更新", state.Handovers)
	s.card(card)
	return nil
}

// publishedOf returns the card with signatures that a pin comes from: itself, or
// the one that is kept beside it.
func (s *session) publishedOf(pin *light.Card) (*light.Card, error) {
	path, err := s.pinPath(publishedName)
	if err != nil {
		return nil, err
	}
	if len(pin.Signatures) > 0 || !exists(path) {
		return pin, nil
	}
	return s.parseCard(path)
}
