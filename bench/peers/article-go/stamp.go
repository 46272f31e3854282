package main

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math"
	"strings"

	"golang.org/x/sys/unix"
)

const (
	stampBytes      = 16
	stampCharacters = 24
)

// stamp is what the start of every body says; the layout is that of the benchmark's stamp.ts.
type stamp struct {
	sender         uint32
	sequence       uint32
	intendedMicros float64
}

// textBody is a stamp in base64 with x's behind it, just as many bytes as the bodies of other systems have.
func textBody(s stamp, bodyBytes int) string {
	var bytes [stampBytes]byte
	binary.LittleEndian.PutUint32(bytes[0:], s.sender)
	binary.LittleEndian.PutUint32(bytes[4:], s.sequence)
	binary.LittleEndian.PutUint64(bytes[8:], math.Float64bits(s.intendedMicros))
	return base64.StdEncoding.EncodeToString(bytes[:]) + strings.Repeat("x", bodyBytes-stampCharacters)
}

func readTextBody(text string, bodyBytes int) (stamp, error) {
	if len(text) != bodyBytes {
		return stamp{}, errors.New("a body of another length")
	}
	bytes, err := base64.StdEncoding.DecodeString(text[:stampCharacters])
	if err != nil {
		return stamp{}, err
	}
	return stamp{
		sender:         binary.LittleEndian.Uint32(bytes[0:]),
		sequence:       binary.LittleEndian.Uint32(bytes[4:]),
		intendedMicros: math.Float64frombits(binary.LittleEndian.Uint64(bytes[8:])),
	}, nil
}

// nowMicros is the kernel's monotonic clock, which all processes of one machine share.
func nowMicros() float64 {
	var time unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &time); err != nil {
		panic(err)
	}
	return float64(time.Nano()) / 1_000
}

// sleepUntil sleeps in the kernel: timers of Go's runtime are a millisecond coarse when nothing else is to be done, which
// would hide latencies below it.
func sleepUntil(micros float64) {
	until := unix.NsecToTimespec(int64(micros * 1_000))
	for unix.ClockNanosleep(unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME, &until, nil) == unix.EINTR {
	}
}
