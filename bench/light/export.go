package main

import (
	"encoding/json"
	"os"
	"time"

	"github.com/hallmark-ledger/hallmark/light"
)

// exported is a sample for programs in other languages. Bytes are in base64.
type exported struct {
	Name         string      `json:"name"`
	Card         []byte      `json:"card"`
	Bundle       []byte      `json:"bundle"`
	Claim        light.Claim `json:"claim"`
	HeadSuffices bool        `json:"head_suffices"`
	Now          time.Time   `json:"now"`
}

// export writes the samples of some numbers of validators to a file.
func export(path string, keys int, validators ...int) error {
	var list []exported
	for _, n := range validators {
		samples, err := samplesOf(keys, n)
		if err != nil {
			return err
		}
		for _, s := range samples {
			list = append(list, exported{s.name, s.card.Bytes(), s.bundle, s.claim, s.limits.HeadSuffices, s.now})
		}
	}
	raw, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, raw, 0o644)
}
