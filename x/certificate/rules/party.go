package rules

// Party is an organisation named on a certificate. No natural person is one,
// unless as a sole trader under the name of the business.
type Party struct {
	NameChinese, NameEnglish       string // at least one
	AddressChinese, AddressEnglish string // at least one
	Country                        string // ISO 3166-1 numeric, as 156
	Region                         string // GB/T 2260, mainland China only; may be empty
}

func (p *Party) check(role string) error {
	if err := checkEither(role+" name", p.NameChinese, p.NameEnglish, MaxName); err != nil {
		return err
	}
	if err := checkEither(role+" address", p.AddressChinese, p.AddressEnglish, MaxAddress); err != nil {
		return err
	}
	if _, ok := CountryOf(p.Country); !ok {
		return CodeCountry.Refuse("%s: %q", role, p.Country)
	}
	if p.Region != "" {
		return CheckRegion(p.Country, p.Region)
	}
	return nil
}
