/*
 * Purpose: one interrupt each millisecond (timer 0), counted, so that no millisecond is lost to a busy main loop.
 * Refuses: work in the interrupt; the main loop does it, one elapsed millisecond after the other.
 * Document: ../panel-protocol.md, "The panel".
 */
#include "clock.h"

#include <avr/interrupt.h>
#include <avr/io.h>

static volatile uint8_t elapsed;
static uint8_t taken;
static uint32_t uptime;

ISR(TIMER0_COMPA_vect) { elapsed++; }

void clock_start(void) {
  /* 16 MHz / 64 / 250 = 1 kHz. */
  TCCR0A = _BV(WGM01);
  OCR0A = 249;
  TIMSK0 = _BV(OCIE0A);
  TCCR0B = _BV(CS01) | _BV(CS00);
}

uint8_t clock_take(void) {
  if (taken == elapsed) return 0;
  taken++;
  uptime++;
  return 1;
}

uint32_t uptime_ms(void) { return uptime; }
