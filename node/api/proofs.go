package api

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/store"
)

type proofInput struct {
	Key string `path:"key" pattern:"^([0-9a-f]{2})+$" maxLength:"2048" doc:"Raw key of the state, hexadecimal. 状态的原始键，十六进制。"`
	At
}

func (s *Server) registerProofs(a huma.API) {
	read(s, a, operation{
		"get-proof", "/v1/proofs/{key}", tagChain,
		api.Text{En: "Proof of a key", Zh: "状态证明"},
		api.Text{
			En: "The value of a key of the state, or its absence, with the proof for the state root.",
			Zh: "状态键的取值或其不存在，附针对状态根的证明。",
		},
	}, getProof)
}

func getProof(v *view, in *proofInput) (*api.StateProof, error) {
	key, err := hex.DecodeString(in.Key)
	if err != nil {
		return nil, fail(http.StatusUnprocessableEntity, "The key is not hexadecimal.")
	}
	if err := store.CheckKey(key); err != nil {
		return nil, fail(http.StatusUnprocessableEntity, "A key of the state has at most %d bytes.", store.MaxKey)
	}
	root, err := v.Root()
	if err != nil {
		return nil, err
	}
	value, ok, proof, err := v.Prove(key)
	if err != nil {
		return nil, fmt.Errorf("api: proof: %w", err)
	}
	return &api.StateProof{
		Height: v.Height(), Root: root.String(), Key: in.Key, Value: hexText(value), Exists: ok, Proof: hexText(proof),
	}, nil
}

func upperHex(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) }
