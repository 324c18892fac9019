package cli

import (
	"fmt"
	"io"
)

// readAll reads at most limit bytes.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if int64(len(raw)) > limit {
		return nil, usage(sayf("The file has more than %d bytes.", "文件超过 %d 字节。", limit))
	}
	return raw, nil
}
