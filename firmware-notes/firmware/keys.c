/*
 * Purpose: takes a press when a ticket is armed, the key is in its mask, not stuck and not locked out.
 * Refuses: a second event for a used single shot, also when its ARM is repeated late; a press into a full queue,
 *   which raises a fault and marks the next event.
 * Document: ../panel-protocol.md, "The panel".
 */
#include "keys.h"

#include "boot.h"
#include "clock.h"
#include "debounce.h"
#include "link.h"
#include "panel.h"
#include "press.h"
#include "settings.h"

#define CHORD_MS 30
#define MAX_DURATION_MS 0xfffe

typedef struct {
  uint32_t pressed_at;
  /* Counts down: a point in time would come round again after weeks without a press. */
  uint16_t lockout;
  /* The event of the press that is going on; 0 = none. */
  uint16_t seq;
} Key;

uint32_t armed_ticket;
uint8_t armed_mask, keys_stuck, overflow_count, ignored_count, overflow_pending;

static Key keys[BUTTONS];
static uint32_t armed_until;
static uint32_t used_ticket;
static uint8_t armed_single_shot;
static uint16_t last_seq;

void arm(uint32_t ticket, uint8_t mask, uint8_t single_shot, uint16_t timeout_s) {
  armed_until = uptime_ms() + timeout_s * 1000ul;
  /* The same ticket again only extends the time. */
  if (ticket == armed_ticket) return;
  armed_ticket = ticket;
  armed_single_shot = single_shot;
  armed_mask = single_shot && ticket == used_ticket ? 0 : mask;
}

void disarm(void) {
  armed_ticket = 0;
  armed_mask = 0;
}

void mark_used(uint32_t ticket) { used_ticket = ticket; }

static void count(uint8_t *counter) {
  if (*counter != 0xff) (*counter)++;
}

static uint8_t is_chord(uint8_t own, uint32_t now) {
  if (keys_closing & (uint8_t)~own) return 1;
  for (uint8_t i = 0, bit = 1; i < BUTTONS; i++, bit <<= 1) {
    if (bit == own || !(keys_down & bit) || (keys_stuck & bit)) continue;
    if (now - keys[i].pressed_at <= CHORD_MS) return 1;
  }
  return 0;
}

static void pressed(uint8_t index, uint8_t bit) {
  Key *key = &keys[index];
  uint32_t now = uptime_ms();
  uint8_t locked = key->lockout != 0;
  uint8_t chord = is_chord(bit, now);
  key->pressed_at = now;
  key->seq = 0;
  if (chord && queue_length() != 0) {
    /* The first key of the chord is on its way: its next transmission says so. */
    Press *last = queue_at(queue_length() - 1);
    if (last->boot == boot_id && now - last->uptime <= CHORD_MS) last->flags |= FLAG_CHORD;
  }
  if (!(armed_mask & bit) || locked) {
    count(&ignored_count);
    return;
  }
  key->lockout = settings[LOCKOUT_MS];
  Press *press = queue_push();
  if (press == 0) {
    count(&overflow_count);
    overflow_pending = 1;
    link_fault(FAULT_OVERFLOW, index, overflow_count);
    return;
  }
  if (++last_seq == 0) last_seq = 1;
  press->boot = boot_id;
  press->seq = last_seq;
  press->uptime = now;
  press->ticket = armed_ticket;
  press->duration = STILL_DOWN;
  press->button = index;
  press->flags = (overflow_pending ? FLAG_OVERFLOW_BEFORE : 0) | (chord ? FLAG_CHORD : 0);
  press->slot = SLOT_NONE;
  overflow_pending = 0;
  key->seq = last_seq;
  if (armed_single_shot) {
    press->flags |= FLAG_SINGLE_SHOT;
    armed_mask = 0;
    used_ticket = armed_ticket;
  }
  link_pressed();
}

static void released(uint8_t index, uint8_t bit) {
  Key *key = &keys[index];
  uint32_t held = uptime_ms() - key->pressed_at;
  uint16_t duration = held > MAX_DURATION_MS ? MAX_DURATION_MS : (uint16_t)held;
  if (keys_stuck & bit) {
    keys_stuck &= (uint8_t)~bit;
    link_fault(FAULT_STUCK_CLEARED, index, duration);
  }
  if (key->seq == 0) return;
  Press *press = queue_find(boot_id, key->seq);
  if (press != 0) press->duration = duration;
  link_release(key->seq, index, duration);
  key->seq = 0;
}

void keys_start(void) {
  debounce_start();
  keys_stuck = keys_down;
}

void keys_tick(void) {
  uint32_t now = uptime_ms();
  if (armed_ticket != 0 && (int32_t)(now - armed_until) >= 0) disarm();
  debounce_tick();
  for (uint8_t i = 0, bit = 1; i < BUTTONS; i++, bit <<= 1) {
    if (keys[i].lockout != 0) keys[i].lockout--;
    if (keys_pressed & bit) pressed(i, bit);
    if (keys_released & bit) released(i, bit);
    if (!(keys_down & bit) || (keys_stuck & bit)) continue;
    if (now - keys[i].pressed_at >= settings[STUCK_S] * 1000ul) {
      keys_stuck |= bit;
      link_fault(FAULT_STUCK, i, settings[STUCK_S]);
    }
  }
}
