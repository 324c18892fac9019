// Package browser_test opens the page that a real node serves in headless
// Chromium, and does there what people do. The driver, which says what a browser
// must show, is ../page/test/run.mjs.
//
//	make test-web
package browser_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/light/qr"
	"github.com/hallmark-ledger/hallmark/node/command"
)

// asNode makes the test binary behave as hallmarkd.
const asNode = "TEST_AS_HALLMARKD"

func TestMain(m *testing.M) {
	if os.Getenv(asNode) != "" {
		os.Exit(command.Main())
	}
	os.Exit(m.Run())
}

const driver = "../page/test/run.mjs"

// scenario is what the driver is told.
type scenario struct {
	Base     string            `json:"base"`     // the node's address, through the wire
	Control  string            `json:"control"`  // where the wire is cut and joined
	Chromium string            `json:"chromium"` // the program
	Shots    string            `json:"shots"`    // folder for pictures of the page
	Files    map[string]string `json:"files"`    // by name
	Codes    map[string]string `json:"codes"`    // texts of codes by name, without the address
	Numbers  map[string]string `json:"numbers"`
	Issuer   string            `json:"issuer"`
	ValidOn  string            `json:"valid_on"` // a day on which the expired one was valid
	Products map[string]string `json:"products"` // URIs by name
	HTML     string            `json:"html"`     // part of the text of the revoked one
	// Fingerprints of the cards, as they are printed.
	Fingerprint, Other string
	// Verdicts are Go's on the same bundles, for the same claims.
	Verdicts map[string]json.RawMessage `json:"verdicts"`
}

// TestPage is everything at once: to start a network and a browser takes longest.
func TestPage(t *testing.T) {
	if os.Getenv("HALLMARK_TEST_WEB") == "" {
		t.Skip("runs four nodes and a browser for about four minutes: make test-web")
	}
	node, chromium := programs(t)
	l := newLedger(t)
	w := newWire(t, l.net.Nodes[0].API)
	s := &scenario{
		Base: w.url(), Control: w.control(t), Chromium: chromium, Shots: shots(t), Issuer: issuer, ValidOn: expiredValidOn, HTML: html,
		Numbers:     map[string]string{"authentic": authentic, "suspended": suspended, "revoked": revoked, "expired": expired, "unknown": unknown},
		Fingerprint: l.card.FingerprintText(), Files: map[string]string{}, Codes: map[string]string{}, Verdicts: map[string]json.RawMessage{},
	}
	s.fill(t, l)
	s.fillProducts(t, l)
	path := filepath.Join(t.TempDir(), "scenario.json")
	raw, err := json.Marshal(s)
	check(t, err)
	check(t, os.WriteFile(path, raw, 0o644))
	run(t, node, path)
	for name, text := range s.Codes {
		if sent := w.bytes(); len(sent) == 0 || bytes.Contains(sent, []byte(text[len(text)/2:len(text)/2+20])) {
			t.Errorf("%s: the browser sent %d bytes, part of the code among them", name, len(sent))
		}
	}
}

// programs finds node and Chromium. Where one is missing the test is skipped, but
// in CI, which is to have them.
func programs(t *testing.T) (node, chromium string) {
	t.Helper()
	skip := t.Skipf
	if os.Getenv("CI") != "" {
		skip = t.Fatalf
	}
	node, err := exec.LookPath("node")
	if err != nil {
		skip("node is not installed (Debian: nodejs npm)")
	}
	if chromium, err = exec.LookPath("chromium"); err != nil {
		skip("chromium is not installed (Debian: chromium)")
	}
	if _, err := os.Stat("../page/node_modules/playwright-core"); err != nil {
		skip("the modules of the page are not installed: make test-web does it")
	}
	return node, chromium
}

// shots is a folder that stays if HALLMARK_SHOTS names one.
func shots(t *testing.T) string {
	dir := os.Getenv("HALLMARK_SHOTS")
	if dir == "" {
		return t.TempDir()
	}
	check(t, os.MkdirAll(dir, 0o755))
	return dir
}

