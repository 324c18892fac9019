package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/light"
	sealer "github.com/hallmark-ledger/hallmark/node/seal"
	"github.com/hallmark-ledger/hallmark/store/engine"
	"github.com/hallmark-ledger/hallmark/x/certificate"
)

// Seals are the seals of the chain as bundles need them: *sealer.Store.
type Seals interface {
	// Newest returns the newest height that is sealed and whose state can be read,
	// 0 if there is none.
	Newest() uint64
	// Sealed returns the statement of a height with its seal, false if it has none.
	Sealed(height uint64) (*seal.Statement, seal.Seal, bool, error)
	// SetOf returns the seal set that decides a height, and a height from which on
	// it has.
	SetOf(height uint64) (set seal.Set, begin uint64, err error)
	// Handovers returns up to limit handovers that lead from the set of a height to
	// that of the newest sealed one, with ErrNoHandover if one is missing.
	Handovers(from uint64, limit int) ([]sealer.Handover, error)
}

const (
	// maxHandovers is how many seal sets a card may lag behind for one bundle.
	maxHandovers = 500
	// maxHistory is how many records one bundle proves; each takes about a
	// kilobyte of light.MaxBundleSize.
	maxHistory = 3000
)

type bundleInput struct {
	CertificatePath
	Claim string `query:"claim" enum:"valid,on-date,history,approved" default:"valid" doc:"What the bundle is to prove. 需证明的事项。"`
	Date  string `query:"date" example:"2026-06-01" doc:"Of on-date. on-date 的日期。"`
	Head  bool   `query:"head" doc:"Prove the head alone, for a QR code; of valid. 仅证明证书摘要信息，用于二维码；限 valid。"`
	BundleFrom
}

type absenceInput struct {
	Number string `path:"number" example:"00117Q12345R0M/3700" doc:"Number of the certificate; write / as %2F. 证书编号；其中的 / 写作 %2F。"`
	BundleFrom
}

type evidenceBundleInput struct {
	AnchorPath
	BundleFrom
}

// BundleFrom is part of the input of what makes a bundle.
type BundleFrom struct {
	From uint64 `query:"from" maximum:"9223372036854775807" doc:"Height of the verifier's trust card: the bundle has the handovers since; 0 or absent: none. 核验方信任卡的高度：证明包附此后的集合交接；缺省为不附。"`
}

// octets is an answer of bytes that stand for themselves.
type octets struct {
	ContentType string `header:"Content-Type"`
	Height      uint64 `header:"Hallmark-Height" doc:"The sealed height of which the answer is. 应答所依据的已签章高度。"`
	Body        []byte
}

func (s *Server) registerBundles(a huma.API) {
	huma.Register(a, givesBytes(operation{
		"get-bundle", "/v1/bundles/certificates/{issuer}/{number}", tagProof,
		api.Text{En: "Proof of a certificate", Zh: "证书证明包"},
		api.Text{
			En: "A bundle that proves, with a trust card and without any network, what held of a certificate at the newest sealed height.",
			Zh: "持信任卡者可离线核验的证明包：证明该证书在最新签章高度时的情况。",
		},
	}.huma(a, http.MethodGet, bundleErrors), "A bundle: hallmark.light.v1.Bundle. 证明包。"), func(ctx context.Context, in *bundleInput) (*octets, error) {
		claim, err := in.claim()
		if err != nil {
			return nil, s.toProblem(ctx, err)
		}
		return s.bundle(ctx, claim, in.Head, in.From)
	})
	huma.Register(a, givesBytes(operation{
		"get-absence-bundle", "/v1/bundles/numbers/{number}", tagProof,
		api.Text{En: "Proof about a number", Zh: "证书编号证明包"},
		api.Text{
			En: "A bundle that proves which bodies have issued a certificate with a number, or that none ever has: then a paper with it is forged.",
			Zh: "证明某编号由哪些机构签发过，或从未被任何机构签发（即载有该编号的证书系伪造）。",
		},
	}.huma(a, http.MethodGet, bundleErrors), "A bundle: hallmark.light.v1.Bundle. 证明包。"), func(ctx context.Context, in *absenceInput) (*octets, error) {
		return s.bundle(ctx, light.Claim{Kind: light.Absent, Number: in.Number}, false, in.From)
	})
	huma.Register(a, givesBytes(operation{
		"get-evidence-bundle", "/v1/bundles/evidence/{id}", tagProof,
		api.Text{En: "Proof of anchored evidence", Zh: "证据锚定证明包"},
		api.Text{
			En: "A bundle that proves that evidence was anchored, by whom, about what and when. Whoever has a file of it adds the file's leaf and path, and has one file that proves it.",
			Zh: "证明证据已锚定及其成员、对象与时间的证明包；持有文件者附上该文件的叶与路径，即得单一证明文件。",
		},
	}.huma(a, http.MethodGet, bundleErrors), "A bundle: hallmark.light.v1.Bundle. 证明包。"), func(ctx context.Context, in *evidenceBundleInput) (*octets, error) {
		id, err := parseHash("the id of an anchor", in.ID)
		if err != nil {
			return nil, s.toProblem(ctx, err)
		}
		return s.bundle(ctx, light.Claim{Kind: light.Anchored, Anchor: id}, false, in.From)
	})
}

var bundleErrors = []int{http.StatusGone, http.StatusUnprocessableEntity}

