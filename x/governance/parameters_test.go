package governance

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func TestDefaults(t *testing.T) {
	p := DefaultParams()
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, 1)
	blocks, err1 := w.m.ActivationBlocks(w.state)
	delay, err2 := w.m.KeyDelay(w.state)
	sweep, err3 := w.m.SweepPerBlock(w.state)
	if blocks != 20 || delay != 24*time.Hour || sweep != 1000 || err1 != nil || err2 != nil || err3 != nil {
		t.Errorf("%d, %s, %d", blocks, delay, sweep)
	}
	if err := parameters.Delete(w.state); err != nil {
		t.Fatal(err)
	}
	if p, err := w.m.Params(w.state); err != nil || p.Check() != nil || p.MaxTxBytes != 1<<20 {
		t.Errorf("%+v, %v", p, err)
	}
}

// The tables of bounds and kinds, the fields and the enumerations agree.
func TestTablesAgree(t *testing.T) {
	fields := (&governancev1.Parameters{}).ProtoReflect().Descriptor().Fields()
	enum := governancev1.Parameter(0).Descriptor().Values()
	if len(bounds) != fields.Len()-1 || len(bounds) != enum.Len()-1 {
		t.Errorf("%d bounds, %d fields, %d names", len(bounds), fields.Len(), enum.Len())
	}
	var p Params
	for i, b := range bounds {
		*b.field(&p) = uint64(1000 + i)
		f, v := fields.ByNumber(protoreflect.FieldNumber(b.number)), enum.ByNumber(protoreflect.EnumNumber(b.number))
		if f == nil || string(f.Name()) != b.name || v == nil || string(v.Name()) != "PARAMETER_"+strings.ToUpper(b.name) {
			t.Errorf("%s has no field or name", b.name)
		}
		if b.least > b.def || b.def > b.most || b.most > 1<<31 {
			t.Errorf("%s: %d, %d, %d", b.name, b.least, b.def, b.most)
		}
	}
	var named map[string]any
	text, err := json.Marshal(p)
	if err == nil {
		err = json.Unmarshal(text, &named)
	}
	for i, b := range bounds {
		if fmt.Sprint(named[b.name]) != fmt.Sprint(1000+i) {
			t.Errorf("%s is %v in JSON, %v", b.name, named[b.name], err)
		}
	}

	actions := (&governancev1.Action{}).ProtoReflect().Descriptor().Oneofs().Get(0).Fields()
	names := governancev1.ActionKind(0).Descriptor().Values()
	if len(kinds) != actions.Len() || len(kinds) != names.Len()-1 {
		t.Errorf("%d kinds, %d actions, %d names", len(kinds), actions.Len(), names.Len())
	}
	for i, k := range kinds {
		f := actions.ByNumber(protoreflect.FieldNumber(k.threshold.Kind))
		v := names.ByNumber(protoreflect.EnumNumber(k.threshold.Kind))
		if f == nil || string(f.Name()) != k.name || v == nil || string(v.Name()) != "ACTION_KIND_"+strings.ToUpper(k.name) {
			t.Errorf("%s has no action or name", k.name)
			continue
		}
		a := (&governancev1.Action{}).ProtoReflect()
		a.Set(f, a.NewField(f))
		if got := KindOf(a.Interface().(*governancev1.Action)); got != k.threshold.Kind || got.String() != k.name {
			t.Errorf("%s has the kind %s", k.name, got)
		}
		if i > 0 && kinds[i-1].threshold.Kind >= k.threshold.Kind {
			t.Errorf("%s is out of order", k.name)
		}
	}
}

