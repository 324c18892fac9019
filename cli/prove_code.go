package cli

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/light/qr"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
)

type codeJSON struct {
	Name       string `json:"name"`
	Version    int    `json:"version"` // 1 to 40
	Level      string `json:"level"`   // L, M, Q or H
	Modules    int    `json:"modules"` // of a side
	Characters int    `json:"characters"`
	Bytes      int    `json:"bytes"` // of the bundle
}

// codeFile refuses a name that is of no kind of image that can be written.
func codeFile(name string) error {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".png", ".svg":
		return nil
	}
	if name == "" {
		return nil
	}
	return usage(sayf("%s is neither .png nor .svg.", "%s 既不是 .png 也不是 .svg。", name))
}

// proveCode writes a QR code. It has no handovers, for which there is no room.
func (s *session) proveCode(ctx context.Context, claim light.Claim, f *proveFlags, card *light.Card, out *proofJSON) error {
	raw, err := s.fetch(ctx, claim, claim.Kind == light.Valid, f.from, card, out)
	if err != nil {
		return err
	}
	page := f.page
	if page == "" {
		page = s.nodes[0]
		if !strings.Contains(page, "://") {
			page = "http://" + page
		}
	}
	address, err := qr.Address(page, raw)
	if err != nil {
		return usageOf(say("The QR code needs the address of a page in letters that it can have (--page https://example.org).", "二维码需要可编码的网页地址（--page https://example.org）。"), err)
	}
	symbol, err := qr.NewSymbol(address)
	if errors.Is(err, qr.ErrTooLarge) {
		return usageOf(sayf("The proof has %d bytes, too many for one QR code. Write a file (--out).", "证明共 %d 字节，超出单个二维码容量，请写入文件（--out）。", len(raw)), err)
	}
	if err != nil {
		return err
	}
	image, err := drawCode(symbol, f, caption(claim, raw))
	if err != nil {
		return usageOf(say("The QR code cannot be drawn.", "无法绘制二维码。"), err)
	}
	if err := writeNew(f.qr, image, 0o644); err != nil {
		return err
	}
	out.QR = &codeJSON{f.qr, symbol.Version, string(symbol.Level), symbol.Size(), len(address), len(raw)}
	s.notef("%s: version %d-%c, %d modules a side; print it at least %.0f mm wide", "%s：版本 %d-%c，每边 %d 个模块；打印宽度至少 %.0f 毫米",
		f.qr, symbol.Version, symbol.Level, symbol.Size(), float64(symbol.Size()+2*qr.Quiet)*0.35)
	return nil
}

func drawCode(symbol *qr.Symbol, f *proveFlags, lines []string) ([]byte, error) {
	if strings.EqualFold(filepath.Ext(f.qr), ".svg") {
		return symbol.SVG(0, lines...)
	}
	return symbol.PNG(f.module, lines...)
}

var beijing = time.FixedZone("UTC+8", 8*60*60)

// caption is what stands below a QR code, for people: of which certificate it is,
// and as of when. What counts is in the code.
func caption(claim light.Claim, raw []byte) []string {
	lines := []string{claim.Number}
	if claim.Issuer != "" {
		lines = []string{claim.Issuer, claim.Number}
	}
	m := new(lightv1.Bundle)
	if err := proto.Unmarshal(raw, m); err == nil && m.Sealed != nil {
		lines = append(lines, "HALLMARK "+time.Unix(0, m.Sealed.Time).In(beijing).Format("2006-01-02 15:04")+" UTC+8")
	}
	return lines
}
