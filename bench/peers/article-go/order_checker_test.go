package main

import "testing"

func TestOrderCheckerCountsWhatBecameOfEach(t *testing.T) {
	checker := orderChecker{missing: map[uint32]struct{}{}}
	for _, sequence := range []uint32{0, 2, 1, 2, 5} {
		checker.note(sequence)
	}
	want := verdict{Received: 5, Lost: 4, Duplicates: 1, OutOfOrder: 1}
	if got := checker.verdict(8); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestTextBodyCarriesItsStamp(t *testing.T) {
	want := stamp{sender: 3, sequence: 4_000_000_000, intendedMicros: 1_234_567_890.125}
	text := textBody(want, 100)
	if len(text) != 100 {
		t.Errorf("%d bytes, not 100", len(text))
	}
	if got, err := readTextBody(text, 100); err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}
