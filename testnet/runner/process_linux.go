package runner

import "syscall"

// parentDeath: the kernel kills a process when the one that started it dies.
const parentDeath = true

// attributes gives a process a group of its own, and has the kernel kill it when
// the thread that started it ends. SIGKILL also ends one that is suspended.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
