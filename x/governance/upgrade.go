package governance

import (
	"fmt"

	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Upgrade says that blocks from Height on are executed by the application's
// version AppVersion.
type Upgrade struct {
	Height     uint64
	Name       string
	AppVersion uint64
}

// maxHeight keeps heights within CometBFT's, with room to add to them.
const maxHeight = 1 << 62

// validateScheduleUpgrade checks what can be checked without state.
func validateScheduleUpgrade(a *governancev1.ScheduleUpgrade) error {
	switch {
	case !isSlug(a.GetName()):
		return codeMalformed.Refuse("%.50q is not a name for an upgrade", a.GetName())
	case a.Height == 0 || a.Height > maxHeight:
		return codeMalformed.Refuse("the height %d", a.Height)
	case a.AppVersion == 0:
		return codeMalformed.Refuse("no application version")
	}
	return nil
}

// ApplyScheduleUpgrade schedules an upgrade, activation_blocks ahead or more so
// that operators can prepare for it. One waits at a time.
func (m *Module) ApplyScheduleUpgrade(c *exec.Context, a *governancev1.ScheduleUpgrade) error {
	if err := validateScheduleUpgrade(a); err != nil {
		return err
	}
	p, err := m.Params(c.Store)
	if err != nil {
		return err
	}
	if least := c.Height + p.ActivationBlocks; a.Height < least {
		return codeUpgrade.Refuse("the height %d is below %d", a.Height, least)
	}
	err = upgrades.Scan(c.Store, func(height uint64, u Upgrade) (bool, error) {
		switch {
		case height > c.Height:
			return false, codeUpgrade.Refuse("%s waits for height %d", u.Name, height)
		case u.Name == a.Name:
			return false, codeUpgrade.Refuse("the name %s was used for height %d", u.Name, height)
		case u.AppVersion >= a.AppVersion:
			return false, codeUpgrade.Refuse("the version %d is not above %d of %s", a.AppVersion, u.AppVersion, u.Name)
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	c.Emit(EventUpgrade, AttrName, a.Name, AttrHeight, fmt.Sprint(a.Height), AttrVersion, fmt.Sprint(a.AppVersion))
	return upgrades.Set(c.Store, a.Height, Upgrade{Name: a.Name, AppVersion: a.AppVersion})
}

// ApplyCancelUpgrade takes back the upgrade that waits.
func (m *Module) ApplyCancelUpgrade(c *exec.Context, a *governancev1.CancelUpgrade) error {
	u, ok, err := m.NextUpgrade(c.Store, c.Height)
	if err != nil {
		return err
	}
	if !ok || u.Name != a.GetName() {
		return codeUpgradeUnknown.Refuse("%.50q", a.GetName())
	}
	c.Emit(EventUpgradeCancelled, AttrName, u.Name, AttrHeight, fmt.Sprint(u.Height))
	return upgrades.Delete(c.Store, u.Height)
}

// NextUpgrade returns the first upgrade above height.
func (m *Module) NextUpgrade(r store.Reader, height uint64) (u Upgrade, ok bool, err error) {
	err = upgrades.ScanFrom(r, height+1, func(h uint64, v Upgrade) (bool, error) {
		u, ok = v, true
		u.Height = h
		return false, nil
	})
	return u, ok, err
}

// UpgradeAt returns the upgrade that begins with the block of height.
func (m *Module) UpgradeAt(r store.Reader, height uint64) (Upgrade, bool, error) {
	u, ok, err := upgrades.Get(r, height)
	u.Height = height
	return u, ok, err
}
