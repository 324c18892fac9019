package command

import "github.com/spf13/cobra"

func configCommand(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "config",
		Short: "Print the configuration in effect, with comments and where each value came from 显示生效的配置、说明及各值来源",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			config, err := f.load()
			if err != nil {
				return err
			}
			_, err = c.OutOrStdout().Write(config.TOML(true))
			return err
		},
	}
}
