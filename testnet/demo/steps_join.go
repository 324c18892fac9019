package demo

import (
	"context"
	"fmt"
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
	"github.com/hallmark-ledger/hallmark/testnet/words"
	"github.com/hallmark-ledger/hallmark/x/exec"
	"github.com/hallmark-ledger/hallmark/x/member"
)

// scheme is that of both product certificates, a compulsory one.
const scheme = "B010101"

// join lets the regulators admit the maker of cells, and the accreditation body
// accredit the laboratory.
func (d *demo) join(ctx context.Context) (*outcome, error) {
	var err error
	if d.day, err = d.today(ctx); err != nil {
		return nil, err
	}
	maker, err := d.client.Member(ctx, bankMaker)
	if err != nil {
		return nil, err
	}
	d.bankCode, d.cellCode = maker.USCC, generate.ExampleCode(cellHolder)
	profile := &memberv1.Profile{
		NameZh: "示例电芯有限公司", NameEn: "Example Cells Ltd", Uscc: d.cellCode, Roles: []memberv1.Role{memberv1.Role_ROLE_OPERATOR}, Region: "440000",
	}
	keys, err := d.newKeys(ctx, cellMaker, memberv1.Duty_DUTY_ADMIN, memberv1.Duty_DUTY_OPERATOR)
	if err != nil {
		return nil, err
	}
	o, err := d.together(ctx, 2, &governancev1.Propose{Title: "接纳示例电芯有限公司 / Admission of Example Cells Ltd", Actions: []*governancev1.Action{
		{Action: &governancev1.Action_AdmitMember{AdmitMember: &memberv1.AdmitMember{Member: cellMaker, Profile: profile, Keys: keys}}},
	}})
	if err != nil {
		return nil, err
	}
	d.net.Members = append(d.net.Members, generate.Member{ID: cellMaker, NameZh: profile.NameZh, NameEn: profile.NameEn, Role: member.RoleOperator.String()})
	accredit := &memberv1.Accredit{
		Body: generate.ExampleLab, Mark: "01", Number: "EXAMPLE-L0001", Schemes: []string{"B01"}, From: int32(d.day.AddMonths(-12)), Until: int32(d.day.AddMonths(60)),
	}
	c, err := d.do(ctx, d.as(generate.Accreditation+".approver"), &txv1.Message{Action: &txv1.Message_Accredit{Accredit: accredit}})
	if err != nil {
		return nil, err
	}
	o.what = []words.Message{
		words.Say("%s (%s), with its first keys", "%s（%s），登记其首批密钥", d.name(cellMaker), cellMaker),
		words.Say("%s, for compulsory product certification (B01)", "%s，获强制性产品认证（B01）检测认可", d.name(generate.ExampleLab)),
	}
	o.signed, o.blocks = append(o.signed, d.official(generate.Accreditation)), append(o.blocks, c)
	return o, d.each(func(n *runner.Node) error {
		if err := n.Reach(ctx, c.height); err != nil {
			return err
		}
		m, err := n.Client.Member(ctx, cellMaker)
		if err == nil && (m.USCC != d.cellCode || m.Status != "active") {
			err = fmt.Errorf("%s is %+v", cellMaker, m)
		}
		if err != nil {
			return err
		}
		grants, err := n.Client.Grants(ctx, generate.ExampleLab)
		if err == nil && (len(grants.Items) != 1 || grants.Items[0].By != generate.Accreditation || !slices.Equal(grants.Items[0].Schemes, accredit.Schemes)) {
			err = fmt.Errorf("accreditations of %s: %+v", generate.ExampleLab, grants.Items)
		}
		return err
	})
}

// newKeys makes keys of a member to be, beside those of the others, and proves that
// it has them.
func (d *demo) newKeys(ctx context.Context, id string, duties ...memberv1.Duty) (list []*memberv1.NewKey, err error) {
	names := map[memberv1.Duty]string{memberv1.Duty_DUTY_ADMIN: "admin-1", memberv1.Duty_DUTY_OPERATOR: "operator"}
	made := generate.Keys{}
	for _, duty := range duties {
		name := id + "." + names[duty]
		key, err := sm2.Generate(nil)
		if err != nil {
			return nil, err
		}
		public := key.Public().Bytes()
		p := seal.Possession{ChainID: d.net.ChainID, Member: id, Purpose: member.Purpose(exec.Duty(duty)), Key: public}
		proof, err := key.Sign(ctx, seal.ProofOfPossessionMessage(p))
		if err != nil {
			return nil, err
		}
		list = append(list, &memberv1.NewKey{Key: public[:], Duty: duty, Holder: name, Proof: proof[:]})
		made[name], d.keys[name] = key, key
	}
	return list, made.Write(d.net.Path(d.net.Keys))
}
