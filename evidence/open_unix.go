//go:build unix

package evidence

import "syscall"

// openFlags keep a file that was replaced a moment ago from leading elsewhere, or
// from blocking.
const openFlags = syscall.O_NOFOLLOW | syscall.O_NONBLOCK
