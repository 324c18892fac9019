package qr

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"

	"golang.org/x/image/font"
	"golang.org/x/image/font/inconsolata"
	"golang.org/x/image/math/fixed"
)

// ErrCaption: a line cannot be drawn. An SVG has every character.
var ErrCaption = errors.New("qr: the caption of a PNG can have printable ASCII characters only")

const (
	// DefaultModule is the pixels of a module in a PNG: 0.4 mm at 508 dots per
	// inch, 0.7 mm at 300.
	DefaultModule = 8
	maxModule     = 40

	cellWidth, cellHeight = 8, 16 // pixels of a character of the font
	maxLines              = 8
	maxLine               = 120 // characters
)

// PNG draws the symbol with its margin and, below, lines of text, in modules of
// some pixels; 0 for DefaultModule.
func (s *Symbol) PNG(module int, lines ...string) ([]byte, error) {
	img, err := s.Image(module, lines...)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img); err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	return b.Bytes(), nil
}

// Image is PNG before it is encoded: two colours, 0 light and 1 dark.
func (s *Symbol) Image(module int, lines ...string) (*image.Paletted, error) {
	if module == 0 {
		module = DefaultModule
	}
	if module < 1 || module > maxModule {
		return nil, fmt.Errorf("qr: modules of %d pixels; 1 to %d", module, maxModule)
	}
	if err := checkLines(lines); err != nil {
		return nil, err
	}
	side := (s.Size() + 2*Quiet) * module
	zoom := zoomOf(side, module, lines)
	below := len(lines) * (cellHeight + 4) * zoom
	if below > 0 {
		below += Quiet * module / 2
	}
	img := image.NewPaletted(image.Rect(0, 0, side, side+below), color.Palette{color.White, color.Black})
	for y := range s.Size() {
		for x := range s.Size() {
			if s.Dark(x, y) {
				at := image.Pt(x+Quiet, y+Quiet).Mul(module)
				draw.Draw(img, image.Rectangle{at, at.Add(image.Pt(module, module))}, image.Black, image.Point{}, draw.Src)
			}
		}
	}
	for i, line := range lines {
		write(img, line, image.Pt(side/2, side+i*(cellHeight+4)*zoom), zoom)
	}
	return img, nil
}

func checkLines(lines []string) error {
	if len(lines) > maxLines {
		return fmt.Errorf("%w: %d lines, at most %d", ErrCaption, len(lines), maxLines)
	}
	for _, line := range lines {
		if len(line) > maxLine {
			return fmt.Errorf("%w: a line of %d characters, at most %d", ErrCaption, len(line), maxLine)
		}
		for _, c := range line {
			if c < ' ' || c > '~' {
				return fmt.Errorf("%w: not %q", ErrCaption, c)
			}
		}
	}
	return nil
}

// zoomOf returns how many pixels a dot of the font has: as many as let the longest
// line fit into the width, but not a font out of proportion.
func zoomOf(side, module int, lines []string) int {
	longest := 1
	for _, line := range lines {
		longest = max(longest, len(line))
	}
	return max(1, min(side/(longest*cellWidth), module/2))
}

// write draws a line whose upper middle is at a point, each dot of the font
// zoom pixels wide. What does not fit is cut on both sides.
func write(img draw.Image, line string, at image.Point, zoom int) {
	small := image.NewGray(image.Rect(0, 0, len(line)*cellWidth, cellHeight))
	d := font.Drawer{Dst: small, Src: image.White, Face: inconsolata.Bold8x16, Dot: fixed.P(0, inconsolata.Bold8x16.Ascent)}
	d.DrawString(line)
	left := at.X - small.Rect.Dx()*zoom/2
	for y := range small.Rect.Dy() {
		for x := range small.Rect.Dx() {
			if small.GrayAt(x, y).Y >= 128 {
				dot := image.Rect(0, 0, zoom, zoom).Add(image.Pt(left+x*zoom, at.Y+y*zoom))
				draw.Draw(img, dot, image.Black, image.Point{}, draw.Src)
			}
		}
	}
}
