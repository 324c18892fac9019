package connected

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	cmtlight "github.com/cometbft/cometbft/light"
	"github.com/cometbft/cometbft/light/provider"
	"github.com/cometbft/cometbft/types"

	"github.com/hallmark-ledger/hallmark/light"
)

// Config says whom to ask, and what is trusted.
type Config struct {
	ChainID string
	// Primary and Witnesses are CometBFT interfaces of nodes, as
	// http://127.0.0.1:26657. At least one witness is needed; they should belong to
	// institutions of their own.
	Primary   string
	Witnesses []string
	// Dir is the folder of verified headers, of this chain alone.
	Dir string
	// Trust is where to start if the folder has no header that is younger than
	// Period. If the folder has one, both must be of one chain. Nil to go on from
	// the folder.
	Trust *Trust
	// Period is how long validators are answerable for what they have signed:
	// an older header is not started from. Default DefaultPeriod.
	Period time.Duration
	// Keep is how many headers are kept; default 100, at least 2.
	Keep uint16
	// Wait is how long to wait for the block after that of a bundle; default 15 s.
	Wait time.Duration
	// Drift is how far the clock of the verifier may be behind, and Patience how
	// long a node may lag; defaults 10 s and 3 s.
	Drift, Patience time.Duration
}

// Trust is a header that somebody trusted has vouched for.
type Trust struct {
	Height uint64
	Hash   [32]byte // SHA-256 of the header: CometBFT's block hash
}

// DefaultPeriod is the trust period where none is given.
const DefaultPeriod = 7 * 24 * time.Hour

func (c Config) withDefaults() Config {
	for _, d := range []struct {
		value *time.Duration
		or    time.Duration
	}{{&c.Period, DefaultPeriod}, {&c.Wait, 15 * time.Second}, {&c.Drift, 10 * time.Second}, {&c.Patience, 3 * time.Second}} {
		if *d.value == 0 {
			*d.value = d.or
		}
	}
	if c.Keep == 0 {
		c.Keep = 100
	}
	c.Keep = max(c.Keep, 2)
	return c
}

// Client follows the headers of one chain. It is for one goroutine at a time.
type Client struct {
	config  Config
	store   *headers
	sources []*source // the primary first
	light   *cmtlight.Client
	halted  *Attack // nil until there was one
}

// Open opens the folder and starts from a trusted header. It asks the nodes if
// there is something to be compared. Its errors are *Error, *Attack, ErrLocked, or
// of the configuration or the file system. now is the time of the verifier.
func Open(ctx context.Context, config Config, now time.Time) (*Client, error) {
	c := &Client{config: config.withDefaults()}
	switch {
	case c.config.ChainID == "":
		return nil, errors.New("connected: no chain id")
	case len(c.config.Witnesses) == 0:
		return nil, errors.New("connected: no witness: name at least one, of another institution than the primary")
	case c.config.Period < 0 || c.config.Keep > 10_000:
		return nil, errors.New("connected: a period below zero, or more than 10,000 headers to be kept")
	}
	for _, address := range append([]string{c.config.Primary}, c.config.Witnesses...) {
		s, err := newSource(c.config.ChainID, address, c.config.Patience)
		if err != nil {
			return nil, err
		}
		for _, other := range c.sources {
			if other.name == s.name {
				return nil, fmt.Errorf("connected: %s is named twice: a node is no witness of itself", s.name)
			}
		}
		c.sources = append(c.sources, s)
	}
	var err error
	if c.store, err = openHeaders(c.config.Dir, c.config.ChainID); err != nil {
		return nil, toOpenError(err)
	}
	if err := c.guard(func() error { return c.begin(ctx, now) }); err != nil {
		if e := c.store.close(); e != nil {
			return nil, errors.Join(err, e)
		}
		return nil, toError(err)
	}
	return c, nil
}

func toOpenError(err error) error {
	if errors.Is(err, errDamaged) {
		return because(reasonDamaged, err)
	}
	return err
}

