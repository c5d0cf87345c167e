package importer

import "github.com/tipstaff/tipstaff/cvd"

var downstream = Source{
	Name:   "downstream-csv",
	Title:  "Projects downstream (CSV)",
	Doc:    "A table with a header: name, and if you like id, repository, website, product, version, route (a mail address or a page), notes, mail, discord, telegram, matrix, signal, phone, web of contacts, and weight:NAME. It is what the export writes.",
	Others: true,
	Read: func(text []byte) ([]cvd.Imported, error) {
		known := append([]string{"id", "name", "repository", "website", "product", "version", "line", "route", "route_source", "route_checked", "notes"}, cvd.Services...)
		return readTable(text, known, func(r tableRow) cvd.Imported {
			return cvd.Imported{Other: &cvd.Dependent{Name: r.cell("name"), Repository: r.cell("repository"), Website: r.cell("website"), Product: r.cell("product"),
				Version: r.cell("version"), Notes: r.cell("notes"), Contacts: r.handles(), Weights: r.weights(), Source: "csv", Route: cvd.Route{Is: r.cell("route")}}}
		})
	},
}
