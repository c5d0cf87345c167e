package metrics

// All are the measures in the order in which they are shown.
var All = []Measure{response, resolution, phase, promise, stalled, volume, severity, success, quality, people}
