package main

import (
	"context"
	"encoding/json"
	"sync"

	"article-go/articlepb"

	"github.com/HdrHistogram/hdrhistogram-go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// senderPlan is the benchmark's own; the first address is the server's, the second Redis'.
type senderPlan struct {
	Addresses   [2]string `json:"addresses"`
	Sender      uint32    `json:"sender"`
	BodyBytes   int       `json:"bodyBytes"`
	Rate        any       `json:"rate"`
	Concurrency int       `json:"concurrency"`
	MostWaiting int       `json:"mostWaiting"`
}

type senderReport struct {
	Sent     []uint32     `json:"sent"`
	Failures int          `json:"failures"`
	Failure  string       `json:"failure,omitempty"`
	Lateness *percentiles `json:"lateness"`
}

// senderProgram sends stamped messages until told to stop: each of many callers one after the other, or at a constant
// rate whatever became of the others.
type senderProgram struct {
	plan       senderPlan
	connection *grpc.ClientConn
	client     articlepb.MessageServiceClient
	senders    sync.WaitGroup

	mutex    sync.Mutex
	sent     uint32
	stopped  bool
	failures int
	failure  string
	lateness *hdrhistogram.Histogram
}

func newSenderProgram() *senderProgram {
	return &senderProgram{lateness: newMicrosHistogram()}
}

func (p *senderProgram) answers() answers {
	return answers{
		"start": func(argument json.RawMessage) (any, error) { return nil, p.start(argument) },
		"mark": func(json.RawMessage) (any, error) {
			p.mutex.Lock()
			defer p.mutex.Unlock()
			p.lateness.Reset()
			return nil, nil
		},
		"stop":  func(json.RawMessage) (any, error) { return p.stop(), nil },
		"close": func(json.RawMessage) (any, error) { return nil, p.connection.Close() },
	}
}

func (p *senderProgram) start(argument json.RawMessage) error {
	err := json.Unmarshal(argument, &p.plan)
	if err != nil {
		return err
	}
	p.connection, err = grpc.NewClient(p.plan.Addresses[0], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	p.client = articlepb.NewMessageServiceClient(p.connection)
	if rate, ok := p.plan.Rate.(float64); ok {
		p.senders.Go(func() { p.openLoop(rate) })
		return nil
	}
	for range p.plan.Concurrency {
		p.senders.Go(p.closedLoop)
	}
	return nil
}

func (p *senderProgram) closedLoop() {
	for {
		sequence, ok := p.take()
		if !ok {
			return
		}
		p.send(sequence, nowMicros())
	}
}

func (p *senderProgram) openLoop(rate float64) {
	start, waiting := nowMicros(), make(chan struct{}, p.plan.MostWaiting)
	for taken := 0; ; taken++ {
		due := start + float64(taken)*1_000_000/rate
		sleepUntil(due)
		// What waits here keeps the time at which it was due.
		waiting <- struct{}{}
		sequence, ok := p.take()
		if !ok {
			return
		}
		p.noteLateness(nowMicros() - due)
		p.senders.Go(func() {
			p.send(sequence, due)
			<-waiting
		})
	}
}

// take is the next sequence; false when there is nothing more to send.
func (p *senderProgram) take() (uint32, bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.stopped {
		return 0, false
	}
	p.sent++
	return p.sent - 1, true
}

func (p *senderProgram) noteLateness(micros float64) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	recordMicros(p.lateness, micros)
}

func (p *senderProgram) send(sequence uint32, intended float64) {
	text := textBody(stamp{sender: p.plan.Sender, sequence: sequence, intendedMicros: intended}, p.plan.BodyBytes)
	message := &articlepb.Message{Sender: "sender-01", Receiver: Receiver, Text: text}
	if _, err := p.client.Send(context.Background(), message); err != nil {
		p.mutex.Lock()
		defer p.mutex.Unlock()
		if p.failures == 0 {
			p.failure = err.Error()
		}
		p.failures++
		p.stopped = true
	}
}

// stop resolves when all that was sent is answered.
func (p *senderProgram) stop() senderReport {
	p.mutex.Lock()
	p.stopped = true
	p.mutex.Unlock()
	p.senders.Wait()
	return senderReport{
		Sent:     []uint32{p.sent},
		Failures: p.failures,
		Failure:  p.failure,
		Lateness: percentilesOf(p.lateness),
	}
}
