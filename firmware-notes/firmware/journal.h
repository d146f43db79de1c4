/* Presses in EEPROM, so that a power loss costs none that was there. */
#ifndef JOURNAL_H
#define JOURNAL_H

#include "press.h"

/* At the start: fills the queue with what was not acknowledged. Returns the ticket of a used single shot, or 0. */
uint32_t journal_load(void);
/* From the main loop: starts at most one byte; never waits. 1 while a press is on its way into the EEPROM. */
uint8_t journal_work(void);
/* Before a press leaves the queue. */
void journal_forget(const Press *press);
/* Bytes that did not read back as written, saturating. */
uint8_t journal_errors(void);

#endif
