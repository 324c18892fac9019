package node

import (
	"bytes"
	"fmt"
)

// TOML returns the configuration as the file with its comments. With sources it
// says beside each value where that came from.
func (c *Config) TOML(sources bool) []byte {
	var b bytes.Buffer
	b.WriteString("# 印信节点配置。强度依次为：本文件 < 环境变量 HALLMARKD_SECTION_KEY < --set section.key=value。\n")
	b.WriteString("# Configuration of a Hallmark node. In order of strength: this file, the environment\n")
	b.WriteString("# (HALLMARKD_SECTION_KEY), flags (--set section.key=value). Unknown keys are errors.\n")
	for _, s := range c.options() {
		fmt.Fprintf(&b, "\n# %s  %s\n[%s]\n", s.tag.Get("zh"), s.tag.Get("en"), s.name)
		for _, o := range s.options {
			fmt.Fprintf(&b, "\n# %s\n# %s\n", o.tag.Get("zh"), o.tag.Get("en"))
			low, ok := o.tag.Lookup("min")
			if ok {
				fmt.Fprintf(&b, "# %s … %s\n", low, o.tag.Get("max"))
			}
			fmt.Fprintf(&b, "%s = %s", o.name, o.toml())
			if sources {
				fmt.Fprintf(&b, "  # %s", c.Source(o.key()))
			}
			b.WriteByte('\n')
		}
	}
	return b.Bytes()
}
