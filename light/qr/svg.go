package qr

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// SVG draws the symbol with its margin and, below, lines of text, in modules of
// some millimetres; 0 for 0.4.
func (s *Symbol) SVG(millimetres float64, lines ...string) ([]byte, error) {
	if millimetres == 0 {
		millimetres = 0.4
	}
	if millimetres < 0.1 || millimetres > 100 {
		return nil, fmt.Errorf("qr: modules of %g mm; 0.1 to 100", millimetres)
	}
	side := s.Size() + 2*Quiet
	longest := 24
	for _, line := range lines {
		longest = max(longest, width(line))
	}
	letter := min(float64(side)/(float64(longest)*0.62), float64(side)/18) // font size in modules
	height := float64(side) + float64(len(lines))*letter*1.3
	if len(lines) > 0 {
		height += letter * 0.5
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.4gmm" height="%.4gmm" viewBox="0 0 %d %.3f">`+"\n",
		float64(side)*millimetres, height*millimetres, side, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%.3f" fill="#fff"/>`+"\n", side, height)
	fmt.Fprintf(&b, `<path shape-rendering="crispEdges" d="%s"/>`+"\n", s.path())
	for i, line := range lines {
		fmt.Fprintf(&b, `<text x="%g" y="%.3f" font-family="monospace" font-size="%.3f" text-anchor="middle">`,
			float64(side)/2, float64(side)+letter*(1+1.3*float64(i)), letter)
		if err := xml.EscapeText(&b, []byte(line)); err != nil {
			return nil, fmt.Errorf("qr: %w", err)
		}
		b.WriteString("</text>\n")
	}
	b.WriteString("</svg>\n")
	return b.Bytes(), nil
}

// width is that of a line in letters: Chinese ones are about twice as wide.
func width(line string) (n int) {
	for _, c := range line {
		n++
		if c >= 0x2e80 {
			n++
		}
	}
	return n
}

// path draws the dark modules, each run of a row at once.
func (s *Symbol) path() string {
	var b strings.Builder
	for y := range s.Size() {
		for x := 0; x < s.Size(); x++ {
			run := 0
			for s.Dark(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+Quiet, y+Quiet, run, run)
				x += run
			}
		}
	}
	return b.String()
}
