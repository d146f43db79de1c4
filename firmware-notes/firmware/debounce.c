/*
 * Purpose: an integrating counter for each key: up while the contact differs from the key, down while it agrees.
 *   A bounce only slows it; a spike of noise is gone again as fast as it came.
 * Refuses: a press shorter than the press time, a release shorter than the release time.
 * Document: ../panel-protocol.md, "The panel".
 */
#include "debounce.h"

#include "panel.h"
#include "settings.h"

uint8_t keys_down, keys_pressed, keys_released, keys_closing;
static uint8_t counts[BUTTONS];

static uint8_t contacts(void) {
  uint8_t closed = (uint8_t)~((PIND >> 2) | (uint8_t)(PINB << 6));
  return closed & BUTTON_MASK;
}

void debounce_start(void) {
  /* Unused pins get their pull-up too: a floating input costs power and picks up noise. */
  PORTD |= 0xfc;
  PORTB |= _BV(PB0) | _BV(PB1) | _BV(PB4);
  /* The pull-up (up to 50 kOhm) against a metre of cable needs some microseconds. */
  for (volatile uint8_t wait = 0; wait < 200; wait++) {
  }
  keys_down = contacts();
}

void debounce_tick(void) {
  uint8_t different = contacts() ^ keys_down;
  keys_pressed = 0;
  keys_released = 0;
  keys_closing = 0;
  for (uint8_t key = 0, bit = 1; key < BUTTONS; key++, bit <<= 1) {
    if (!(different & bit)) {
      if (counts[key] != 0) counts[key]--;
    } else {
      uint8_t is_down = keys_down & bit;
      if (++counts[key] >= (uint8_t)settings[is_down ? RELEASE_MS : PRESS_MS]) {
        counts[key] = 0;
        keys_down ^= bit;
        if (is_down) keys_released |= bit;
        else keys_pressed |= bit;
      }
    }
    if (counts[key] != 0 && !(keys_down & bit)) keys_closing |= bit;
  }
}
