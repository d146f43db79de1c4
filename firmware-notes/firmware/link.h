/* The panel's side of CPP/1. */
#ifndef LINK_H
#define LINK_H

#include <stdint.h>

enum {
  FAULT_STUCK = 1,
  FAULT_STUCK_CLEARED,
  FAULT_OVERFLOW,
  FAULT_RESTARTED,
  FAULT_RX_ERRORS,
  FAULT_SUPPLY
};

/* After the queue was filled from the journal. */
void link_start(void);
/* Takes what was received. */
void link_receive(void);
/* One millisecond: session, beacon, retransmission. */
void link_tick(void);
uint8_t link_in_session(void);

/* A press was queued. */
void link_pressed(void);
/* Best effort, both. */
void link_release(uint16_t seq, uint8_t button, uint16_t duration);
void link_fault(uint8_t code, uint8_t button, uint16_t detail);

#endif
