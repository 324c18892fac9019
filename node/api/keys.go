package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/x/member"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

type keyInput struct {
	Key string `path:"key" doc:"Compressed SM2 public key, 66 hexadecimal digits. 压缩格式 SM2 公钥，66 位十六进制。"`
	At
}

func (s *Server) registerKeys(a huma.API) {
	read(s, a, operation{
		"list-member-keys", "/v1/members/{id}/keys", tagMembers,
		api.Text{En: "Keys of a member", Zh: "成员密钥"},
		api.Text{En: "The keys that a member ever had, those that have not ended first.", Zh: "成员曾登记的全部密钥，未终止者在前。"},
	}, listKeys)
	read(s, a, operation{
		"get-key", "/v1/keys/{key}", tagMembers,
		api.Text{En: "Key", Zh: "密钥"},
		api.Text{En: "What is known of a key, and whether it can be used now.", Zh: "密钥的登记信息及当前是否可用。"},
	}, getKey)
	read(s, a, operation{
		"get-key-nonce", "/v1/keys/{key}/nonce", tagMembers,
		api.Text{En: "Nonces of a key", Zh: "密钥的防重放序号"},
		api.Text{
			En: "The highest nonce that a key has used in a block. Transactions that wait in mempools have used higher ones.",
			Zh: "密钥在区块中已用的最大序号；内存池中等待的交易可能已用更大的序号。",
		},
	}, getNonce)
}

func listKeys(v *view, in *memberPageInput) (*api.KeyList, error) {
	cursor, err := decodeKeyCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	if err := v.known(in.ID); err != nil {
		return nil, err
	}
	entries, next, err := v.Member.Keys(v, in.ID, cursor, int(in.Limit))
	if err != nil {
		return nil, err
	}
	out := &api.KeyList{Items: []api.Key{}, Next: encodeKeyCursor(next)}
	for _, e := range entries {
		k, err := v.key(e.Key, &e.KeyRecord)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, *k)
	}
	return out, nil
}

func getKey(v *view, in *keyInput) (*api.Key, error) {
	key, record, err := v.keyRecord(in.Key)
	if err != nil {
		return nil, err
	}
	return v.key(key, &record)
}

func getNonce(v *view, in *keyInput) (*api.Nonce, error) {
	key, _, err := v.keyRecord(in.Key)
	if err != nil {
		return nil, err
	}
	w, err := tx.Nonces(v, key)
	return &api.Nonce{Key: key.String(), Highest: w.Highest(), Span: tx.WindowSize}, err
}

// keyRecord looks a key up.
func (v *view) keyRecord(text string) (member.Key, member.KeyRecord, error) {
	key, err := parseKey(text)
	if err != nil {
		return key, member.KeyRecord{}, err
	}
	record, ok, err := v.Member.KeyRecord(v, key)
	if err != nil || !ok {
		err = orNotFound(err, fail(http.StatusNotFound, "The key is not registered."))
	}
	return key, record, err
}

// key says what a key is at the time of the block.
func (v *view) key(key member.Key, record *member.KeyRecord) (*api.Key, error) {
	at, err := v.time()
	if err != nil {
		return nil, err
	}
	facts, _, err := v.Member.Key(v, key, at)
	if err != nil {
		return nil, err
	}
	out := keyOf(key, record)
	out.Usable, out.Why = facts.Usable, facts.Reason
	return &out, nil
}
