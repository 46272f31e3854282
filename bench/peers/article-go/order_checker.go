package main

// verdict says what became of the messages of one sender.
type verdict struct {
	Received   int `json:"received"`
	Lost       int `json:"lost"`
	Duplicates int `json:"duplicates"`
	OutOfOrder int `json:"outOfOrder"`
}

// orderChecker holds sequences to what a promise of order means; it counts as the benchmark's order-checker.ts does.
type orderChecker struct {
	next       uint32
	received   int
	duplicates int
	outOfOrder int
	missing    map[uint32]struct{}
}

func (c *orderChecker) note(sequence uint32) {
	c.received++
	if sequence >= c.next {
		for ; c.next < sequence; c.next++ {
			c.missing[c.next] = struct{}{}
		}
		c.next++
	} else if _, late := c.missing[sequence]; late {
		delete(c.missing, sequence)
		c.outOfOrder++
	} else {
		c.duplicates++
	}
}

func (c *orderChecker) verdict(sent uint32) verdict {
	lost := len(c.missing)
	if sent > c.next {
		lost += int(sent - c.next)
	}
	return verdict{Received: c.received, Lost: lost, Duplicates: c.duplicates, OutOfOrder: c.outOfOrder}
}
