package main

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// receiverPlan is the benchmark's own; the first address is the server's, the second Redis'.
type receiverPlan struct {
	Addresses [2]string `json:"addresses"`
	BodyBytes int       `json:"bodyBytes"`
}

type receiverProgress struct {
	Count    int     `json:"count"`
	AtMicros float64 `json:"atMicros"`
}

type receiverReport struct {
	Verdict verdict `json:"verdict"`
	Latency string  `json:"latency"`
}

// receiverProgram pops messages, and holds what it gets to what was sent.
type receiverProgram struct {
	plan   receiverPlan
	broker *RedisBroker
	cancel context.CancelFunc

	mutex   sync.Mutex
	checker orderChecker
	damaged int
	latency *hdrhistogram.Histogram
	frozen  string
	failure error
}

func newReceiverProgram() *receiverProgram {
	return &receiverProgram{
		checker: orderChecker{missing: map[uint32]struct{}{}},
		latency: newMicrosHistogram(),
	}
}

func (p *receiverProgram) answers() answers {
	return answers{
		"start":    func(argument json.RawMessage) (any, error) { return nil, p.start(argument) },
		"progress": func(json.RawMessage) (any, error) { return p.progress(func() error { return nil }) },
		// What was measured so far was the warm-up.
		"mark": func(json.RawMessage) (any, error) {
			return p.progress(func() error {
				p.latency.Reset()
				return nil
			})
		},
		// The end of the measured time; what comes later is checked, not measured.
		"freeze": func(json.RawMessage) (any, error) { return p.progress(p.freeze) },
		"report": p.report,
		"close": func(json.RawMessage) (any, error) {
			p.cancel()
			return nil, p.broker.Close()
		},
	}
}

func (p *receiverProgram) start(argument json.RawMessage) error {
	if err := json.Unmarshal(argument, &p.plan); err != nil {
		return err
	}
	var ctx context.Context
	ctx, p.cancel = context.WithCancel(context.Background())
	p.broker = NewRedisBroker(p.plan.Addresses[1], Topic)
	messages, failure := p.broker.Subscribe(ctx)
	go func() {
		for message := range messages {
			if message.Receiver == Receiver {
				p.note(message.Text)
			}
		}
		p.mutex.Lock()
		defer p.mutex.Unlock()
		if ctx.Err() == nil {
			p.failure = <-failure
		}
	}()
	return nil
}

func (p *receiverProgram) note(text string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	got, err := readTextBody(text, p.plan.BodyBytes)
	if err != nil {
		p.damaged++
		return
	}
	recordMicros(p.latency, nowMicros()-got.intendedMicros)
	p.checker.note(got.sequence)
}

func (p *receiverProgram) progress(also func() error) (any, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.failure != nil {
		return nil, p.failure
	}
	now := receiverProgress{Count: p.checker.received + p.damaged, AtMicros: nowMicros()}
	return now, also()
}

func (p *receiverProgram) freeze() error {
	encoded, err := p.latency.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	p.frozen = string(encoded)
	return err
}

// report judges what came of the messages of each sender, of which there is one, to each destination, likewise.
func (p *receiverProgram) report(argument json.RawMessage) (any, error) {
	var sent [1][1]uint32
	if err := json.Unmarshal(argument, &sent); err != nil {
		return nil, err
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	judged := p.checker.verdict(sent[0][0])
	judged.Received += p.damaged
	return receiverReport{Verdict: judged, Latency: p.frozen}, nil
}
