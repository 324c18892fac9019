package node

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	dbm "github.com/cometbft/cometbft-db"
	"github.com/cometbft/cometbft/config"
	cmtjson "github.com/cometbft/cometbft/libs/json"
	"github.com/cometbft/cometbft/store"
	"github.com/cometbft/cometbft/types"
)

// databases opens CometBFT's databases, and remembers them: CometBFT leaves them
// open where it fails to start. One goroutine uses it.
type databases struct {
	genesis *types.GenesisDoc // of the file
	height  uint64            // of the application
	open    []dbm.DB
}

// provide implements config.DBProvider.
func (d *databases) provide(c *config.DBContext) (dbm.DB, error) {
	db, err := config.DefaultDBProvider(c)
	if err != nil {
		return nil, Troublef(ErrState, "CometBFT's database %q cannot be opened: %v. If it is damaged, restore all of the data folder but validator_state.json from one backup, or let the node fetch it anew", "无法打开 CometBFT 数据库 %q：%v。若已损坏，请从同一备份恢复 data 目录中除 validator_state.json 外的全部内容，或让节点重新同步", c.ID, err)
	}
	db = &closing{DB: db}
	d.open = append(d.open, db)
	switch c.ID {
	case "blockstore":
		err = d.checkHeight(db)
	case "state":
		err = d.checkGenesis(db)
	}
	return db, err
}

// checkHeight compares the blocks with the height of the application, which is
// never ahead of them, and is never so far behind that blocks it lacks were
// deleted.
func (d *databases) checkHeight(db dbm.DB) error {
	blocks := store.LoadBlockStoreState(db)
	switch first, last := uint64(blocks.Base), uint64(blocks.Height); {
	case d.height > last:
		return Troublef(ErrState, "the state is at height %d, the blocks end at %d: they are not of one home. Restore all of the data folder but validator_state.json from one backup, or delete that and let the node fetch it anew", "状态高度为 %d，而区块止于 %d：二者不属于同一目录。请从同一备份恢复 data 目录中除 validator_state.json 外的全部内容，或将其删除并重新同步", d.height, last)
	case d.height > 0 && d.height+1 < first:
		return Troublef(ErrState, "the state is at height %d, the blocks begin at %d: those between are gone. Restore all of the data folder but validator_state.json from one backup", "状态高度为 %d，而区块始于 %d：其间的区块已不存在。请从同一备份恢复 data 目录中除 validator_state.json 外的全部内容", d.height, first)
	}
	return nil
}

// checkGenesis compares the genesis file with the one that db was made with,
// which CometBFT would use without a word.
func (d *databases) checkGenesis(db dbm.DB) error {
	stored, err := db.Get([]byte("genesisDoc")) // CometBFT's key
	if err != nil || stored == nil {
		return err
	}
	var made types.GenesisDoc
	if err := cmtjson.Unmarshal(stored, &made); err != nil {
		return Troublef(ErrState, "the genesis in CometBFT's database cannot be read: %v", "CometBFT 数据库中的创世文件无法读取：%v", err)
	}
	if made.ChainID != d.genesis.ChainID {
		return Troublef(ErrGenesis, "the data is of the chain %q, genesis.json of %q: put back the one that belongs here, or choose another home", "数据属于链 %q，而 genesis.json 属于 %q：请恢复正确的创世文件，或换用其他目录", made.ChainID, d.genesis.ChainID)
	}
	given, err := cmtjson.Marshal(d.genesis)
	if err != nil {
		return err
	}
	if !bytes.Equal(given, stored) {
		return Troublef(ErrGenesis, "genesis.json of %q is not the one that the data was made with: put that back, or choose another home", "链 %q 的 genesis.json 与生成现有数据时不同：请恢复原文件，或换用其他目录", made.ChainID)
	}
	return nil
}

// close closes what CometBFT has not closed.
func (d *databases) close() error {
	var errs []error
	for _, db := range d.open {
		errs = append(errs, db.Close())
	}
	d.open = nil
	return errors.Join(errs...)
}

// LoadGenesis reads and checks the genesis file.
func (c *Config) LoadGenesis() (*types.GenesisDoc, error) {
	doc, err := types.GenesisDocFromFile(c.GenesisFile())
	if err != nil {
		return nil, Troublef(ErrGenesis, "%v: get the file from the network anew and compare its hash", "%v：请重新获取网络的创世文件并核对其杂凑值", err)
	}
	if len(doc.AppState) == 0 {
		return nil, Troublef(ErrGenesis, "%s has no app_state: it is not of a Hallmark network", "%s 没有 app_state：不是印信网络的创世文件", c.GenesisFile())
	}
	return doc, nil
}

// handshakeTrouble says what an error or a panic of CometBFT's start means.
func handshakeTrouble(err error) error {
	if _, ok := errors.AsType[*trouble](err); ok {
		return err
	}
	text, _, _ := strings.Cut(err.Error(), "State:") // what follows is a dump of it
	return Troublef(ErrState, "CometBFT and the state do not come to the same height: %s", "CometBFT 与状态无法达到同一高度：%s", strings.TrimSpace(text))
}

// guarded calls fn and returns a panic of it as an error.
func guarded(fn func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	return fn()
}
