package proof

import "errors"

// ErrMalformed is what every error of Parse matches (errors.Is): the bytes are
// no proof at all, whatever they are held against. Ask for a correct one.
var ErrMalformed = errors.New("proof: malformed")

// The ways of being malformed.
var (
	ErrTruncated   error = &malformed{"proof: malformed: too short"}
	ErrTrailing    error = &malformed{"proof: malformed: bytes after the end"}
	ErrUnknownKind error = &malformed{"proof: malformed: unknown kind"}
	ErrBitmapSize  error = &malformed{"proof: malformed: bitmap longer than 32 bytes"}
	ErrBitmapZero  error = &malformed{"proof: malformed: bitmap ends with a zero byte"}
)

// The ways in which a well-formed proof does not establish the claim.
var (
	// ErrWrongKind: a proof of absence was offered for inclusion, or the reverse.
	ErrWrongKind = errors.New("proof: proves another kind of claim")
	// ErrSamePath: the other leaf of a proof of absence is the key's own, so it
	// would prove the key present.
	ErrSamePath = errors.New("proof: the other leaf is the key's own")
	// ErrOffPath: the key's path parts from the other leaf's path at one of the
	// forks on the way, so the proof says nothing of the key.
	ErrOffPath = errors.New("proof: the other leaf is not on the way of the key")
	// ErrRoot: the proof leads to another root. The value, the key, a sibling
	// or the root is not what it is said to be.
	ErrRoot = errors.New("proof: leads to another root")
)

// malformed is an error that matches ErrMalformed beside itself.
type malformed struct{ text string }

func (e *malformed) Error() string        { return e.text }
func (e *malformed) Is(target error) bool { return target == ErrMalformed }
