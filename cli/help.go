package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

// localize puts what cobra itself says into the language of the session.
func (s *session) localize(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	root.SetHelpCommand(&cobra.Command{
		Use:   "help [command]",
		Short: s.language.of(say("Help about a command", "查看命令的帮助")),
		RunE: func(c *cobra.Command, names []string) error {
			found, _, err := root.Find(names)
			if err != nil {
				return usage(sayf("There is no command %q.", "没有命令 %q。", strings.Join(names, " ")))
			}
			return found.Help()
		},
	})
	if s.language != chinese {
		return
	}
	root.SetUsageTemplate(chineseUsage(root.UsageTemplate()))
	walk(root, func(c *cobra.Command) {
		c.InitDefaultHelpFlag()
		if f := c.Flags().Lookup("help"); f != nil {
			f.Usage = "显示帮助"
		}
		if c.Name() == "completion" {
			c.Short = "生成命令行自动补全脚本"
		}
	})
}

func walk(c *cobra.Command, do func(*cobra.Command)) {
	do(c)
	for _, below := range c.Commands() {
		walk(below, do)
	}
}

// chineseUsage translates cobra's template.
func chineseUsage(template string) string {
	return strings.NewReplacer(
		"Usage:", "用法：",
		"Aliases:", "别名：",
		"Examples:", "示例：",
		"Available Commands:", "命令：",
		"Additional Commands:", "其他命令：",
		"Global Flags:", "全局参数：",
		"Flags:", "参数：",
		"Additional help topics:", "其他帮助主题：",
		`Use "{{.CommandPath}} [command] --help" for more information about a command.`, `用“{{.CommandPath}} [command] --help”查看某个命令的详细说明。`,
	).Replace(template)
}