// However many regulators there are, a threshold asks for more than half and at
// most for all.
func TestThresholds(t *testing.T) {
	for _, c := range []struct {
		numerator, denominator uint32
		want                   string // of 1 to 8 regulators
	}{
		{2, 3, "1 2 2 3 4 4 5 6"},
		{501, 1000, "1 2 2 3 3 4 4 5"},
		{3, 4, "1 2 3 3 4 5 6 6"},
		{1, 1, "1 2 3 4 5 6 7 8"},
	} {
		var got []string
		for n := 1; n <= 8; n++ {
			got = append(got, fmt.Sprint(Threshold{1, c.numerator, c.denominator}.of(n)))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%d/%d: %s, want %s", c.numerator, c.denominator, s, c.want)
		}
	}
	for d := uint32(0); d <= maxDenominator+1; d++ {
		for u := uint32(0); u <= d+1; u++ {
			threshold := Threshold{1, u, d}
			if threshold.check() != nil {
				continue
			}
			for _, n := range []int{1, 2, 3, 4, 7, 100} {
				if need := threshold.of(n); 2*need <= n || need > n {
					t.Fatalf("%d/%d of %d is %d", u, d, n, need)
				}
			}
		}
	}
	p := DefaultParams()
	exempt := &governancev1.Action{Action: &governancev1.Action_SetValidators{SetValidators: &validatorv1.SetValidators{Exempt: true}}}
	plain := &governancev1.Action{Action: &governancev1.Action_SetValidators{SetValidators: &validatorv1.SetValidators{}}}
	for _, c := range []struct {
		actions []*governancev1.Action
		want    int
	}{
		{[]*governancev1.Action{suspending("a")}, 6},
		{[]*governancev1.Action{suspending("a"), plain}, 7},
		{[]*governancev1.Action{exempt, suspending("a")}, 10},
		{[]*governancev1.Action{{}}, 10}, // unknown: all
	} {
		if got := needed(p, c.actions, 10); got != c.want {
			t.Errorf("%v need %d, want %d", c.actions, got, c.want)
		}
	}
	p.Thresholds = nil // as before a kind existed
	if got := needed(p, []*governancev1.Action{suspending("a")}, 10); got != 6 {
		t.Errorf("the default asks for %d", got)
	}
}

func TestSetParameters(t *testing.T) {
	w := newWorld(t, 1)
	set := func(a *governancev1.Action) error {
		return w.do(0, func(c *exec.Context) error { return w.m.ApplySetParameters(c, a.GetSetParameters()) })
	}
	for _, b := range bounds {
		for _, v := range []uint64{b.least, b.most, b.def} {
			a := setting(governancev1.Parameter(b.number), v)
			// What goes with it.
			for _, other := range []governancev1.Parameter{1 + 1, 1 + 2, 1 + 3} { // quotas and messages
				if int32(other) != b.number {
					o, _ := boundOf(other)
					value := o.most
					if other == governancev1.Parameter_PARAMETER_MAX_MESSAGES || b.number == 3 && other == 2 {
						value = o.least
					}
					a.GetSetParameters().Changes = append(a.GetSetParameters().Changes, &governancev1.ParameterChange{Parameter: other, Value: value})
				}
			}
			if err := set(a); err != nil && !codeNoChange.Is(err) {
				t.Errorf("%s to %d: %v", b.name, v, err)
			}
		}
		for _, v := range []uint64{b.most + 1, 1 << 63, b.least - 1} {
			if err := set(setting(governancev1.Parameter(b.number), v)); !codeParameter.Is(err) {
				t.Errorf("%s to %d: %v", b.name, v, err)
			}
		}
	}
	twice := setting(1, 3600)
	twice.GetSetParameters().Changes = append(twice.GetSetParameters().Changes, twice.GetSetParameters().Changes[0])
	both := thresholding(1, 1, 1)
	both.GetSetParameters().Thresholds = append(both.GetSetParameters().Thresholds, both.GetSetParameters().Thresholds[0])
	for what, c := range map[string]struct {
		a    *governancev1.Action
		want *exec.Code
	}{
		"nothing":         {&governancev1.Action{Action: &governancev1.Action_SetParameters{SetParameters: &governancev1.SetParameters{}}}, &codeMalformed},
		"unknown":         {setting(99, 1), &codeMalformed},
		"unspecified":     {setting(0, 1), &codeMalformed},
		"twice":           {twice, &codeMalformed},
		"threshold twice": {both, &codeMalformed},
		"half":            {thresholding(1, 1, 2), &codeParameter},
		"more than all":   {thresholding(1, 4, 3), &codeParameter},
		"of nothing":      {thresholding(1, 0, 0), &codeParameter},
		"too fine":        {thresholding(1, 1001, 1001), &codeParameter},
		"wraps":           {thresholding(1, 1<<31, 1), &codeParameter},
		"no kind":         {thresholding(29, 2, 3), &codeParameter},
		"kind 0":          {thresholding(0, 2, 3), &codeParameter},
		"quotas":          {setting(governancev1.Parameter_PARAMETER_QUOTA_MEMPOOL, 100), &codeParameter},
	} {
		if err := set(c.a); !c.want.Is(err) {
			t.Errorf("%s: %v, want %s", what, err, c.want.Name)
		}
	}
	if err := set(thresholding(5, 1, 1)); err != nil {
		t.Error(err)
	}
	if err := set(thresholding(5, 1, 1)); !codeNoChange.Is(err) {
		t.Error(err)
	}
	p, err := w.m.Params(w.state)
	if err != nil || p.threshold(5) != (Threshold{5, 1, 1}) {
		t.Errorf("%+v, %v", p, err)
	}
	p.Thresholds = p.Thresholds[:2]
	p.setThreshold(Threshold{9, 1, 1})
	if p.Check() != nil || len(p.Thresholds) != 3 {
		t.Errorf("%+v", p.Thresholds)
	}
	// A threshold holds for the next decision, not for the one that sets it.
	w = newWorld(t, 3)
	n := w.propose(0, thresholding(governancev1.ActionKind_ACTION_KIND_ADMIT_MEMBER, 1, 1), admitting("reg-8"))
	w.must(w.approve(1, n))
	w.want(n, Executed)
	n = w.propose(0, admitting("reg-9"))
	w.must(w.approve(1, n), w.approve(2, n))
	w.want(n, Open)
}

