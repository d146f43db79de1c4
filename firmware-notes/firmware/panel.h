/*
 * Purpose: the board - an ATmega328P at 16 MHz - and the sizes everything else is fixed by.
 * Refuses: more than eight buttons; a queue that the EEPROM journal could not hold.
 * Document: ../panel-protocol.md; pins: ../wiring.md.
 */
#ifndef PANEL_H
#define PANEL_H

#include <avr/io.h>
#include <stdint.h>

#define FIRMWARE_MAJOR 1
#define FIRMWARE_MINOR 0
#define FIRMWARE_PATCH 0

#ifndef BUTTONS
#define BUTTONS 5
#endif
#if BUTTONS < 1 || BUTTONS > 8
#error "BUTTONS is 1 to 8"
#endif
#define BUTTON_MASK ((uint8_t)((1u << BUTTONS) - 1))

/* Presses that wait for the host's ACK. */
#define QUEUE_CAPACITY 32
/* Records of the EEPROM journal. More than the queue, so that the next record never falls on a waiting one. */
#define JOURNAL_SLOTS 48

/*
 * Buttons close to ground (pull-ups): 0-5 = PD2-PD7, 6-7 = PB0-PB1.
 * Lamps, high = on: 0-5 = PC0-PC5, 6-7 = PB2-PB3.
 * PB5, the lamp on most boards, inside the box: a press would count now.
 */
#define ARMED_LAMP_BIT 5

#endif
