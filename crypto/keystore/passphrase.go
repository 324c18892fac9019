package keystore

import (
	"bytes"
	"crypto/subtle"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// Request says what a pass phrase is for.
type Request struct {
	Path string // the key file
	New  bool   // the pass phrase will protect a new file, not open one
}

// PassphraseFunc gets the pass phrase for a key file. Load and Create call it
// at most once, after everything that can be checked without it, and clear
// what it returns. It may block until a person has answered.
type PassphraseFunc func(Request) ([]byte, error)

// maxPassphrase is the longest pass phrase in bytes.
const maxPassphrase = 1024

func checkPassphrase(p []byte) error {
	if len(p) == 0 {
		return ErrEmptyPassphrase
	}
	if len(p) > maxPassphrase || bytes.ContainsAny(p, "\r\n\x00") {
		return ErrMalformedPassphrase
	}
	return nil
}

// FromTerminal asks on a terminal, twice for a new file, without showing what
// is typed; questions go to out. Errors: ErrNoTerminal, ErrMismatch, ErrEmptyPassphrase.
func FromTerminal(in *os.File, out io.Writer) PassphraseFunc {
	return func(r Request) ([]byte, error) {
		if !term.IsTerminal(int(in.Fd())) {
			return nil, ErrNoTerminal
		}
		question := "Pass phrase of "
		if r.New {
			question = "New pass phrase for "
		}
		first, err := askTerminal(in, out, fmt.Sprintf("%s%q: ", question, r.Path))
		if err != nil || !r.New {
			return first, err
		}
		if len(first) == 0 {
			return nil, ErrEmptyPassphrase
		}
		second, err := askTerminal(in, out, "The same again: ")
		defer clear(second)
		if err == nil && subtle.ConstantTimeCompare(first, second) != 1 {
			err = ErrMismatch
		}
		if err != nil {
			clear(first)
			return nil, err
		}
		return first, nil
	}
}

func askTerminal(in *os.File, out io.Writer, question string) ([]byte, error) {
	if _, err := io.WriteString(out, question); err != nil {
		return nil, fmt.Errorf("keystore: ask for the pass phrase: %w", err)
	}
	answer, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(out) // the terminal did not show the end of the line
	if err != nil {
		return nil, fmt.Errorf("keystore: read the pass phrase: %w", err)
	}
	return answer, nil
}

// FromFile reads the pass phrase from a file: one line, without the end of the
// line, that only the owner may read, like a key file. Errors: ErrNotRegular,
// ErrPermissions, ErrTooLarge, and those of the file system.
func FromFile(path string) PassphraseFunc {
	return func(Request) ([]byte, error) {
		p, err := readSecret(path, maxPassphrase+2)
		if err != nil {
			return nil, fmt.Errorf("pass phrase: %w", err)
		}
		p = bytes.TrimSuffix(p, []byte("\n"))
		return bytes.TrimSuffix(p, []byte("\r")), nil
	}
}

// FromEnvironment takes the pass phrase from the environment variable name,
// read when it is asked for. Error: ErrEmptyPassphrase.
func FromEnvironment(name string) PassphraseFunc {
	return func(Request) ([]byte, error) {
		p := os.Getenv(name)
		if p == "" {
			return nil, fmt.Errorf("%w: set the environment variable %s", ErrEmptyPassphrase, name)
		}
		return []byte(p), nil
	}
}
