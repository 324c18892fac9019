package connected

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/cometbft/cometbft/light/store"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/cometbft/cometbft/types"
	"github.com/gofrs/flock"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// headers is the trusted store: verified headers in a folder, with commits and
// validators, each in a file of its own that is written once and whole.
//
//	00000000000000001200.header   SM3(what follows) ‖ tendermint.types.LightBlock
//	lock                          held by the process that uses the folder
//
// The hash finds damage, not forgery: who can write into the folder can make the
// verifier believe anything, as who can write its cards.
type headers struct {
	dir, chain string
	lock       *flock.Flock

	mu      sync.Mutex
	heights []int64 // guarded by mu; ascending
}

var _ store.Store = (*headers)(nil)

const (
	suffix     = ".header"
	maxHeader  = 4 << 20 // bytes of a file
	temporary  = ".tmp"
	lockName   = "lock"
	dirMode    = 0o700
	headerMode = 0o600
)

// openHeaders opens the store in a folder, which it makes. Its errors are ErrLocked
// or wrap errDamaged.
func openHeaders(dir, chain string) (*headers, error) {
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return nil, fmt.Errorf("connected: %w", err)
	}
	s := &headers{dir: dir, chain: chain, lock: flock.New(filepath.Join(dir, lockName))}
	ok, err := s.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("connected: %w", err)
	}
	if !ok {
		return nil, fmt.Errorf("%w: %s", ErrLocked, dir)
	}
	if err := s.list(); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *headers) close() error { return s.lock.Unlock() }

// list reads which headers there are. What a crash left half written is removed.
func (s *headers) list() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return fmt.Errorf("connected: %w", err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), suffix+temporary) {
			if err := os.Remove(filepath.Join(s.dir, e.Name())); err != nil {
				return fmt.Errorf("connected: %w", err)
			}
		}
		name, ok := strings.CutSuffix(e.Name(), suffix)
		if !ok {
			continue
		}
		height, err := strconv.ParseInt(name, 10, 64)
		if err != nil || height <= 0 || filepath.Base(s.path(height)) != e.Name() {
			return fmt.Errorf("%w: %s is no header", errDamaged, filepath.Join(s.dir, e.Name()))
		}
		s.heights = append(s.heights, height)
	}
	slices.Sort(s.heights)
	return nil
}

func (s *headers) path(height int64) string {
	return filepath.Join(s.dir, fmt.Sprintf("%020d%s", height, suffix))
}

// SaveLightBlock implements store.Store. The header is durable when it returns.
func (s *headers) SaveLightBlock(b *types.LightBlock) error {
	m, err := b.ToProto()
	if err != nil {
		return fmt.Errorf("connected: encode header %d: %w", b.Height, err)
	}
	raw, err := m.Marshal()
	if err != nil {
		return fmt.Errorf("connected: encode header %d: %w", b.Height, err)
	}
	sum := sm3.Sum(raw)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := writeWhole(s.path(b.Height), append(sum[:], raw...)); err != nil {
		return err
	}
	if i, ok := slices.BinarySearch(s.heights, b.Height); !ok {
		s.heights = slices.Insert(s.heights, i, b.Height)
	}
	return nil
}

// writeWhole writes a file so that a crash leaves all of it or nothing.
func writeWhole(path string, data []byte) error {
	f, err := os.OpenFile(path+temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, headerMode)
	if err != nil {
		return fmt.Errorf("connected: %w", err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(path+temporary, path)
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("connected: %w", err)
	}
	return nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// LightBlock implements store.Store. Its errors are store.ErrLightBlockNotFound or
// wrap errDamaged.
func (s *headers) LightBlock(height int64) (*types.LightBlock, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.read(height)
}

func (s *headers) read(height int64) (*types.LightBlock, error) {
	if _, ok := slices.BinarySearch(s.heights, height); !ok {
		return nil, store.ErrLightBlockNotFound
	}
	path := s.path(height)
	b, err := readHeader(path, s.chain)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", errDamaged, path, err)
	}
	if b.Height != height {
		return nil, fmt.Errorf("%w: %s has header %d", errDamaged, path, b.Height)
	}
	return b, nil
}

// readHeader reads a file and checks what can be checked without any trust.
func readHeader(path, chain string) (*types.LightBlock, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxHeader {
		return nil, fmt.Errorf("%d bytes", info.Size())
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(raw) < sm3.Size || sm3.Sum(raw[sm3.Size:]) != sm3.Hash(raw[:sm3.Size]) {
		return nil, errors.New("it is not as it was written")
	}
	m := new(cmtproto.LightBlock)
	if err := m.Unmarshal(raw[sm3.Size:]); err != nil {
		return nil, err
	}
	b, err := types.LightBlockFromProto(m)
	if err != nil {
		return nil, err
	}
	return b, b.ValidateBasic(chain)
}

// DeleteLightBlock implements store.Store.
func (s *headers) DeleteLightBlock(height int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.remove(height)
}

func (s *headers) remove(height int64) error {
	if err := os.Remove(s.path(height)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("connected: %w", err)
	}
	if i, ok := slices.BinarySearch(s.heights, height); ok {
		s.heights = slices.Delete(s.heights, i, i+1)
	}
	return nil
}

// LastLightBlockHeight implements store.Store.
func (s *headers) LastLightBlockHeight() (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.heights) == 0 {
		return -1, nil
	}
	return s.heights[len(s.heights)-1], nil
}

// FirstLightBlockHeight implements store.Store.
func (s *headers) FirstLightBlockHeight() (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.heights) == 0 {
		return -1, nil
	}
	return s.heights[0], nil
}

// LightBlockBefore implements store.Store.
func (s *headers) LightBlockBefore(height int64) (*types.LightBlock, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, _ := slices.BinarySearch(s.heights, height)
	if i == 0 {
		return nil, store.ErrLightBlockNotFound
	}
	return s.read(s.heights[i-1])
}

// Prune implements store.Store: the oldest go first.
func (s *headers) Prune(size uint16) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.heights) > int(size) {
		if err := s.remove(s.heights[0]); err != nil {
			return err
		}
	}
	return nil
}

// Size implements store.Store.
func (s *headers) Size() uint16 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return uint16(min(len(s.heights), 1<<16-1))
}