// fill makes the files and codes, and Go's verdicts on them.
func (s *scenario) fill(t *testing.T, l *ledger) {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, b []byte) {
		s.Files[name] = filepath.Join(dir, name)
		check(t, os.WriteFile(s.Files[name], b, 0o644))
	}
	verdict := func(name string, bundle []byte, claim light.Claim, head bool) {
		v := light.Verify(bundle, l.card, claim, light.Limits{HeadSuffices: head}, time.Now())
		raw, err := json.Marshal(v)
		check(t, err)
		s.Verdicts[name] = raw
	}
	code := func(name, issuer, number string, bundle []byte) {
		s.Codes[name] = qr.Encode(bundle)
		verdict(name, bundle, light.Claim{Issuer: issuer, Number: number}, true)
	}
	heads := map[string][]byte{}
	for name, number := range s.Numbers {
		if name == "unknown" {
			continue
		}
		from := issuer
		if name == "expired" {
			from = expiredIssuer
		}
		heads[name] = l.bundle(from, number, client.HeadOnly())
		code(name, from, number, heads[name])
		whole := l.bundle(from, number)
		write(name+".hmb", whole)
		verdict(name+".hmb", whole, light.Claim{Issuer: from, Number: number}, false)
	}
	code("altered", issuer, revoked, l.altered(heads["revoked"]))
	code("self-sealed", issuer, revoked, l.selfSealed(heads["revoked"]))
	code("padded", issuer, authentic, padded(heads["authentic"]))
	absent, err := l.net.Nodes[0].Client.AbsenceBundle(t.Context(), unknown)
	check(t, err)
	write("unknown.hmb", absent)
	verdict("unknown.hmb", absent, light.Claim{Kind: light.Absent, Number: unknown}, false)

	img := symbol(t, s.Base, heads["authentic"], 6)
	write("code.png", img.png)
	write("code.jpg", photograph(t, img.image, 1100, 1100))
	write("camera.mjpeg", photograph(t, img.image, 1280, 960))
	write("no-code.png", blank(t))
	write("text.txt", []byte(s.Base+"/V#"+s.Codes["authentic"]+"\n"))
	write("trust.hmcard", l.card.Bytes())
	other := l.cardOf(l.card.Made, l.card.NotAfter.Add(-time.Hour))
	s.Other = other.FingerprintText()
	write("other.hmcard", other.Bytes())
	write("ended.hmcard", l.cardOf(l.card.Made.Add(-48*time.Hour), l.card.Made.Add(-24*time.Hour)).Bytes())
	spoilt := bytes.Clone(l.card.Bytes())
	spoilt[len(spoilt)-1] ^= 1
	write("spoilt.hmcard", spoilt)
	write("rubbish.hmb", []byte{0, 1, 2, 3, 4, 5, 6, 7})
}

type drawn struct {
	png   []byte
	image image.Image
}

func symbol(t *testing.T, base string, bundle []byte, module int) drawn {
	t.Helper()
	address, err := qr.Address(base, bundle)
	check(t, err)
	s, err := qr.NewSymbol(address)
	check(t, err)
	png, err := s.PNG(module, "Example")
	check(t, err)
	img, err := s.Image(module)
	check(t, err)
	return drawn{png, img}
}

// photograph puts an image on a grey ground and makes a JPEG of it.
func photograph(t *testing.T, img image.Image, w, h int) []byte {
	t.Helper()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Rect, image.NewUniform(color.Gray{200}), image.Point{}, draw.Src)
	at := image.Pt((w-img.Bounds().Dx())/2, (h-img.Bounds().Dy())/2)
	draw.Draw(out, img.Bounds().Add(at), img, image.Point{}, draw.Src)
	var b bytes.Buffer
	check(t, jpeg.Encode(&b, out, &jpeg.Options{Quality: 85}))
	return b.Bytes()
}

func blank(t *testing.T) []byte {
	t.Helper()
	return photograph(t, image.NewGray(image.Rect(0, 0, 1, 1)), 300, 300)
}

// run starts the driver. It prints a line of JSON for each check.
func run(t *testing.T, node, scenario string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), node, driver, scenario)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	checks := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var c struct{ Name, Error string }
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Log(lines.Text())
			continue
		}
		checks++
		t.Run(c.Name, func(t *testing.T) {
			if c.Error != "" {
				t.Error(c.Error)
			}
		})
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	if checks < 30 && os.Getenv("ONLY") == "" {
		t.Fatalf("the driver made %d checks\n%s", checks, stderr.String())
	}
}

// fillProducts makes the files about products and evidence, and Go's verdicts.
func (s *scenario) fillProducts(t *testing.T, l *ledger) {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, b []byte) {
		s.Files[name] = filepath.Join(dir, name)
		check(t, os.WriteFile(s.Files[name], b, 0o644))
	}
	verdict := func(name string, bundle []byte, claim light.Claim) {
		write(name, bundle)
		raw, err := json.Marshal(light.Verify(bundle, l.card, claim, light.Limits{}, time.Now()))
		check(t, err)
		s.Verdicts[name] = raw
	}
	s.Products = map[string]string{
		"cells": cellLot, "sound-cells": soundLot, "bank": bank, "sound-bank": soundBank, "carton": carton, "foil": foil, "recalled": recalled,
		"other": otherURI, "wrong-check": wrongCheck, "nowhere": nowhere, "cell-item": cellItem, "plant": plant,
		"cell-certificate": cellCertificate, "sound-certificate": soundCertificate, "bank-certificate": bankCertificate,
	}
	traced := func(name, uri string, bundle []byte) {
		verdict("trace-"+name+".hmb", bundle, light.Claim{Kind: light.Traced, Product: uri})
	}
	for name, uri := range map[string]string{"cells": cellLot, "bank": bank, "sound-bank": soundBank, "carton": carton, "recalled": recalled, "other": otherURI, "nowhere": nowhere} {
		traced(name, uri, l.traceBundle(uri))
	}
	whole := l.traceBundle(bank)
	traced("altered", bank, l.alteredTrace(whole, bank))
	traced("withheld", bank, l.withheld(whole))
	traced("anchored", bank, l.joined(func() []byte { return l.traceBundle(bank) }, func() []byte { return l.evidenceBundle(l.beside) }))
	write("two.hmb", l.joined(func() []byte { return l.traceBundle(soundBank) }, func() []byte { return l.traceBundle(recalled) }))

	bundle := l.evidenceBundle(l.report)
	verdict("report.hmb", bundle, light.Claim{Kind: light.Anchored, Anchor: l.report.id, Content: sm3.Sum(l.report.content)})
	write("report.pdf", l.report.content)
	changed := bytes.Clone(l.report.content)
	changed[len(changed)/2] ^= 1
	write("changed.pdf", changed)
}
