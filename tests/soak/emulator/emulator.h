/*
 * Purpose: one emulated panel in real time (simavr): pins, power, EEPROM cells and a cable on a pseudo-terminal.
 *   Commands come as lines on stdin, what the pins saw goes out as JSON lines on stdout.
 * Refuses: to know the protocol, except for the type of the host's last frame (a press or a DISARM put the lamp out?).
 * Document: firmware-notes/bench-notes.md, "The soak".
 */
#ifndef EMULATOR_H
#define EMULATOR_H

#include <stdint.h>

#include "sim_avr.h"

#define CYCLES_PER_MS 16000

extern avr_t *avr;
extern int powered;
/* Cycles since this program began, through power cuts. */
uint64_t now_cycles(void);
double now_ms(void);
/* CLOCK_MONOTONIC, the same that Node's process.hrtime reads. */
double wall_ms(void);
/* Uniform below `limit`. */
uint32_t chance(uint32_t limit);

/* cells.c: the EEPROM, with the times and modes of the chip; simavr's own takes no time. */
void cells_start(const char *path);
/* Power went: the byte that was being written is torn. */
void cells_cut(void);
/* A reset of the chip: the write goes on by itself, the registers are new. */
void cells_reset(void);
void cells_save(const char *path);

/* cable.c: the line to the host. */
void cable_start(void);
void cable_plug(const char *link);
void cable_unplug(void);
/* Descriptor to wait on, or -1 while unplugged. */
int cable_fd(void);
void cable_receive(void);
/* Forgets what was on its way to a chip that has no power now. */
void cable_cut(void);
/* Type of the last whole frame the chip has received, and when, in cycles. */
extern uint8_t last_request;
extern uint64_t last_request_at;
/* The chip has sent a byte since this was cleared: its start-up is over. */
extern int has_spoken;

/* contacts.c: buttons with bouncing contacts, and the lamp "armed". */
void contacts_start(void);
/* After a reset of the chip: the pins are as they are. */
void contacts_apply(void);
void contacts_press(int button, double delay_ms, double hold_ms, double bounce_ms);
/* Moves what is due, and returns when the next contact moves. */
uint64_t contacts_work(void);
/* Power went, and the lamp with it. */
void contacts_cut(void);

#endif
