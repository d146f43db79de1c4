/* What a key's edge means: a counted press, a stuck key, a chord, or nothing. */
#ifndef KEYS_H
#define KEYS_H

#include <stdint.h>

/* Keys that are down at the start are stuck until they were released. */
void keys_start(void);
/* One millisecond. */
void keys_tick(void);

/* The ticket under which presses are taken now; mask 0 = none. */
void arm(uint32_t ticket, uint8_t mask, uint8_t single_shot, uint16_t timeout_s);
void disarm(void);
/* A single shot that was used before the restart. */
void mark_used(uint32_t ticket);

/* 0 = not armed. */
extern uint32_t armed_ticket;
extern uint8_t armed_mask;
extern uint8_t keys_stuck;
/* Saturating counts of presses refused by a full queue, and of presses that nobody asked for. */
extern uint8_t overflow_count, ignored_count;
/* The next event will say that presses were refused before it. */
extern uint8_t overflow_pending;

#endif
