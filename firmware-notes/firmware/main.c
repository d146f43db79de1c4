/*
 * Purpose: the reference panel: a loop that sleeps until a millisecond has passed or a byte came.
 * Refuses: to hang: the watchdog restarts it after half a second, and the journal brings the presses back.
 * Document: ../panel-protocol.md, "The panel".
 */
#include <avr/interrupt.h>
#include <avr/sleep.h>
#include <avr/wdt.h>

#include "boot.h"
#include "clock.h"
#include "journal.h"
#include "keys.h"
#include "lamps.h"
#include "link.h"
#include "supply.h"
#include "uart.h"

int main(void) {
  wdt_enable(WDTO_500MS);
  lamps_start();
  keys_start();
  supply_start();
  boot_start();
  mark_used(journal_load());
  uart_start();
  clock_start();
  link_start();
  set_sleep_mode(SLEEP_MODE_IDLE);
  sei();
  for (;;) {
    link_receive();
    while (clock_take()) {
      /* Here and not in the loop: a clock that stands still is a reason to restart. */
      wdt_reset();
      keys_tick();
      link_tick();
      lamps_tick(link_in_session());
      supply_tick();
    }
    /* A press on its way into the EEPROM is not kept waiting for the next millisecond. */
    if (!journal_work()) sleep_mode();
  }
}
