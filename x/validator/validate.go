package validator

import (
	"fmt"

	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
)

// Validate checks a message or governed action of this module by its form alone,
// as its handler will: nil, or a refusal. What is none of the module's is an
// error that is no refusal.
func (m *Module) Validate(message any) error {
	switch v := message.(type) {
	case *validatorv1.SetValidators:
		_, err := validateSetValidators(v)
		return err
	case *validatorv1.RotateSealKey:
		_, err := validateRotateSealKey(v)
		return err
	case *validatorv1.ReportConflict:
		_, err := validateReportConflict(v)
		return err
	}
	return fmt.Errorf("validator: %T is no message of the module", message)
}
