package keystore

import "errors"

// Why a file is refused before its pass phrase is asked for.
var (
	// ErrExists: Create was to write where something already is. Choose
	// another name, or ask for it to be overwritten.
	ErrExists = errors.New("keystore: the file exists already; choose another name or ask for it to be overwritten")

	// ErrNotRegular: the path names a folder, a device or a pipe.
	ErrNotRegular = errors.New("keystore: not a regular file")

	// ErrPermissions: others than the owner may use the file. The error says
	// which chmod mends it; think whether the secret has been read meanwhile.
	ErrPermissions = errors.New("keystore: others than the owner may read or write the file")

	// ErrTooLarge: the file is larger than a key or a pass phrase can be.
	ErrTooLarge = errors.New("keystore: the file is too large")

	// ErrPEM: the file is not one PEM block with an encrypted private key: it
	// is empty, cut short, damaged, or something else. Restore a backup.
	ErrPEM = errors.New(`keystore: not one whole PEM block "ENCRYPTED PRIVATE KEY"; if this should be a key file, restore it from a backup`)

	// ErrUnencrypted: the file holds a private key in the clear. Encrypt it.
	ErrUnencrypted = errors.New("keystore: the private key is not encrypted; encrypt it with: openssl pkcs8 -topk8 -v2 sm4-cbc -v2prf hmacWithSM3 -iter 400000")

	// ErrEncryption: the key is encrypted in a way that is not used here.
	// Encrypt it anew.
	ErrEncryption = errors.New("keystore: the encryption is not PBES2 with PBKDF2, HMAC-SM3 and SM4-CBC (or the file is damaged); convert with: openssl pkcs8 -topk8 -v2 sm4-cbc -v2prf hmacWithSM3 -iter 400000")

	// ErrWeak: the salt or the iteration count protects too little. Encrypt
	// the key anew.
	ErrWeak = errors.New("keystore: too little protection against guessing the pass phrase; use more iterations: openssl pkcs8 -topk8 -v2 sm4-cbc -v2prf hmacWithSM3 -iter 400000")

	// ErrCostly: the iteration count would keep the program busy for long.
	ErrCostly = errors.New("keystore: the iteration count is above what is accepted; the file is damaged or hostile")
)

// Why a pass phrase does not open a file.
var (
	// ErrPassphrase: the pass phrase is another one, or the file is damaged;
	// the two cannot be told apart.
	ErrPassphrase = errors.New("keystore: wrong pass phrase, or the file is damaged; try again, then restore a backup")

	// ErrCorrupt: the file is not well-formed, or was decrypted and does not
	// hold what belongs there. Restore a backup.
	ErrCorrupt = errors.New("keystore: the file is damaged; restore it from a backup")

	// ErrKeyType: the file holds a private key of another algorithm or curve.
	ErrKeyType = errors.New("keystore: the private key is not an SM2 key; name a file with an SM2 key or make one")
)

// Why there is no pass phrase.
var (
	// ErrEmptyPassphrase: a key is never stored under an empty pass phrase.
	ErrEmptyPassphrase = errors.New("keystore: the pass phrase is empty; give one")

	// ErrMalformedPassphrase: it is too long or has more than one line.
	ErrMalformedPassphrase = errors.New("keystore: the pass phrase must be one line of at most 1024 bytes")

	// ErrMismatch: the two entries of a new pass phrase differ. Ask again.
	ErrMismatch = errors.New("keystore: the two pass phrases differ; try again")

	// ErrNoTerminal: nobody can be asked.
	ErrNoTerminal = errors.New("keystore: no terminal to ask for the pass phrase; give it in a file or an environment variable")
)
