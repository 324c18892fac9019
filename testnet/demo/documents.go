package demo

import (
	"encoding/json"
	"os"
	"time"

	"github.com/hallmark-ledger/hallmark/x/civil"
)

// The EPCIS documents, files in the folder of the network.
const (
	cellDocument    = "cells.jsonld"
	bankDocument    = "power-banks.jsonld"
	arrivalDocument = "arrival.jsonld"
)

// document is an EPCIS 2.0 document in JSON-LD, as far as it occurs here.
type document struct {
	Context       []string     `json:"@context"`
	Type          string       `json:"type"`
	SchemaVersion string       `json:"schemaVersion"`
	CreationDate  string       `json:"creationDate"`
	Body          documentBody `json:"epcisBody"`
}

type documentBody struct {
	Events []event `json:"eventList"`
}

// event is an event of it.
type event struct {
	Type        string     `json:"type"`
	Time        string     `json:"eventTime"`
	Offset      string     `json:"eventTimeZoneOffset"`
	Action      string     `json:"action,omitempty"`
	Items       []string   `json:"epcList,omitempty"`
	Lots        []quantity `json:"quantityList,omitempty"`
	Inputs      []quantity `json:"inputQuantityList,omitempty"`
	Outputs     []string   `json:"outputEPCList,omitempty"`
	Step        string     `json:"bizStep"`
	Disposition string     `json:"disposition"`
	Place       place      `json:"readPoint"`
}

type quantity struct {
	Class    string `json:"epcClass"`
	Quantity int    `json:"quantity"`
}

type place struct {
	ID string `json:"id"`
}

// timeForm is that of EPCIS, with milliseconds.
const timeForm = "2006-01-02T15:04:05.000-07:00"

// at fills in when and where an event happened, in Beijing's time.
func (e event) at(when time.Time, where string) event {
	when = when.In(civil.DateOf(when).Start().Location())
	e.Time, e.Offset, e.Place = when.Format(timeForm), when.Format("-07:00"), place{where}
	return e
}

// morning is ten o'clock in Beijing.
func morning(d civil.Date) time.Time { return d.Start().Add(10 * time.Hour) }

// cellEvents are what the maker of cells reports.
func (s *story) cellEvents() []event {
	lot := []quantity{{cellLot, lotSize}}
	return []event{
		event{Type: "ObjectEvent", Action: "ADD", Lots: lot, Step: "commissioning", Disposition: "active"}.at(morning(s.ago(made)), cellPlant),
		event{Type: "ObjectEvent", Action: "OBSERVE", Lots: lot, Step: "shipping", Disposition: "in_transit"}.at(morning(s.ago(sent)), cellPlant),
	}
}

// bankEvents are what the maker of power banks reports until they are shipped.
func (s *story) bankEvents() []event {
	return []event{
		event{Type: "ObjectEvent", Action: "OBSERVE", Lots: []quantity{{cellLot, lotSize}}, Step: "receiving", Disposition: "in_progress"}.at(morning(s.ago(received)), bankPlant),
		event{Type: "TransformationEvent", Inputs: []quantity{{cellLot, cellsEach * len(banks)}}, Outputs: banks, Step: "commissioning", Disposition: "active"}.at(morning(s.ago(assembled)), bankPlant),
		event{Type: "ObjectEvent", Action: "OBSERVE", Items: banks, Step: "shipping", Disposition: "in_transit"}.at(morning(s.ago(shipped)), bankPlant),
	}
}

// shippedEvent is the last of bankEvents, from 0.
const shippedEvent = 2

// arrival is that the power banks come to a warehouse.
func arrival(when time.Time) []event {
	return []event{event{Type: "ObjectEvent", Action: "OBSERVE", Items: banks, Step: "receiving", Disposition: "in_progress"}.at(when, bankStorage)}
}

// writeDocument writes events to a file of the network's folder.
func (d *demo) writeDocument(name string, created time.Time, events ...event) error {
	b, err := json.MarshalIndent(document{
		Context: []string{"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"},
		Type:    "EPCISDocument", SchemaVersion: "2.0", CreationDate: created.Format(timeForm), Body: documentBody{events},
	}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(d.net.Path(name), append(b, '\n'), 0o644)
}
