/*
 * Purpose: starts single byte writes and says when the next may start.
 * Refuses: to wait in the main loop: a write takes 3.4 ms, a key is looked at each millisecond.
 * Document: ../panel-protocol.md, "The journal".
 */
#include "eeprom.h"

#include <avr/interrupt.h>
#include <avr/wdt.h>

uint8_t eeprom_busy(void) { return EECR & _BV(EEPE); }

uint8_t eeprom_read(uint16_t at) {
  while (eeprom_busy()) wdt_reset();
  EEAR = at;
  EECR |= _BV(EERE);
  return EEDR;
}

void eeprom_start(uint16_t at, uint8_t value, uint8_t mode) {
  uint8_t sreg = SREG;
  EEAR = at;
  EEDR = value;
  cli();
  EECR = mode | _BV(EEMPE);
  EECR |= _BV(EEPE);
  SREG = sreg;
}

void eeprom_write_now(uint16_t at, const uint8_t *bytes, uint8_t length) {
  while (length--) {
    if (eeprom_read(at) != *bytes) eeprom_start(at, *bytes, EE_REPLACE);
    at++;
    bytes++;
  }
  while (eeprom_busy()) wdt_reset();
}