// Close lets go of the folder.
func (c *Client) Close() error { return c.store.close() }

// guard makes an error of a panic in the light client, which bytes of a node may
// have caused.
func (c *Client) guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = because(reasonInvalid, fmt.Errorf("%v", r))
		}
	}()
	return f()
}

// begin starts from the folder, or from what is trusted.
func (c *Client) begin(ctx context.Context, now time.Time) error {
	newest, err := c.newest()
	if err != nil {
		return err
	}
	if newest != nil && !c.expired(newest, now) {
		if err := c.resume(); err != nil {
			return err
		}
		return c.agree(ctx, newest, now)
	}
	if c.config.Trust == nil {
		if newest != nil {
			return because(reasonExpired, fmt.Errorf("header %d of %s", newest.Height, newest.Time.UTC().Format(time.RFC3339)))
		}
		return because(reasonNoTrust, nil)
	}
	if err := c.store.Prune(0); err != nil {
		return err
	}
	if err := c.start(ctx, now); err != nil {
		return err
	}
	if newest, err = c.newest(); err != nil {
		return err
	}
	if c.expired(newest, now) {
		return because(reasonExpired, fmt.Errorf("header %d of %s", newest.Height, newest.Time.UTC().Format(time.RFC3339)))
	}
	return nil
}

// newest returns the newest header of the folder, nil if there is none.
func (c *Client) newest() (*types.LightBlock, error) {
	height, err := c.store.LastLightBlockHeight()
	if err != nil || height < 0 {
		return nil, err
	}
	return c.store.LightBlock(height)
}

func (c *Client) expired(b *types.LightBlock, now time.Time) bool {
	return !now.Before(b.Time.Add(c.config.Period))
}

// options are those of the light client.
func (c *Client) options() []cmtlight.Option {
	return []cmtlight.Option{
		cmtlight.PruningSize(c.config.Keep), cmtlight.MaxClockDrift(c.config.Drift),
		cmtlight.MaxBlockLag(0), // a witness has Patience already
		cmtlight.SkippingVerification(cmtlight.DefaultTrustLevel),
		cmtlight.ConfirmationFunction(func(string) bool { return false }), // nothing that was verified is given up
	}
}

func (c *Client) providers() (primary provider.Provider, witnesses []provider.Provider) {
	for _, s := range c.sources[1:] {
		witnesses = append(witnesses, s)
	}
	return c.sources[0], witnesses
}

func (c *Client) resume() (err error) {
	primary, witnesses := c.providers()
	c.light, err = cmtlight.NewClientFromTrustedStore(c.config.ChainID, c.config.Period, primary, witnesses, c.store, c.options()...)
	return err
}

// agree checks that what is trusted is of the chain that the folder follows. What
// is older than the folder goes back to was for a start that has been made.
func (c *Client) agree(ctx context.Context, newest *types.LightBlock, now time.Time) error {
	t := c.config.Trust
	if t == nil {
		return nil
	}
	first, err := c.store.FirstLightBlockHeight()
	if err != nil || int64(t.Height) < first {
		return err
	}
	b, err := c.header(ctx, int64(t.Height), now)
	if err != nil {
		return err
	}
	if !bytes.Equal(b.Hash(), t.Hash[:]) {
		return because(reasonMismatch, fmt.Errorf("height %d: %X is trusted, and header %d of the folder leads to %X", t.Height, t.Hash, newest.Height, b.Hash().Bytes()))
	}
	return nil
}

