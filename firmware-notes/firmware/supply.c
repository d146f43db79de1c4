/*
 * Purpose: warns before brown-out (4.3 V) stops the panel: bad hubs and long cables show here first.
 * Refuses: to wait for a converter that never ends; to repeat the warning while the supply hovers.
 * Document: ../panel-protocol.md, "Messages", FAULT 6.
 */
#include "supply.h"

#include <avr/io.h>

#include "link.h"

#define WEAK_MV 4500
#define GOOD_MV 4700
#define EVERY_MS 1024

uint8_t supply_weak;
static uint16_t wait_ms = EVERY_MS;

void supply_start(void) {
  ADMUX = _BV(REFS0) | 0x0e;
  ADCSRA = _BV(ADEN) | _BV(ADPS2) | _BV(ADPS1) | _BV(ADPS0);
}

uint16_t supply_sample(void) {
  ADCSRA |= _BV(ADSC);
  for (uint16_t patience = 2000; patience != 0 && (ADCSRA & _BV(ADSC)); patience--) {
  }
  return ADC;
}

void supply_tick(void) {
  if (--wait_ms != 0) return;
  wait_ms = EVERY_MS;
  uint16_t sample = supply_sample();
  if (sample == 0) return;
  uint16_t mv = (uint16_t)(1100ul * 1024 / sample);
  if (mv > GOOD_MV) supply_weak = 0;
  if (mv >= WEAK_MV || supply_weak) return;
  supply_weak = 1;
  link_fault(FAULT_SUPPLY, 0, mv);
}
