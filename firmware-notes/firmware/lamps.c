/*
 * Purpose: the eight lamps, their time to live, and the lamp on the board, which shows whether a press would count.
 * Refuses: to shine without a host, which could not keep what the lamp promises.
 * Document: ../panel-protocol.md, "The panel"; pins: ../wiring.md.
 */
#include "lamps.h"

#include "clock.h"
#include "keys.h"
#include "panel.h"

#define TEST_MS 500
/* Half a blink: 256 ms. */
#define BLINK_BIT 0x100

static uint8_t on, blink;
static uint16_t ttl_ms, test_ms;

void lamps_start(void) {
  DDRC |= 0x3f;
  DDRB |= _BV(PB2) | _BV(PB3) | _BV(ARMED_LAMP_BIT);
}

void lamps_set(uint8_t now_on, uint8_t now_blink, uint8_t ttl_tenths) {
  on = now_on;
  blink = now_blink;
  ttl_ms = ttl_tenths * 100u;
}

void lamps_test(void) { test_ms = TEST_MS; }

void lamps_tick(uint8_t in_session) {
  if (ttl_ms != 0 && --ttl_ms == 0) lamps_set(0, 0, 0);
  uint8_t lit = in_session ? on : 0;
  if (in_session && (uptime_ms() & BLINK_BIT)) lit |= blink;
  if (test_ms != 0) {
    test_ms--;
    lit = 0xff;
  }
  lit &= BUTTON_MASK;
  PORTC = (PORTC & 0xc0) | (lit & 0x3f);
  uint8_t b = PORTB & (uint8_t)~(_BV(PB2) | _BV(PB3) | _BV(ARMED_LAMP_BIT));
  b |= (lit >> 4) & (_BV(PB2) | _BV(PB3));
  if (armed_mask != 0) b |= _BV(ARMED_LAMP_BIT);
  PORTB = b;
}
