package cli

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"unicode"

	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/light/qr"
)

// maxImage is the most bytes of an image that are read.
const maxImage = 32 << 20

// input is what is to be verified.
type input struct {
	bundle []byte
	code   bool // it was a QR code, or its text
}

// readBundle reads a bundle from what a person typed: a file, "-" for the
// standard input, the text of a QR code, or the address that has it.
func (s *session) readBundle(arg string) (*input, error) {
	if strings.Contains(arg, "://") && strings.Contains(arg, "#") {
		return parseCode(arg)
	}
	if arg != "-" {
		if _, err := os.Stat(arg); errors.Is(err, os.ErrNotExist) || len(arg) > 4096 { // longer than any path
			if _, e := qr.Parse(arg); e != nil {
				return nil, usageOf(sayf("%.80q is no file, and not the text of a QR code.", "%.80q 不是文件，也不是二维码文字。", arg), e)
			}
			return parseCode(arg)
		}
	}
	raw, err := s.readFile(arg, maxImage)
	if err != nil {
		return nil, err
	}
	return parseInput(raw)
}

// parseInput tells by the first bytes what it is: an image, text, or a bundle,
// which begins with a byte that is no text.
func parseInput(raw []byte) (*input, error) {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff")) // an editor's mark of UTF-8; no bundle begins so
	switch head := bytes.TrimLeftFunc(raw, unicode.IsSpace); {
	case bytes.HasPrefix(raw, []byte("\x89PNG")), bytes.HasPrefix(raw, []byte("\xff\xd8\xff")):
		text, err := qr.ReadImage(raw)
		if err != nil {
			return nil, usageOf(say("There is no legible QR code in the image. Take a sharper one, straight from above, with a light margin around the code.",
				"图片中没有可识别的二维码。请正对二维码重新拍摄清晰的图片，四周留出浅色边距。"), err)
		}
		return parseCode(text)
	case bytes.HasPrefix(head, []byte("<")):
		return nil, usage(say("An SVG cannot be read here. Give the PNG, or a photograph of the print.", "此处无法读取 SVG。请提供 PNG 或印刷品的照片。"))
	case len(head) == 0:
		return nil, usage(say("There is nothing in it.", "内容为空。"))
	case head[0] > ' ' && head[0] < 0x7f:
		return parseCode(string(raw))
	}
	if len(raw) > light.MaxBundleSize {
		return nil, usage(sayf("It has %d bytes; a bundle has at most %d.", "共 %d 字节；证明包最多 %d 字节。", len(raw), light.MaxBundleSize))
	}
	return &input{bundle: raw}, nil
}

// parseCode reads the text of a QR code. One that is damaged establishes nothing.
func parseCode(text string) (*input, error) {
	b, err := qr.Parse(text)
	if err != nil {
		return nil, &failure{exitUnknown, say("Not established: this is not the whole text of a QR code of a ledger.", "无法证实：这不是完整的账本二维码文字。"), err}
	}
	return &input{b, true}, nil
}
