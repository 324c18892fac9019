//go:build unix && !linux

package runner

import "syscall"

const parentDeath = false

// attributes gives a process a group of its own.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
