/* The EEPROM, one byte at a time, without waiting. */
#ifndef EEPROM_H
#define EEPROM_H

#include <avr/io.h>
#include <stdint.h>

/* Where what lies. The journal fills the rest of the 1024 bytes. */
#define EE_BOOT 0
#define EE_BOOT_SLOTS 8
#define EE_HWID 32
#define EE_JOURNAL 64

#define EE_REPLACE 0          /* erase and write, 3.4 ms */
#define EE_ERASE _BV(EEPM0)   /* all bits to one, 1.8 ms */
#define EE_CLEAR _BV(EEPM1)   /* only ones to zeros, 1.8 ms */

uint8_t eeprom_busy(void);
uint8_t eeprom_read(uint16_t at);
void eeprom_start(uint16_t at, uint8_t value, uint8_t mode);
/* Only before the main loop: waits. */
void eeprom_write_now(uint16_t at, const uint8_t *bytes, uint8_t length);

#endif
