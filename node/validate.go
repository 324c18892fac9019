package node

import (
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"reflect"
	"strconv"
	"strings"
)

// check checks the value against the bounds and the form that the tags name.
func (o option) check() error {
	for _, bound := range []struct {
		tag, en, zh string
		sign        int
	}{{"min", "at least", "至少为", -1}, {"max", "at most", "至多为", 1}} {
		text, ok := o.tag.Lookup(bound.tag)
		if !ok {
			continue
		}
		limit := option{o.section, o.name, o.tag, reflect.New(o.value.Type()).Elem()}
		if err := limit.set(text); err != nil {
			return err
		}
		if v, l := o.value.Int(), limit.value.Int(); bound.sign < 0 && v < l || bound.sign > 0 && v > l {
			return fmt.Errorf("set it to %s %s 请设为%s %s", bound.en, text, bound.zh, text)
		}
	}
	form, ok := o.tag.Lookup("form")
	if !ok {
		return nil
	}
	form, optional := strings.CutSuffix(form, "?")
	values, ok := o.value.Interface().([]string)
	if !ok {
		values = []string{o.value.String()}
	}
	for _, v := range values {
		if v == "" && optional {
			continue
		}
		if err := forms[form](v); err != nil {
			return fmt.Errorf("%q: %w", v, err)
		}
	}
	return nil
}

// forms are the checks that a tag can name. Each says what to write instead.
var forms = map[string]func(string) error{
	"listen":  checkListen,
	"address": checkAddress,
	"peer":    checkPeer,
	"id":      checkID,
	"name": func(s string) error {
		if s == "" || len(s) > 60 || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) || strings.TrimSpace(s) != s {
			return errors.New("give 1 to 60 printable ASCII characters 应为 1 至 60 个可打印 ASCII 字符")
		}
		return nil
	},
	"origin": func(s string) error {
		if u, err := url.Parse(s); s != "*" && (err != nil || u.Scheme == "" || u.Host == "" || u.Path != "") {
			return errors.New("give an origin such as https://example.org, or * 应为来源，如 https://example.org，或 *")
		}
		return nil
	},
	"level": func(s string) error { _, err := parseLevel(s); return err },
	"module": func(s string) error {
		name, level, ok := strings.Cut(s, ":")
		if !ok || name == "" {
			return errors.New("write module:level, such as p2p:warn 应为 模块:级别，如 p2p:warn")
		}
		_, err := parseLevel(level)
		return err
	},
	"format": func(s string) error {
		if s != "text" && s != "json" {
			return errors.New("write text or json 应为 text 或 json")
		}
		return nil
	},
}

func parseLevel(s string) (slog.Level, error) {
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	l, ok := levels[s]
	if !ok {
		return 0, errors.New("write debug, info, warn or error 应为 debug、info、warn 或 error")
	}
	return l, nil
}

// checkListen checks an address to listen on: an IP address and a port.
func checkListen(s string) error {
	host, port, err := net.SplitHostPort(s)
	if err != nil || net.ParseIP(host) == nil || !isPort(port) {
		return errors.New("write an IP address and a port, such as 127.0.0.1:8480 or [::]:26656 应为 IP 地址和端口，如 127.0.0.1:8480")
	}
	return nil
}

// checkAddress checks an address to dial: a host, by name or number, and a port.
func checkAddress(s string) error {
	host, port, err := net.SplitHostPort(s)
	if err != nil || host == "" || strings.ContainsAny(host, "/@ ") || !isPort(port) {
		return errors.New("write host:port, such as node.example.org:26656 应为 主机:端口")
	}
	return nil
}

func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}

func checkPeer(s string) error {
	id, address, ok := strings.Cut(s, "@")
	if !ok || checkID(id) != nil || checkAddress(address) != nil {
		return errors.New("write id@host:port; `hallmarkd keys` on that node shows the id 应为 节点号@主机:端口；节点号由该节点的 hallmarkd keys 显示")
	}
	return nil
}

func checkID(s string) error {
	if b, err := hex.DecodeString(s); err != nil || len(b) != 20 || strings.ToLower(s) != s {
		return errors.New("a node's id is 40 digits 0-9 a-f; `hallmarkd keys` shows it 节点号为 40 位小写十六进制，由 hallmarkd keys 显示")
	}
	return nil
}

// check checks every value, and what lies between several.
func (c *Config) check() error {
	err := c.each(func(o option) error {
		if err := o.check(); err != nil {
			return c.wrong(o, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if c.Mempool.MaxTransaction > c.Mempool.MaxBytes {
		return Troublef(ErrConfig, "mempool.max_transaction is above mempool.max_bytes: raise the second", "mempool.max_transaction 大于 mempool.max_bytes：请调大后者")
	}
	if c.P2P.SeedMode && !c.P2P.Pex {
		return Troublef(ErrConfig, "p2p.seed_mode needs p2p.pex = true", "p2p.seed_mode 需要 p2p.pex = true")
	}
	return c.checkListens()
}

// checkListens fails if two of the addresses to listen on cannot be had together.
func (c *Config) checkListens() error {
	list := c.listens()
	for i, l := range list {
		for _, other := range list[:i] {
			if l.meets(other) {
				return Troublef(ErrConfig, "%s is %s, %s is %s: give one of them another port", "%s 为 %s，%s 为 %s：请更换其一的端口", other.key, other.address, l.key, l.address)
			}
		}
	}
	return nil
}

// wrong says that the value of an option will not do.
func (c *Config) wrong(o option, err error) error {
	source := c.Source(o.key())
	return fmt.Errorf("%w: %s (%s): %w", ErrConfig, o.key(), source, err)
}