// start starts from what is trusted. A witness that contradicts it has either seen
// a fork or lies; one that lies is left out.
func (c *Client) start(ctx context.Context, now time.Time) error {
	t := c.config.Trust
	trust := cmtlight.TrustOptions{Period: c.config.Period, Height: int64(t.Height), Hash: t.Hash[:]}
	for {
		primary, witnesses := c.providers()
		var err error
		c.light, err = cmtlight.NewClient(ctx, c.config.ChainID, trust, primary, witnesses, c.store, c.options()...)
		var conflict cmtlight.ErrConflictingHeaders
		if !errors.As(err, &conflict) {
			return err
		}
		liar := c.giver(conflict.Block)
		if liar == nil {
			return because(reasonDisputed, err)
		}
		if e := c.conflictAt(ctx, t, conflict.Block); e != nil {
			return c.attack(err, []Evidence{{liar.name, e}}, now)
		}
		if c.sources = slices.DeleteFunc(c.sources, func(s *source) bool { return s == liar }); len(c.sources) < 2 {
			return because(reasonUnwitnessed, err)
		}
	}
}

// giver returns the node that gave a block, nil if none did.
func (c *Client) giver(b *types.LightBlock) *source {
	i := slices.IndexFunc(c.sources, func(s *source) bool { return s.gave(b.Height, [32]byte(b.Hash())) })
	if i < 0 {
		return nil
	}
	return c.sources[i]
}

// conflictAt returns the evidence that trusted validators signed another header at
// the trusted height, nil if they did not.
func (c *Client) conflictAt(ctx context.Context, t *Trust, other *types.LightBlock) *types.LightClientAttackEvidence {
	for _, s := range c.sources {
		b, err := s.LightBlock(ctx, int64(t.Height))
		if err != nil || !bytes.Equal(b.Hash(), t.Hash[:]) {
			continue
		}
		if b.ValidatorSet.VerifyCommitLight(c.config.ChainID, other.Commit.BlockID, other.Height, other.Commit) != nil || other.Height != b.Height {
			return nil
		}
		e := &types.LightClientAttackEvidence{
			ConflictingBlock: other, CommonHeight: b.Height, Timestamp: b.Time, TotalVotingPower: b.ValidatorSet.TotalVotingPower(),
		}
		e.ByzantineValidators = e.GetByzantineValidators(b.ValidatorSet, b.SignedHeader)
		return e
	}
	return nil
}

// header returns the header of a height, verified and witnessed.
func (c *Client) header(ctx context.Context, height int64, now time.Time) (*types.LightBlock, error) {
	b, err := c.light.VerifyLightBlockAtHeight(ctx, height, now)
	if errors.Is(err, cmtlight.ErrLightClientAttack) {
		return nil, c.attack(err, c.evidence(), now)
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

// evidence is what the light client reported to the nodes: each was told what the
// other gave.
func (c *Client) evidence() (list []Evidence) {
	for _, to := range c.sources {
		for _, e := range to.reported() {
			one := Evidence{Attack: e}
			for _, s := range c.sources {
				if s != to && s.gave(e.ConflictingBlock.Height, [32]byte(e.ConflictingBlock.Hash())) {
					one.Node = s.name
					break
				}
			}
			list = append(list, one)
		}
	}
	return list
}

// Verify checks a claim by a bundle, which may be anything: the header that states
// the root of its height is established first. Where it cannot be, the verdict
// says why. The error is *Attack, or one of the file system. now is the time of the
// call.
func (c *Client) Verify(ctx context.Context, bundle []byte, claim light.Claim, limits light.Limits, now time.Time) (*light.Verdict, error) {
	begin, limit := time.Now(), limits.MaxSize
	if limit == 0 {
		limit = light.MaxBundleSize
	}
	claimed, err := light.Claimed(bundle, limit)
	if err != nil || claim.Check() != nil {
		return light.VerifyHeader(bundle, &light.Header{}, claim, limits, now), nil // says what is wrong
	}
	header, err := c.Header(ctx, claimed, now)
	now = now.Add(time.Since(begin))
	var why *Error
	if errors.As(err, &why) {
		return light.NoHeader(claim, why.Reason, now), nil
	}
	if err != nil {
		return nil, err
	}
	return light.VerifyHeader(bundle, header, claim, limits, now), nil
}
