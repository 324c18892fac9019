package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/testnet"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
	"github.com/hallmark-ledger/hallmark/testnet/words"
)

// Testnet returns the command testnet.
func Testnet() *cobra.Command {
	c := &cobra.Command{
		Use:   "testnet",
		Short: "Networks for tests on this machine 本机测试网络",
	}
	c.AddCommand(initCommand(), startCommand(), runCommand(), certificatesCommand())
	return c
}

func initCommand() *cobra.Command {
	var o generate.Options
	c := &cobra.Command{
		Use:   "init FOLDER",
		Short: "Make a network: genesis, homes, members' keys 创建网络：创世文件、节点目录、成员密钥",
		Args:  cobra.ExactArgs(1),
	}
	c.Flags().StringVar(&o.ChainID, "chain-id", "", "name of the chain (default hallmark-testnet) 链标识")
	c.Flags().IntVar(&o.Validators, "validators", 4, "how many validators 验证节点数")
	c.Flags().IntVar(&o.FullNodes, "full-nodes", 0, "how many nodes beside them 全节点数")
	c.Flags().IntVar(&o.BasePort, "base-port", 0, "first of four ports of each node; 0: any that are free 起始端口，每节点四个；0 为任意空闲端口")
	lang := language(c)
	c.RunE = func(c *cobra.Command, args []string) (err error) {
		if o.Validators < 1 {
			return errors.New("--validators: at least one 至少一个")
		}
		if o.Settings, err = settings(c); err != nil {
			return err
		}
		n, err := generate.Create(c.Context(), args[0], o)
		if err != nil {
			return err
		}
		tell := teller(c, lang)
		tell(words.Say("made in %s; run it with: hallmarkd testnet start %[1]s", "已创建于 %s；运行：hallmarkd testnet start %[1]s", args[0]))
		tell(words.Say("what is there stands in %s", "内容清单：%s", filepath.Join(args[0], "network.json")))
		showNodes(tell, n)
		return nil
	}
	return c
}

func startCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "start FOLDER",
		Short: "Run all nodes of a network as separate processes, until interrupted 以独立进程运行全部节点，直至中断",
		Args:  cobra.ExactArgs(1),
	}
	lang := language(c)
	c.RunE = func(c *cobra.Command, args []string) (err error) {
		summary, err := generate.Open(args[0])
		if err != nil {
			return err
		}
		set, err := settings(c)
		if err != nil {
			return err
		}
		tell := teller(c, lang)
		n, err := runner.New(c.Context(), summary, runner.Options{Set: set})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, n.Close()) }()
		starting, cancel := context.WithTimeoutCause(c.Context(), time.Minute, errors.New("not within a minute"))
		defer cancel()
		if err := n.Start(starting); err != nil {
			return unlessStopped(c, err)
		}
		for _, node := range n.Nodes {
			if node.Validator == "" {
				if err := errors.Join(node.Start(), node.Ready(starting)); err != nil {
					return unlessStopped(c, err)
				}
			}
		}
		showNodes(tell, summary)
		tell(words.Say("running; Ctrl-C stops it", "运行中；按 Ctrl-C 停止"))
		return unlessStopped(c, n.Wait(c.Context()))
	}
	return c
}

func runCommand() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:   "run MANIFEST",
		Short: "Run a network under load as a manifest says, disturb it, and check every node 按清单运行网络、施加负载与扰动，并检查各节点",
		Long: `Makes a network, files made-up certificates in it, lets happen what the manifest
says, and in the end asks every node whether it has the same blocks and state, and
everything that was filed exactly once. Exit code 1 if not.

新建网络并填报虚构证书，按清单施加扰动，最后逐一检查各节点：区块与状态是否一致，所填报的内容
是否恰有一份。不符时退出码为 1。

A manifest is TOML. Unknown names are errors; durations are as 1.5s. 清单为 TOML 格式：

  chain_id = "hallmark-testnet"   # 链标识
  validators = 4                  # run from the beginning: node-0, … 验证节点数
  full_nodes = 1                  # numbered after them; each must join 全节点数
  settings = ["consensus.timeout_commit=300ms"]  # of all nodes 各节点设置
  max_gap = "30s"                 # longest time between two blocks 最长出块间隔
  settle = "60s"                  # for all to come to rest in the end 收尾时限

  [load]
  lasts = "35s"                   # needed 必填：负载持续时间
  rate = 5                        # transactions a second 每秒交易数
  batch = 20                      # certificates in each 每笔证书数
  in_flight = 50                  # transactions that may wait 在途交易上限

  [[perturb]]                     # any number 可多项
  node = "node-1"
  action = "kill"                 # kill stop pause disconnect slow join
                                  # 强行终止 正常停止 挂起 断网 减速 加入
  after = "5s"                    # or at_height = 20 或在某高度
  lasts = "3s"                    # default: to the end of the load 默认至负载结束
  delay = "100ms"                 # with slow: of each link 仅用于 slow`,
		Args: cobra.ExactArgs(1),
	}
	c.Flags().StringVar(&dir, "dir", "", "empty folder to write to and keep (default: a temporary one, kept if something is wrong) 保存用的空目录")
	lang := language(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		m, err := testnet.ReadManifest(args[0])
		if err != nil {
			return err
		}
		set, err := settings(c)
		if err != nil {
			return err
		}
		m.Settings = append(m.Settings, set...)
		tell, temporary := teller(c, lang), dir == ""
		if temporary {
			if dir, err = os.MkdirTemp("", "hallmark-testnet-"); err != nil {
				return err
			}
		}
		report, err := testnet.Run(c.Context(), m, testnet.Options{Dir: dir, Tell: tell})
		if err != nil {
			return fmt.Errorf("%w\n(network and logs: %s)", err, dir)
		}
		tell(words.Say("%d nodes, %d blocks, the same on all; %d certificates in %d transactions, each there once on every node",
			"%d 个节点、%d 个区块，各节点一致；%d 张证书、%d 笔交易，每个节点均恰有一份",
			report.Nodes, report.Height, report.Certificates, report.Transactions))
		tell(words.Say("longest time between two blocks: %v, before %d; state root %s", "最长出块间隔：%v（第 %d 块之前）；状态根 %s",
			report.Gap, report.GapAt, report.Root))
		if temporary {
			return os.RemoveAll(dir)
		}
		return nil
	}
	return c
}

// teller prints lines on standard output.
func teller(c *cobra.Command, l *words.Language) func(words.Message) {
	return func(m words.Message) {
		for _, line := range m.Lines(*l) {
			fmt.Fprintln(c.OutOrStdout(), line)
		}
	}
}

func showNodes(tell func(words.Message), n *generate.Network) {
	for _, x := range n.Nodes {
		tell(words.Plain("  %-8s %s  rpc http://%s  metrics http://%s/metrics  %s", x.Name, x.URL(), x.RPC, x.Metrics, x.Member))
	}
}

// unlessStopped is err, or nil if the command was told to stop.
func unlessStopped(c *cobra.Command, err error) error {
	if c.Context().Err() != nil {
		return nil
	}
	return err
}
