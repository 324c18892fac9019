package epcis

import "strings"

// Where the words of the CBV and of GS1's web vocabulary live.
const (
	cbv    = "https://ref.gs1.org/cbv/"
	webVoc = "https://gs1.org/voc/"
)

// The bare words that a document may use in place of a URI (CBV 2.0, sections 7
// and 8; the same in the JSON-LD context of EPCIS 2.0 and in its JSON schema).
var (
	bizSteps = wordList(cbv+"BizStep-", `accepting arriving assembling collecting commissioning consigning creating_class_instance
		cycle_counting decommissioning departing destroying disassembling dispensing encoding entering_exiting holding
		inspecting installing killing loading other packing picking receiving removing repackaging repairing replacing
		reserving retail_selling sampling sensor_reporting shipping staging_outbound stock_taking stocking storing
		transporting unloading unpacking void_shipping`)
	dispositions = wordList(cbv+"Disp-", `active available completeness_inferred completeness_verified conformant container_closed
		container_open damaged destroyed dispensed disposed encoded expired in_progress in_transit inactive
		mismatch_class mismatch_instance mismatch_quantity needs_replacement no_pedigree_match non_conformant
		non_sellable_other partially_dispensed recalled reserved retail_sold returned sellable_accessible
		sellable_not_accessible stolen unavailable unknown`)
	bizTransactionTypes = wordList(cbv+"BTT-", `bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt`)
	sourceTypes         = wordList(cbv+"SDT-", `owning_party possessing_party location`)
	errorReasons        = wordList(cbv+"ER-", `did_not_occur incorrect_data`)
	components          = wordList(cbv+"Comp-", `x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle
		easting northing latitude longitude altitude`)
	alerts           = wordList(webVoc, `ALARM_CONDITION ERROR_CONDITION`)
	measurementTypes = wordList(webVoc, `AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Altitude AmountOfSubstance
		AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity Area Capacitance
		Conductance Conductivity Count Density Dimensionless DoseEquivalent DoseEquivalentRate DynamicViscosity
		ElectricCharge ElectricCurrent ElectricCurrentDensity ElectricFieldStrength Energy Exposure Force Frequency
		Illuminance Inductance Irradiance KinematicViscosity Length LinearMomentum Luminance LuminousFlux
		LuminousIntensity MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass MassConcentration MassFlowRate
		MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power Pressure RadiantFlux
		RadiantIntensity Radioactivity RelativeHumidity Resistance Resistivity SolidAngle SpecificVolume Speed
		SurfaceDensity SurfaceTension Temperature Time Torque Voltage Volume VolumeFlowRate VolumeFraction
		VolumetricFlux Wavenumber`)
)

// wordSet is bare words with the beginning of their URIs.
type wordSet struct {
	prefix string
	uris   map[string]string
}

func wordList(prefix, list string) *wordSet {
	s := &wordSet{prefix, make(map[string]string)}
	for _, w := range strings.Fields(list) {
		s.uris[w] = prefix + w
	}
	return s
}

func (s *wordSet) has(word string) bool {
	_, ok := s.uris[word]
	return ok
}

// coinedIn says which words a field takes, by the field it lies in ("" for an
// event) and its own name. What lies deeper takes those of where it lies.
var coinedIn = map[string]map[string]*wordSet{
	"":                      {"bizStep": bizSteps, "disposition": dispositions},
	"persistentDisposition": {"set": dispositions, "unset": dispositions},
	"bizTransactionList":    {"type": bizTransactionTypes},
	"sourceList":            {"type": sourceTypes},
	"destinationList":       {"type": sourceTypes},
	"sensorReport":          {"type": measurementTypes, "exception": alerts, "component": components},
	"errorDeclaration":      {"reason": errorReasons},
}

// standardPrefixes are the prefixes of CURIEs that the JSON-LD context of EPCIS
// 2.0 defines.
var standardPrefixes = map[string]string{
	"cbv": cbv, "gs1": webVoc, "epcis": "https://ref.gs1.org/epcis/", "cbvmda": "urn:epcglobal:cbv:mda:",
	"rdfs": "http://www.w3.org/2000/01/rdf-schema#", "owl": "http://www.w3.org/2002/07/owl#",
	"xsd": "http://www.w3.org/2001/XMLSchema#", "dcterms": "http://purl.org/dc/terms/",
}
