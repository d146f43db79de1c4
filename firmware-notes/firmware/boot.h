/* Who this panel is, which start this is, and chance. */
#ifndef BOOT_H
#define BOOT_H

#include <stdint.h>

/* Low half: start counter from EEPROM. High half: by chance, for an erased EEPROM repeats the counter. */
extern uint32_t boot_id;
extern uint8_t hwid[8];
/* 1 power, 2 external, 4 brown-out, 8 watchdog. */
extern uint8_t reset_cause;

void boot_start(void);
uint16_t random16(void);
/* Bytes of RAM that were never used since the start. */
uint16_t stack_left(void);

#endif
