package main

import "github.com/HdrHistogram/hdrhistogram-go"

// Ten minutes: what is longer counts as that.
const highestMicros = 600_000_000

// percentiles are in microseconds.
type percentiles struct {
	P50  int64 `json:"p50"`
	P99  int64 `json:"p99"`
	P999 int64 `json:"p999"`
	Max  int64 `json:"max"`
}

func newMicrosHistogram() *hdrhistogram.Histogram {
	return hdrhistogram.New(1, highestMicros, 3)
}

func recordMicros(histogram *hdrhistogram.Histogram, micros float64) {
	// In range by construction, which is the only reason to be refused.
	_ = histogram.RecordValue(int64(min(max(micros, 0), highestMicros)))
}

// percentilesOf is nil when nothing was recorded.
func percentilesOf(histogram *hdrhistogram.Histogram) *percentiles {
	if histogram.TotalCount() == 0 {
		return nil
	}
	return &percentiles{
		P50:  histogram.ValueAtQuantile(50),
		P99:  histogram.ValueAtQuantile(99),
		P999: histogram.ValueAtQuantile(99.9),
		Max:  histogram.Max(),
	}
}
