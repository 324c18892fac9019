package qr

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
)

const page = "https://verify.example.org"

// symbolOf is the symbol of a bundle of n bytes.
func symbolOf(t testing.TB, n int) (*Symbol, string) {
	t.Helper()
	address, err := Address(page, random(uint64(n), n))
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSymbol(address)
	if err != nil {
		t.Fatal(err)
	}
	return s, address
}

// TestLargest fills symbols of the largest size to the last character.
func TestLargest(t *testing.T) {
	address, err := Address(page, nil)
	if err != nil {
		t.Fatal(err)
	}
	// Bits: 4 + 13 and 11 for two characters, 4 + 16 + 8 for "#", of 2956 bytes
	// (ISO/IEC 18004, tables 2, 3 and 7: version 40-L, byte and alphanumeric).
	head := 17 + (len(address)-len(Encode(nil))-1)*11/2 + 1 + 28 + 17
	most := (2956*8 - head) * 2 / 11
	n := most/3*2 - sumSize
	s, want := symbolOf(t, n)
	if s.Version != 40 || s.Level != 'L' {
		t.Errorf("%d bytes: version %d-%c", n, s.Version, s.Level)
	}
	img, err := s.Image(4)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Read(img); err != nil || got != want {
		t.Errorf("%d bytes: read %.40q, %v", n, got, err)
	}
	long, err := Address(page, random(1, n+2))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewSymbol(long); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%d bytes: %v", n+2, err)
	}
}

// TestLevels wants what the format information says to be what the sizes allow.
func TestLevels(t *testing.T) {
	seen := map[byte]bool{}
	for n := range 60 {
		s, want := symbolOf(t, n)
		seen[s.Level] = true
		if s.Size() != 17+4*s.Version {
			t.Errorf("version %d has %d modules", s.Version, s.Size())
		}
		img, err := s.Image(0)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Read(img); err != nil || got != want {
			t.Errorf("%d bytes, version %d-%c: %v", n, s.Version, s.Level, err)
		}
	}
	for _, l := range "LM" { // sizes are too close to each other for more
		if !seen[byte(l)] {
			t.Errorf("no symbol of level %c", l)
		}
	}
}

// turned returns an image scaled and rotated about its middle, on a light ground,
// a little out of focus and with noise.
func turned(img image.Image, scale, degrees float64, noise int) image.Image {
	b := img.Bounds()
	size := int(scale * math.Hypot(float64(b.Dx()), float64(b.Dy())))
	out := image.NewGray(image.Rect(0, 0, size, size))
	draw.Draw(out, out.Rect, image.NewUniform(color.Gray{235}), image.Point{}, draw.Src)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	sin, cos = sin*scale, cos*scale
	mx, my := float64(b.Dx())/2, float64(b.Dy())/2
	to := f64.Aff3{cos, -sin, float64(size)/2 - cos*mx + sin*my, sin, cos, float64(size)/2 - sin*mx - cos*my}
	draw.BiLinear.Transform(out, to, img, b, draw.Over, nil)
	r := rand.New(rand.NewPCG(1, 2))
	for i, p := range out.Pix {
		out.Pix[i] = uint8(min(255, max(0, int(p)*200/255+25+r.IntN(2*noise+1)-noise)))
	}
	return out
}

// TestRead reads symbols of all the sizes that are stated, as a camera would see
// them, with a reader that has nothing to do with who wrote them.
func TestRead(t *testing.T) {
	if testing.Short() {
		t.Skip("some minutes of pixels")
	}
	for _, n := range []int{1300, 2200} {
		s, want := symbolOf(t, n)
		img, err := s.Image(6, "CNCA-R-2002-001 00117Q12345R0M/3700", "2026-06-01 12:00 UTC+8")
		if err != nil {
			t.Fatal(err)
		}
		for _, scale := range []float64{0.7, 1, 1.5, 3} {
			for _, degrees := range []float64{0, 3, -3, 7, -7} {
				if scale == 3 && (n != 1300 || degrees != 7 && degrees != 0) {
					continue // large images take long and are the easiest
				}
				t.Run(fmt.Sprintf("%d-%g-%g", s.Version, scale, degrees), func(t *testing.T) {
					if got, err := Read(turned(img, scale, degrees, 25)); err != nil || got != want {
						t.Errorf("%.40q, %v", got, err)
					}
				})
			}
		}
	}
}

