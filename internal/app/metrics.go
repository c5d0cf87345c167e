package app

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are numbers about the program itself. No label and no number tells of a project or a case.
func (a *App) metrics() http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	counter := func(name, help string, read func() float64) {
		r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, read))
	}
	counter("tipstaff_commits_total", "Transactions of the writer.", func() float64 { return float64(a.Store.Stats().Batches) })
	counter("tipstaff_kept_total", "Changes kept by the writer.", func() float64 { return float64(a.Store.Stats().Changes) })
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{})
}
