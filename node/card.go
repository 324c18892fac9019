package node

import (
	"os"
	"time"

	"github.com/hallmark-ledger/hallmark/light"
)

// readCard reads the trust card that the node hands out with its pages, nil if
// none is configured. One that has ended is handed out all the same: verifiers
// see that it has.
func (n *Node) readCard() (*light.Card, error) {
	path := n.config.API.CardFile
	if path == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, Troublef(ErrConfig, "api.card_file: %v", "api.card_file：%v", err)
	}
	card, err := light.ParseCard(raw)
	if err != nil {
		return nil, Troublef(ErrConfig, "api.card_file, %s: %v. Get the card from the regulators again", "api.card_file，%s：%v。请向监管机构重新获取信任卡", path, err)
	}
	if card.ChainID != n.genesis.ChainID {
		return nil, Troublef(ErrConfig, "api.card_file, %s, is of the chain %q, this node of %q", "api.card_file（%s）属于链 %q，本节点属于 %q", path, card.ChainID, n.genesis.ChainID)
	}
	if time.Now().After(card.NotAfter) {
		n.log.Warn("the trust card of api.card_file has ended: put a newer one there and restart api.card_file 的信任卡已过期，请更换后重启", "not_after", card.NotAfter)
	}
	return card, nil
}
