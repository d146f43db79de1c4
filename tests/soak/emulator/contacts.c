/*
 * Purpose: moves the contacts at their cycle, with bounces, and tells presses and the lamp "armed" as they happen.
 * Refuses: to ask whether a press is wanted, a finger presses a dead panel too; to press a key that has not come to rest.
 */
#include <stdio.h>
#include <stdlib.h>

#include "avr_extint.h"
#include "avr_ioport.h"
#include "emulator.h"

#define BUTTONS 5
#define FIRST_PIN 2
#define ARMED_PIN 5
#define MOVES 256
#define ARM 3
#define DISARM 4
/* The lamp follows its reason within a millisecond or two; the frame has to be read first. */
/* No finger presses a key again sooner; on a busy machine several commands may arrive in one moment of the chip. */
#define REST_CYCLES (350 * CYCLES_PER_MS)
#define BY_HOST_CYCLES (15 * CYCLES_PER_MS)

typedef struct {
  uint64_t at;
  int button;
  int closed;
  /* Told when it happens: the end of bouncing and the opening; 0 = an ordinary move. */
  uint64_t settled, open;
} Move;

static Move moves[MOVES];
static int count;
static uint8_t closed_mask;
static uint64_t rested_at[BUTTONS];
static int armed;
static avr_irq_t *pins[BUTTONS];

static void tell_armed(int on) {
  if (on == armed) return;
  armed = on;
  int by_host = (last_request == ARM || last_request == DISARM) && now_cycles() - last_request_at < BY_HOST_CYCLES;
  printf("{\"event\":\"armed\",\"atMs\":%.3f,\"on\":%s,\"byHost\":%s}\n", now_ms(), on ? "true" : "false",
         by_host ? "true" : "false");
}

static void lamp(struct avr_irq_t *irq, uint32_t value, void *param) {
  (void)irq;
  (void)param;
  tell_armed(value != 0);
}

void contacts_start(void) {
  for (int i = 0; i < BUTTONS; i++) pins[i] = avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ('D'), FIRST_PIN + i);
  avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ('B'), ARMED_PIN), lamp, NULL);
}

void contacts_apply(void) {
  /*
   * Two of the pins could be interrupts of level: simavr starts a clock for each closing of theirs, until it has no more
   * and the chip stands still. Each reset of the chip sets this again.
   */
  for (uint8_t number = 0; number < 2; number++) avr_extint_set_strict_lvl_trig(avr, number, 0);
  /* Stronger than the chip's pull-ups, which simavr else reads back after every write to the port. */
  avr_ioport_external_t external = {.name = 'D', .mask = 0x1f << FIRST_PIN, .value = (uint8_t)(~closed_mask << FIRST_PIN)};
  avr_ioctl(avr, AVR_IOCTL_IOPORT_SET_EXTERNAL('D'), &external);
  for (int i = 0; i < BUTTONS; i++) {
    uint32_t level = !(closed_mask & 1 << i);
    avr_raise_irq(pins[i], !level);
    avr_raise_irq(pins[i], level);
  }
}

static void add(uint64_t at, int button, int closed, uint64_t settled, uint64_t open) {
  if (count < MOVES) moves[count++] = (Move){at, button, closed, settled, open};
}

static void bounce(uint64_t at, uint64_t span, int button, int closed) {
  int pairs = span == 0 ? 0 : (int)chance(5);
  uint64_t last = at;
  for (int i = 0; i < 2 * pairs; i++) {
    last += 1 + chance((uint32_t)(span / (2u * (unsigned)pairs)));
    add(last, button, i % 2 == 0 ? !closed : closed, 0, 0);
  }
}

void contacts_press(int button, double delay_ms, double hold_ms, double bounce_ms) {
  uint64_t first = now_cycles() + (uint64_t)(delay_ms * CYCLES_PER_MS);
  if (first < rested_at[button]) return;
  uint64_t span = (uint64_t)(bounce_ms * CYCLES_PER_MS);
  uint64_t open = first + (uint64_t)(hold_ms * CYCLES_PER_MS);
  add(first, button, 1, first + span, open);
  bounce(first, span, button, 1);
  add(open, button, 0, 0, 0);
  rested_at[button] = open + REST_CYCLES;
  bounce(open, span, button, 0);
}

/* Index of the earliest move, or -1. */
static int earliest(void) {
  int first = -1;
  for (int i = 0; i < count; i++)
    if (first < 0 || moves[i].at < moves[first].at) first = i;
  return first;
}

uint64_t contacts_work(void) {
  /* One after the other in their order: an instruction may pass over several. */
  for (int first = earliest(); first >= 0; first = earliest()) {
    Move move = moves[first];
    if (move.at > now_cycles()) return move.at;
    moves[first] = moves[--count];
    closed_mask = move.closed ? closed_mask | 1 << move.button : closed_mask & ~(1 << move.button);
    if (powered) contacts_apply();
    if (move.open != 0)
      printf("{\"event\":\"press\",\"button\":%d,\"firstMs\":%.3f,\"settledMs\":%.3f,\"openMs\":%.3f,\"wallMs\":%.3f}\n",
             move.button, now_ms(), move.settled / (double)CYCLES_PER_MS, move.open / (double)CYCLES_PER_MS, wall_ms());
  }
  return UINT64_MAX;
}

void contacts_cut(void) { tell_armed(0); }