func TestImportWindows(t *testing.T) {
	w := newWorld(t, 1)
	now := w.time.Unix()
	open := func(a *governancev1.Action) error {
		return w.do(0, func(c *exec.Context) error { return w.m.ApplyOpenImportWindow(c, a.GetOpenImportWindow()) })
	}
	at := func(body string, seconds int64) string {
		n, quota, ok, err := w.m.ImportWindow(w.state, body, time.Unix(now+seconds, 999))
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(n, quota, ok)
	}
	w.must(open(importing("cb-1", now+100, now+200, 5)))
	w.must(open(importing("cb-2", now-100, now+150, 6)))
	w.must(open(importing("cb-1", now+200, now+300, 7)))
	for what, want := range map[string]string{
		at("cb-1", 99): "0 0 false", at("cb-1", 100): "1 5 true", at("cb-1", 199): "1 5 true", at("cb-1", 200): "3 7 true",
		at("cb-1", 300): "0 0 false", at("cb-2", 0): "2 6 true", at("cb-2", 150): "0 0 false", at("cb", 120): "0 0 false",
	} {
		if what != want {
			t.Errorf("%s, want %s", what, want)
		}
	}
	for what, c := range map[string]struct {
		a    *governancev1.Action
		want *exec.Code
	}{
		"no body":      {importing("", now, now+1, 1), &codeMalformed},
		"no time":      {importing("cb-3", now, now, 1), &codeMalformed},
		"before 1970":  {importing("cb-3", -1, now, 1), &codeMalformed},
		"no records":   {importing("cb-3", now, now+1, 0), &codeMalformed},
		"over":         {importing("cb-3", now-10, now, 1), &codeImportWindow},
		"long":         {importing("cb-3", now, now+90*day+1, 1), &codeImportWindow},
		"for ever":     {importing("cb-3", 0, 1<<63-1, 1), &codeImportWindow},
		"many":         {importing("cb-3", now, now+1, 1_000_001), &codeImportWindow},
		"overlaps":     {importing("cb-1", now+150, now+160, 1), &codeImportWindow},
		"overlaps two": {importing("cb-1", now+50, now+400, 1), &codeImportWindow},
		"at the end":   {importing("cb-1", now+299, now+301, 1), &codeImportWindow},
	} {
		if err := open(c.a); !c.want.Is(err) {
			t.Errorf("%s: %v, want %s", what, err, c.want.Name)
		}
	}
	var numbers []uint64
	err := w.m.ImportWindows(w.state, "cb-1", func(n uint64, _ ImportWindow) (bool, error) { numbers = append(numbers, n); return true, nil })
	if err != nil || fmt.Sprint(numbers) != "[1 3]" {
		t.Errorf("%v, %v", numbers, err)
	}
}

