package app

import (
	"slices"

	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/evidence"
	"github.com/hallmark-ledger/hallmark/x/exec"
	"github.com/hallmark-ledger/hallmark/x/governance"
	"github.com/hallmark-ledger/hallmark/x/member"
	"github.com/hallmark-ledger/hallmark/x/trace"
	"github.com/hallmark-ledger/hallmark/x/tx"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// codespace goes with every code other than 0.
const codespace = "hallmark"

// The codes of the application itself, from 900. None of them is ever in a block.
var (
	codeFault = exec.Code{
		Number: 900, Name: "node_fault",
		English: "The node could not check the transaction or answer the query. Try another node, and tell its operator.",
		Chinese: "节点无法检查该交易或应答该查询。请换用其他节点，并通知其运维方。",
	}
	codePath = exec.Code{
		Number: 901, Name: "query_path_unknown",
		English: "There is nothing to query under this path. Use /store/key.",
		Chinese: "查询路径不存在。请使用 /store/key。",
	}
	codeHeight = exec.Code{
		Number: 902, Name: "query_height_unavailable",
		English: "The node does not, or no longer, have the state after this height.",
		Chinese: "节点没有或已不再保留该高度之后的状态。",
	}
)

// Codes returns every code that the application answers with, by number.
func Codes() []*exec.Code {
	return slices.Concat(
		tx.Codes(), member.Codes(), governance.Codes(), validator.Codes(), certificate.Codes(), evidence.Codes(), trace.Codes(),
		[]*exec.Code{&codeFault, &codePath, &codeHeight},
	)
}
