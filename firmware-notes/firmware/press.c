/*
 * Purpose: the queue: first in, first out, fixed memory.
 * Refuses: a press when full; the caller says so to the host, so that loss is never silent.
 * Document: ../panel-protocol.md, "The panel".
 */
#include "press.h"

#include "panel.h"

static Press presses[QUEUE_CAPACITY];
static uint8_t head, queued;

uint8_t queue_length(void) { return queued; }

Press *queue_at(uint8_t place) { return &presses[(uint8_t)(head + place) % QUEUE_CAPACITY]; }

Press *queue_push(void) {
  if (queued == QUEUE_CAPACITY) return 0;
  return queue_at(queued++);
}

void queue_pop(void) {
  head = (head + 1) % QUEUE_CAPACITY;
  queued--;
}

Press *queue_find(uint32_t boot, uint16_t seq) {
  for (uint8_t place = 0; place < queued; place++) {
    Press *press = queue_at(place);
    if (press->seq == seq && press->boot == boot) return press;
  }
  return 0;
}
