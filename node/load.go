package node

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/viper"
)

// otherEnv are names in the environment that begin as settings do and are none.
var otherEnv = []string{"HALLMARKD_HOME", "HALLMARKD_PASSPHRASE"}

// DefaultHome returns $HALLMARKD_HOME, or .hallmarkd in the user's folder.
func DefaultHome() string {
	if home := os.Getenv("HALLMARKD_HOME"); home != "" {
		return home
	}
	user, err := os.UserHomeDir()
	if err != nil {
		return ".hallmarkd"
	}
	return filepath.Join(user, ".hallmarkd")
}

// Default returns the configuration of a home without a file.
func Default(home string) *Config {
	c := &Config{Home: home, sources: map[string]string{}}
	err := c.each(func(o option) error {
		if text, ok := o.tag.Lookup("default"); ok {
			return o.set(text)
		}
		return nil
	})
	if err != nil {
		panic(err) // a default that does not parse is a defect
	}
	return c
}

// Load reads the configuration of a home: the file HOME/config/hallmark.toml,
// over it the environment (HALLMARKD_SECTION_KEY), over it set, each of which is
// "section.key=value". A key that is unknown is an error, which names the
// nearest that is known; so is a value that will not do. Errors match ErrConfig,
// or ErrHome if there is no file.
func Load(home string, set ...string) (*Config, error) {
	home, err := filepath.Abs(home)
	if err != nil {
		return nil, err
	}
	c := Default(home)
	v := viper.New()
	if err := c.readFile(v); err != nil {
		return nil, err
	}
	if err := c.readEnv(v, os.Environ()); err != nil {
		return nil, err
	}
	if err := c.readSet(v, set); err != nil {
		return nil, err
	}
	err = c.each(func(o option) error {
		if _, ok := c.sources[o.key()]; !ok {
			return nil
		}
		if err := o.set(v.Get(o.key())); err != nil {
			return c.wrong(o, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return c, c.check()
}

// Source says where the value of a key came from.
func (c *Config) Source(key string) string {
	if s, ok := c.sources[key]; ok {
		return s
	}
	return "default 默认"
}

// readFile reads the file into v.
func (c *Config) readFile(v *viper.Viper) error {
	path := c.ConfigFile()
	v.SetConfigFile(path)
	v.SetConfigType("toml")
	switch err := v.ReadInConfig(); {
	case errors.Is(err, fs.ErrNotExist):
		return Troublef(ErrHome, "there is no %s: make the home with `hallmarkd init`, or name another with --home", "没有 %s：请用 hallmarkd init 创建，或用 --home 指定目录", path)
	case errors.As(err, new(*fs.PathError)):
		return Troublef(ErrHome, "%v", "无法读取配置文件：%v", err)
	case err != nil:
		return Troublef(ErrConfig, "%s is not TOML: %v", "%s 不是 TOML 文件：%v", path, err)
	}
	for _, key := range slices.Sorted(slices.Values(v.AllKeys())) {
		if !slices.Contains(c.keys(), key) {
			return c.unknown(key, path)
		}
		c.sources[key] = path
	}
	return nil
}

// readEnv puts what the environment has over the file.
func (c *Config) readEnv(v *viper.Viper, environment []string) error {
	byName := map[string]option{}
	err := c.each(func(o option) error {
		byName[o.env()] = o
		return nil
	})
	if err != nil {
		return err
	}
	v.AllowEmptyEnv(true)
	for _, e := range environment {
		name, _, _ := strings.Cut(e, "=")
		o, ok := byName[name]
		switch {
		case ok:
			if err := v.BindEnv(o.key(), name); err != nil {
				return err
			}
			c.sources[o.key()] = name
		case strings.HasPrefix(name, envPrefix) && !slices.Contains(otherEnv, name):
			near := nearest(name, slices.Concat(otherEnv, slices.Sorted(maps.Keys(byName))))
			return Troublef(ErrConfig, "the environment has %s, which is no setting; the nearest is %s", "环境变量 %s 不是设置项；最接近的是 %s", name, near)
		}
	}
	return nil
}

// readSet puts what flags say over all else.
func (c *Config) readSet(v *viper.Viper, set []string) error {
	for _, s := range set {
		if err := c.Set(s); err != nil { // checks it
			return err
		}
		key, value, _ := strings.Cut(s, "=")
		v.Set(key, value)
		c.sources[key] = "--set"
	}
	return nil
}

func (c *Config) keys() (keys []string) {
	for _, s := range c.options() {
		for _, o := range s.options {
			keys = append(keys, o.key())
		}
	}
	return keys
}

func (c *Config) unknown(key, source string) error {
	return Troublef(ErrConfig, "%s has %s, which is no setting; the nearest is %s", "%s 中的 %s 不是设置项；最接近的是 %s", source, key, nearest(key, c.keys()))
}

// nearest returns the candidate that takes the fewest changes of a character.
func nearest(s string, candidates []string) (best string) {
	least := -1
	for _, c := range candidates {
		if d := distance(s, c); least < 0 || d < least {
			best, least = c, d
		}
	}
	return best
}

// distance is that of Levenshtein.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Set changes one setting, "section.key=value", of a configuration that is to be
// written.
func (c *Config) Set(setting string) error {
	key, value, ok := strings.Cut(setting, "=")
	if !ok {
		return Troublef(ErrConfig, "%q: write section.key=value", "%q：应为 section.key=value", setting)
	}
	if !slices.Contains(c.keys(), key) {
		return c.unknown(key, "setting 设置")
	}
	c.sources[key] = "setting 设置"
	return c.each(func(o option) error {
		if o.key() != key {
			return nil
		}
		if err := o.set(value); err != nil {
			return c.wrong(o, err)
		}
		return nil
	})
}
