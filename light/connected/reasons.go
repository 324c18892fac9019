package connected

import (
	"context"
	"errors"

	cmtlight "github.com/cometbft/cometbft/light"
	"github.com/cometbft/cometbft/light/provider"

	"github.com/hallmark-ledger/hallmark/light"
)

var (
	// ErrLocked: another process uses the folder. Wait for it, or name another.
	ErrLocked  = errors.New("connected: another process uses the folder of headers")
	errDamaged = errors.New("connected: a kept header is damaged")
)

// Error says why no header could be established. Nothing is proven then, neither
// of the certificate nor of who is at fault.
type Error struct {
	Reason light.Reason
	cause  error
}

func (e *Error) Error() string { return "connected: " + e.Reason.String() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// The reasons why there is no header. docs/verifier.md lists them.
var (
	reasonNoTrust     = reason("no-trusted-header", "There is nothing to start from: a trusted height and hash are needed, or a trust card.", "没有可用的起点：需要可信的高度与哈希，或信任卡。")
	reasonExpired     = reason("trust-period-over", "The newest trusted header is older than the trust period: get a newer height and hash, or a trust card.", "最新的可信区块头已超过信任期限：请获取较新的高度与哈希，或信任卡。")
	reasonMismatch    = reason("trust-mismatch", "The header at the trusted height has another hash than the one that is trusted.", "可信高度上的区块头与可信哈希不符。")
	reasonUnavailable = reason("header-unavailable", "No node gave the header that states this.", "没有节点提供所需的区块头。")
	reasonInvalid     = reason("header-invalid", "The header does not follow from what is trusted.", "区块头无法由可信内容推出。")
	reasonUnwitnessed = reason("header-unwitnessed", "No witness has confirmed the header.", "没有见证节点确认该区块头。")
	reasonDisputed    = reason("header-disputed", "A witness says otherwise, and it cannot be told who lies.", "有见证节点给出不同内容，无法判断何方有误。")
	reasonDamaged     = reason("headers-damaged", "A kept header is damaged: remove the folder and start from a trusted height and hash, or a trust card.", "保存的区块头已损坏：请删除该文件夹，并从可信的高度与哈希或信任卡重新开始。")
)

var reasons = []light.Reason{
	reasonNoTrust, reasonExpired, reasonMismatch, reasonUnavailable, reasonInvalid, reasonUnwitnessed, reasonDisputed, reasonDamaged,
}

func reason(code, english, chinese string) light.Reason {
	return light.Reason{Code: code, English: english, Chinese: chinese}
}

// because returns an Error of a reason with its cause.
func because(r light.Reason, cause error) *Error {
	if cause != nil {
		r.Detail = cause.Error()
	}
	return &Error{r, cause}
}

// toError says what an error of the light client means.
func toError(err error) error {
	var known *Error
	var attack *Attack
	var expired cmtlight.ErrOldHeaderExpired
	var priorities cmtlight.ErrProposerPrioritiesDiverge
	switch {
	case err == nil, errors.As(err, &known), errors.As(err, &attack):
		return err
	case errors.Is(err, errDamaged):
		return because(reasonDamaged, err)
	case errors.As(err, &expired):
		return because(reasonExpired, err)
	case errors.As(err, &priorities):
		return because(reasonDisputed, err)
	case errors.Is(err, cmtlight.ErrFailedHeaderCrossReferencing), errors.Is(err, cmtlight.ErrNoWitnesses):
		return because(reasonUnwitnessed, err)
	case unavailable(err), errors.Is(err, provider.ErrNoResponse), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return because(reasonUnavailable, err)
	}
	return because(reasonInvalid, err)
}

// unavailable reports whether a node does not have a height.
func unavailable(err error) bool {
	return errors.Is(err, provider.ErrHeightTooHigh) || errors.Is(err, provider.ErrLightBlockNotFound)
}