func TestUpgrades(t *testing.T) {
	w := newWorld(t, 1) // height 10
	apply := func(a *governancev1.Action) error {
		return w.do(0, func(c *exec.Context) error {
			if u := a.GetScheduleUpgrade(); u != nil {
				return w.m.ApplyScheduleUpgrade(c, u)
			}
			return w.m.ApplyCancelUpgrade(c, a.GetCancelUpgrade())
		})
	}
	refused := func(a *governancev1.Action, want *exec.Code) {
		t.Helper()
		if err := apply(a); !want.Is(err) {
			t.Errorf("%v: %v, want %s", a, err, want.Name)
		}
	}
	for _, a := range []*governancev1.Action{
		upgrading("", 100, 2), upgrading("v2 ", 100, 2), upgrading("v-2", 0, 2), upgrading("v-2", 1<<63, 2), upgrading("v-2", 100, 0),
	} {
		refused(a, &codeMalformed)
	}
	refused(upgrading("v-2", 29, 2), &codeUpgrade)
	refused(cancelling("v-2"), &codeUpgradeUnknown)
	w.must(apply(upgrading("v-2", 30, 2)))
	refused(upgrading("v-3", 40, 3), &codeUpgrade) // one at a time
	refused(cancelling("v-3"), &codeUpgradeUnknown)
	w.must(apply(cancelling("v-2")), apply(upgrading("v-2", 31, 2)))
	u, ok, err := w.m.NextUpgrade(w.state, 30)
	if err != nil || !ok || u != (Upgrade{31, "v-2", 2}) {
		t.Errorf("%+v, %v", u, err)
	}
	w.height = 31
	if _, ok, _ := w.m.NextUpgrade(w.state, w.height); ok {
		t.Error("it still waits")
	}
	refused(cancelling("v-2"), &codeUpgradeUnknown)
	refused(upgrading("v-2", 60, 3), &codeUpgrade)
	refused(upgrading("v-3", 60, 2), &codeUpgrade)
	w.must(apply(upgrading("v-3", 60, 3)))
	if u, ok, err := w.m.UpgradeAt(w.state, 31); err != nil || !ok || u.Name != "v-2" {
		t.Errorf("%+v, %v", u, err)
	}
}

// The actions of the module itself run through a proposal.
func TestOwnActions(t *testing.T) {
	w := newWorld(t, 1)
	now := w.time.Unix()
	n := w.propose(0, importing("cb-1", now, now+10, 1), upgrading("v-2", 100, 2), cancelling("v-2"), setting(1, 3600))
	w.want(n, Executed)
	for _, a := range []*governancev1.Action{
		importing("cb-1", now, now, 1), upgrading("v-2", 0, 2), cancelling("!"), setting(0, 1),
	} {
		if err := w.tryPropose(0, a); !codeMalformed.Is(err) {
			t.Errorf("%v: %v", a, err)
		}
	}
	for _, msg := range []any{
		&governancev1.Approve{}, &governancev1.Reject{}, &governancev1.Withdraw{},
	} {
		if err := w.m.Validate(msg); !codeMalformed.Is(err) {
			t.Errorf("%T: %v", msg, err)
		}
	}
	if err := w.m.Validate(&governancev1.Approve{Proposal: 1}); err != nil {
		t.Error(err)
	}
	if err := w.m.Validate(&governancev1.Vote{}); err == nil {
		t.Error("a message of nobody's")
	}
}

func TestCodes(t *testing.T) {
	names := map[string]bool{}
	for i, c := range Codes() {
		if c.Number != 200+uint32(i) || names[c.Name] || c.English == "" || c.Chinese == "" {
			t.Errorf("code %d at %d: %+v", c.Number, i, c)
		}
		names[c.Name] = true
	}
}
