package qr

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // a photograph of a symbol
	_ "image/png"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/image/draw"
)

// ErrImage: the bytes are no image that can be read, or there is no legible
// symbol in it.
var ErrImage = errors.New("qr: no legible QR symbol")

// maxPixels is the largest image that is read.
const maxPixels = 40_000_000

// ReadImage returns what the QR symbol in a PNG or JPEG image says. Its errors
// wrap ErrImage.
func ReadImage(file []byte) (string, error) {
	c, format, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return "", fmt.Errorf("%w: neither PNG nor JPEG", ErrImage)
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > maxPixels/c.Height {
		return "", fmt.Errorf("%w: an image of %d by %d pixels is too large", ErrImage, c.Width, c.Height)
	}
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return "", fmt.Errorf("%w: a damaged %s: %w", ErrImage, format, err)
	}
	return Read(img)
}

// Read returns what the QR symbol in an image says. It tries the image as it is
// and in other sizes, which a reader may find it easier in. Its errors wrap
// ErrImage.
func Read(img image.Image) (text string, err error) {
	// What a reader does with bytes that nobody has tried is not known for certain.
	defer func() {
		if r := recover(); r != nil {
			text, err = "", fmt.Errorf("%w: %v", ErrImage, r)
		}
	}()
	last := errors.New("an empty image")
	for _, scale := range []float64{1, 2, 0.5, 1.4} {
		b := img.Bounds()
		w, h := int(float64(b.Dx())*scale), int(float64(b.Dy())*scale)
		if w < 1 || h < 1 || w > maxPixels/h {
			continue
		}
		gray := image.NewGray(image.Rect(0, 0, w, h))
		draw.Draw(gray, gray.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.BiLinear.Scale(gray, gray.Rect, img, b, draw.Over, nil)
		source := gozxing.NewLuminanceSourceFromImage(gray)
		for _, binarizer := range []gozxing.Binarizer{gozxing.NewHybridBinarizer(source), gozxing.NewGlobalHistgramBinarizer(source)} {
			bitmap, err := gozxing.NewBinaryBitmap(binarizer)
			if err != nil {
				return "", fmt.Errorf("%w: %w", ErrImage, err)
			}
			result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
			if err == nil {
				return result.GetText(), nil
			}
			last = err
		}
	}
	return "", fmt.Errorf("%w: %w", ErrImage, last)
}
