package node

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// listen is an address to listen on and the setting that has it.
type listen struct{ key, address string }

// meets reports whether l and other are one address, or one port of which one is
// for all interfaces.
func (l listen) meets(other listen) bool {
	host, port, err := net.SplitHostPort(l.address)
	host2, port2, err2 := net.SplitHostPort(other.address)
	if err != nil || err2 != nil || port != port2 {
		return false
	}
	return host == host2 || net.ParseIP(host).IsUnspecified() || net.ParseIP(host2).IsUnspecified()
}

// listens returns what the node listens on.
func (c *Config) listens() (list []listen) {
	for _, l := range []listen{
		{"p2p.listen", c.P2P.Listen}, {"rpc.listen", c.RPC.Listen}, {"api.listen", c.API.Listen},
		{"metrics.listen", c.Metrics.Listen}, {"metrics.pprof_listen", c.Metrics.PprofListen},
	} {
		if l.address != "" {
			list = append(list, l)
		}
	}
	return list
}

// checkPorts fails if an address cannot be had, before anything is opened.
// CometBFT listens only after its handshake, which can take long.
func (c *Config) checkPorts() error {
	var errs []error
	for _, l := range c.listens() {
		listener, err := net.Listen("tcp", l.address)
		if err != nil {
			errs = append(errs, portTrouble(l, err))
			continue
		}
		errs = append(errs, listener.Close())
	}
	return errors.Join(errs...)
}

func portTrouble(l listen, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return Troublef(ErrPort, "%s of %s is in use by another program: stop that, or choose another port", "%[2]s（%[1]s）已被其他程序占用：请停止该程序，或换用其他端口", l.address, l.key)
	}
	return Troublef(ErrPort, "%s: %v", "%s：%v", fmt.Sprintf("%s = %s", l.key, l.address), err)
}
