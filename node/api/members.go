package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/x/member"
)

// MemberPath names a member in a path.
type MemberPath struct {
	ID string `path:"id" example:"cqc" doc:"Id of the member. 成员标识。"`
}

type membersInput struct {
	Role string `query:"role" enum:"regulator,accreditation_body,certification_body,laboratory,inspection_body,operator,observer" doc:"Only members with this role. 仅列出具有该角色的成员。"`
	Page
	At
}

type memberInput struct {
	MemberPath
	At
}

type memberPageInput struct {
	MemberPath
	Page
	At
}

type grantsInput struct {
	MemberPath
	From
	At
}

func (s *Server) registerMembers(a huma.API) {
	read(s, a, operation{
		"list-members", "/v1/members", tagMembers,
		api.Text{En: "Members", Zh: "成员列表"},
		api.Text{En: "The members of the ledger by id, those that were removed among them.", Zh: "按标识排序的账本成员，含已移除者。"},
	}, listMembers)
	read(s, a, operation{
		"get-member", "/v1/members/{id}", tagMembers,
		api.Text{En: "Member", Zh: "成员"},
		api.Text{En: "A member as it now is.", Zh: "成员当前信息。"},
	}, getMember)
	read(s, a, operation{
		"list-member-versions", "/v1/members/{id}/versions", tagMembers,
		api.Text{En: "Versions of a member", Zh: "成员历史版本"},
		api.Text{En: "What a member was, from the first version on, and who changed it.", Zh: "成员自首个版本起的历次信息及变更者。"},
	}, listVersions)
	read(s, a, operation{
		"list-member-grants", "/v1/members/{id}/grants", tagMembers,
		api.Text{En: "Approvals and accreditations", Zh: "批准与认可"},
		api.Text{En: "The approvals and accreditations of a body, and what became of each.", Zh: "机构获得的批准与认可及其后续变化。"},
	}, listGrants)
}

func listMembers(v *view, in *membersInput) (*api.MemberList, error) {
	var role member.Role
	if in.Role != "" {
		if err := role.UnmarshalText([]byte(in.Role)); err != nil {
			return nil, fail(http.StatusUnprocessableEntity, "%v", err)
		}
	}
	start, err := decodeMemberCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	entries, next, err := v.Member.Members(v, role, start, int(in.Limit))
	if err != nil {
		return nil, err
	}
	out := &api.MemberList{Items: []api.Member{}, Next: encodeMemberCursor(next)}
	for _, e := range entries {
		out.Items = append(out.Items, memberOf(e.ID, &e.Member))
	}
	return out, nil
}

func getMember(v *view, in *memberInput) (*api.Member, error) {
	at, err := v.time()
	if err != nil {
		return nil, err
	}
	if err := v.known(in.ID); err != nil {
		return nil, err
	}
	m, ok, err := v.Member.MemberAt(v, in.ID, at)
	if err != nil || !ok {
		return nil, orNotFound(err, noMember(in.ID))
	}
	out := memberOf(in.ID, &m)
	return &out, nil
}

// known returns an error if there is no member with the id.
func (v *view) known(id string) error {
	if err := member.CheckID(id); err != nil {
		return fail(http.StatusUnprocessableEntity, "%v", err)
	}
	_, ok, err := v.Member.Member(v, id)
	if err != nil || !ok {
		return orNotFound(err, noMember(id))
	}
	return nil
}

func noMember(id string) error { return fail(http.StatusNotFound, "There is no member %s.", id) }

func listVersions(v *view, in *memberPageInput) (*api.MemberList, error) {
	start, err := decodeNumberCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	if err := v.known(in.ID); err != nil {
		return nil, err
	}
	versions, next, err := v.Member.Versions(v, in.ID, max(1, start), int(in.Limit))
	if err != nil {
		return nil, err
	}
	out := &api.MemberList{Items: []api.Member{}, Next: encodeNumberCursor(next)}
	for i := range versions {
		out.Items = append(out.Items, memberOf(in.ID, &versions[i]))
	}
	return out, nil
}

func listGrants(v *view, in *grantsInput) (*api.GrantList, error) {
	if err := v.known(in.ID); err != nil {
		return nil, err
	}
	grants, next, err := v.Member.Grants(v, in.ID, in.first(), int(in.Limit))
	if err != nil {
		return nil, err
	}
	out := &api.GrantList{Items: []api.Grant{}, Next: next}
	for _, g := range grants {
		out.Items = append(out.Items, grantOf(g))
	}
	return out, nil
}