func TestFiles(t *testing.T) {
	s, want := symbolOf(t, 700)
	file, err := s.PNG(6, "ISSUER NUMBER")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ReadImage(file); err != nil || got != want {
		t.Errorf("PNG: %v", err)
	}
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if w := img.Bounds().Dx(); w != (s.Size()+2*Quiet)*6 {
		t.Errorf("%d pixels wide", w)
	}
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, turned(img, 1.2, 2, 20), &jpeg.Options{Quality: 60}); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadImage(photo.Bytes()); err != nil || got != want {
		t.Errorf("JPEG: %v", err)
	}
	for what, bad := range map[string][]byte{
		"no image": []byte("HTTPS://"), "cut off": file[:len(file)/2], "nothing": nil,
		"white": encode(t, image.NewGray(image.Rect(0, 0, 50, 50))), "one pixel": encode(t, image.NewGray(image.Rect(0, 0, 1, 1))),
	} {
		if got, err := ReadImage(bad); !errors.Is(err, ErrImage) {
			t.Errorf("%s: %q, %v", what, got, err)
		}
	}
}

func encode(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestDamage blackens as much of a symbol as its level promises to survive.
func TestDamage(t *testing.T) {
	s, want := symbolOf(t, 200)
	img, err := s.Image(8)
	if err != nil {
		t.Fatal(err)
	}
	side := s.Size() * 8
	hole := int(float64(side) * 0.2) // 4 % of the area; level L survives 7
	at := image.Pt(Quiet*8+side/2, Quiet*8+side/2)
	draw.Draw(img, image.Rectangle{at, at.Add(image.Pt(hole, hole))}, image.Black, image.Point{}, draw.Src)
	if got, err := Read(img); err != nil || got != want {
		t.Errorf("version %d-%c: %v", s.Version, s.Level, err)
	}
}

// TestCaption wants the lines below the symbol, and nothing of them in its margin.
func TestCaption(t *testing.T) {
	s, _ := symbolOf(t, 700)
	bare, err := s.Image(5)
	if err != nil {
		t.Fatal(err)
	}
	img, err := s.Image(5, strings.Repeat("W", 60), "2026-06-01")
	if err != nil {
		t.Fatal(err)
	}
	side := bare.Rect.Dx()
	if !bytes.Equal(bare.Pix, img.Pix[:len(bare.Pix)]) {
		t.Error("the caption changes the symbol or its margin")
	}
	dark := bytes.Count(img.Pix[len(bare.Pix):], []byte{1})
	if area := len(img.Pix) - len(bare.Pix); dark < area/50 || dark > area/2 {
		t.Errorf("%d of %d dots of the caption are dark", dark, area)
	}
	if img.Rect.Dx() != side {
		t.Errorf("%d pixels wide, not %d", img.Rect.Dx(), side)
	}
	for _, line := range []string{"认证", "a\nb", strings.Repeat("x", 121)} {
		if _, err := s.Image(5, line); !errors.Is(err, ErrCaption) {
			t.Errorf("%q: %v", line, err)
		}
	}
}

// TestSVG draws what the SVG says, and reads it.
func TestSVG(t *testing.T) {
	s, want := symbolOf(t, 700)
	file, err := s.SVG(0, "CNCA-R-2002-001", "证书 <&>")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Width string `xml:"width,attr"`
		Path  struct {
			D string `xml:"d,attr"`
		} `xml:"path"`
		Text []string `xml:"text"`
	}
	if err := xml.Unmarshal(file, &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Text) != 2 || doc.Text[1] != "证书 <&>" {
		t.Errorf("text %q", doc.Text)
	}
	if want := fmt.Sprintf("%.4gmm", float64(s.Size()+2*Quiet)*0.4); doc.Width != want {
		t.Errorf("width %s, not %s", doc.Width, want)
	}
	const px = 5
	side := (s.Size() + 2*Quiet) * px
	img := image.NewGray(image.Rect(0, 0, side, side))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	for _, run := range strings.Split(strings.TrimSuffix(doc.Path.D, "z"), "z") {
		var x, y, w, back int
		if _, err := fmt.Sscanf(run, "M%d %dh%dv1h-%d", &x, &y, &w, &back); err != nil || w != back {
			t.Fatalf("%q: %v", run, err)
		}
		draw.Draw(img, image.Rect(x*px, y*px, (x+w)*px, (y+1)*px), image.Black, image.Point{}, draw.Src)
	}
	if got, err := Read(img); err != nil || got != want {
		t.Errorf("%v", err)
	}
}