// givesBytes says in the document that an operation answers with bytes.
func givesBytes(op huma.Operation, about string) huma.Operation {
	op.Responses[strconv.Itoa(http.StatusOK)] = &huma.Response{
		Description: about,
		Content:     map[string]*huma.MediaType{typeRaw: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
	}
	return op
}

// claim is what the bundle is to prove; the error is a problem.
func (in *bundleInput) claim() (c light.Claim, err error) {
	if err := c.Kind.UnmarshalText([]byte(in.Claim)); err != nil {
		return c, fail(http.StatusUnprocessableEntity, "There is no claim %.20q.", in.Claim)
	}
	ref, err := parseRef(in.Issuer, in.Number)
	if err != nil {
		return c, err
	}
	c.Issuer, c.Number = ref.Issuer, ref.Number
	switch {
	case in.Head && c.Kind != light.Valid:
		return c, fail(http.StatusUnprocessableEntity, "The head alone can prove the claim valid, and no other.")
	case c.Kind == light.OnDate:
		c.Date, err = parseDate(in.Date)
	case in.Date != "":
		return c, fail(http.StatusUnprocessableEntity, "Only the claim on-date has a date.")
	}
	return c, err
}

// bundle answers with a bundle at the newest sealed height.
func (s *Server) bundle(ctx context.Context, claim light.Claim, head bool, from uint64) (*octets, error) {
	if err := claim.Check(); err != nil {
		return nil, s.toProblem(ctx, fail(http.StatusUnprocessableEntity, "%v.", err))
	}
	leave, err := s.proving.enter(ctx, addressIn(ctx), time.Second)
	if err != nil {
		return nil, s.toProblem(ctx, err)
	}
	defer leave()
	for tries := 0; ; tries++ {
		out, err := s.prove(claim, head, from)
		// A newer height may have been sealed, and the state of this one let go.
		if errors.Is(err, engine.ErrVersionGone) && tries < 3 {
			continue
		}
		if err != nil {
			return nil, s.toProblem(ctx, err)
		}
		return out, nil
	}
}

func (s *Server) prove(claim light.Claim, head bool, from uint64) (*octets, error) {
	st, sealed, err := s.newestSeal()
	if err != nil {
		return nil, err
	}
	v, err := s.backend.View(st.Height)
	if err != nil {
		return nil, err
	}
	if claim.Kind == light.History {
		h, ok, err := certificate.Head(v, claim.Ref())
		if err != nil {
			return nil, err
		}
		if ok && h.Records > maxHistory {
			return nil, fail(http.StatusUnprocessableEntity, "The certificate has %d records, and one bundle proves at most %d. Ask for on-date instead.", h.Records, maxHistory)
		}
	}
	src := light.Source{State: v, Statement: *st, Seal: sealed}
	if src.Handovers, err = s.handovers(from, st.Height); err != nil {
		return nil, err
	}
	b, err := light.Build(src, claim, head)
	if err != nil {
		return nil, err
	}
	if len(b) > light.MaxBundleSize {
		return nil, fail(http.StatusUnprocessableEntity, "The bundle would have %d bytes, and verifiers read at most %d.", len(b), light.MaxBundleSize)
	}
	return &octets{typeRaw, st.Height, b}, nil
}

// newestSeal returns the newest sealed statement, with the fewest signatures that
// seal it.
func (s *Server) newestSeal() (*seal.Statement, seal.Seal, error) {
	none := later(http.StatusServiceUnavailable, 2*time.Second, "No height is sealed yet.")
	if s.opts.Seals == nil {
		return nil, seal.Seal{}, none
	}
	height := s.opts.Seals.Newest()
	if height == 0 {
		return nil, seal.Seal{}, none
	}
	st, sealed, ok, err := s.opts.Seals.Sealed(height)
	if err == nil && !ok {
		err = fmt.Errorf("api: height %d has lost its seal", height)
	}
	if err != nil {
		return nil, seal.Seal{}, err
	}
	sealed, err = s.least(height, sealed)
	return st, sealed, err
}

// handovers are those that a verifier needs whose card is of a height.
func (s *Server) handovers(from, to uint64) (out []light.Handover, err error) {
	if from == 0 || from >= to {
		return nil, nil
	}
	list, err := s.opts.Seals.Handovers(from, maxHandovers)
	if errors.Is(err, sealer.ErrNoHandover) {
		return nil, fail(http.StatusGone, "Nothing leads from the seal set of height %d to the present one. A newer trust card is needed.", from)
	}
	if err != nil {
		return nil, err
	}
	if len(list) == maxHandovers {
		return nil, fail(http.StatusGone, "The seal set has changed more than %d times since height %d. A newer trust card is needed.", maxHandovers, from)
	}
	for _, h := range list {
		if h.Statement.NextHeight > to { // sealed meanwhile
			break
		}
		sealed, err := s.least(h.Statement.Height, h.Seal)
		if err != nil {
			return nil, err
		}
		out = append(out, light.Handover{Statement: h.Statement, Seal: sealed, Next: h.Next})
	}
	return out, nil
}

// least leaves out the signatures of a seal that it does not need: those of the
// least power first.
func (s *Server) least(height uint64, sealed seal.Seal) (seal.Seal, error) {
	set, _, err := s.opts.Seals.SetOf(height)
	if err != nil {
		return seal.Seal{}, err
	}
	entries, signers := set.Entries(), sealed.Signers()
	order := make([]int, len(signers)) // places in signers
	for i := range order {
		if signers[i] >= len(entries) {
			return seal.Seal{}, fmt.Errorf("api: the seal of height %d is not of its set", height)
		}
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(entries[signers[b]].Power, entries[signers[a]].Power)
	})
	power := uint64(0)
	for i, o := range order {
		if power += entries[signers[o]].Power; set.Quorum(power) {
			order = order[:i+1]
			break
		}
	}
	slices.Sort(order)
	places, signatures := make([]int, len(order)), make([]sm2.Signature, len(order))
	for i, o := range order {
		places[i], signatures[i] = signers[o], sealed.Signatures()[o]
	}
	return seal.New(len(entries), places, signatures), nil
}
