/* One counted press, and the queue of those the host has not acknowledged. */
#ifndef PRESS_H
#define PRESS_H

#include <stdint.h>

#define FLAG_OVERFLOW_BEFORE 0x01
#define FLAG_CHORD 0x02
#define FLAGS_ON_THE_WIRE (FLAG_OVERFLOW_BEFORE | FLAG_CHORD)
/* Ours alone: its ticket was a single shot, so a late repetition of that ARM opens nothing after a restart either. */
#define FLAG_SINGLE_SHOT 0x04

#define STILL_DOWN 0xffff

/* Journal slot of a press, or one of these. */
#define SLOT_NONE 0xff
#define SLOT_WRITING 0xfe
#define SLOT_FAILED 0xfd

typedef struct {
  uint32_t boot;
  uint32_t uptime;
  uint32_t ticket;
  uint16_t seq;
  uint16_t duration;
  uint8_t button;
  uint8_t flags;
  uint8_t slot;
} Press;

uint8_t queue_length(void);
/* The press at a place counted from the head; it must be below the length. */
Press *queue_at(uint8_t place);
/* 0 when full: the press is refused, never an older one overwritten. */
Press *queue_push(void);
void queue_pop(void);
Press *queue_find(uint32_t boot, uint16_t seq);

#endif
