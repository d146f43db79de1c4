/*
 * Purpose: the host's messages: each is safe to repeat, and its answer repeats with it.
 * Refuses: unknown types, short payloads, values out of range; ACK beyond the head entries of the boot it names.
 * Document: ../panel-protocol.md, "Messages".
 */
#include "requests.h"

#include <avr/interrupt.h>
#include <avr/wdt.h>

#include "boot.h"
#include "journal.h"
#include "keys.h"
#include "lamps.h"
#include "link-frames.h"
#include "panel.h"
#include "press.h"
#include "settings.h"
#include "supply.h"

enum { HELLO = 1, ACK, ARM, DISARM, LED, PROMPT, PING, SELF_TEST, SET_CONFIG, GET_CONFIG, BOOTLOADER, POLL };
enum { OK, UNKNOWN, LENGTH, RANGE, STATE, ANSWERED };

#define BOOTLOADER_MAGIC 0xb007c0deul
/* Below this the stack has come close to the variables. */
#define STACK_RESERVE 64

static uint16_t get16(const uint8_t *at) { return at[0] | (uint16_t)at[1] << 8; }

static uint32_t get32(const uint8_t *at) { return get16(at) | (uint32_t)get16(at + 2) << 16; }

static void acknowledge(uint32_t boot, uint16_t seq) {
  uint8_t popped = 0;
  while (queue_length() != 0) {
    const Press *head = queue_at(0);
    /* As serial numbers: seq runs from 65535 to 1. */
    if (head->boot != boot || (int16_t)(seq - head->seq) < 0) break;
    journal_forget(head);
    queue_pop();
    popped = 1;
  }
  if (popped) link_head_gone();
}

static uint8_t self_test(void) {
  lamps_test();
  return (journal_errors() ? 1 : 0) | (supply_weak ? 2 : 0) | (stack_left() < STACK_RESERVE ? 4 : 0);
}

/* The watchdog is the only reset that also resets the peripherals. */
static void restart(void) {
  cli();
  wdt_enable(WDTO_15MS);
  for (;;) {
  }
}

static uint8_t shortest(uint8_t type) {
  switch (type) {
    case HELLO:
    case ACK:
      return 6;
    case ARM:
      return 8;
    case DISARM:
    case LED:
      return 4;
    case PROMPT:
      return 2;
    case SET_CONFIG:
      return 3;
    case GET_CONFIG:
      return 1;
    case BOOTLOADER:
      return 5;
    default:
      return 0;
  }
}

void request(uint8_t type, uint8_t tag, const uint8_t *payload, uint8_t length, uint8_t silent) {
  uint8_t status = OK;
  uint16_t detail = 0;
  uint8_t with_queue = 1;
  if (length < shortest(type)) {
    status = LENGTH;
  } else {
    switch (type) {
      case HELLO:
        if (!silent) send_info(tag);
        link_session();
        status = ANSWERED;
        break;
      case ACK:
        acknowledge(get32(payload), get16(payload + 4));
        status = ANSWERED;
        break;
      case ARM:
        if (get32(payload) == 0 || (payload[4] & (uint8_t)~BUTTON_MASK) || get16(payload + 6) == 0) status = RANGE;
        else arm(get32(payload), payload[4], payload[5] & 1, get16(payload + 6));
        break;
      case DISARM:
        if (armed_ticket != 0 && get32(payload) != 0 && get32(payload) != armed_ticket) status = STATE;
        else disarm();
        break;
      case LED:
        lamps_set(payload[0], payload[1], payload[3]);
        break;
      case PING:
        if (!silent) send_status(tag);
        status = ANSWERED;
        break;
      case SELF_TEST: {
        uint8_t result = self_test();
        if (!silent) send_test(tag, result);
        status = ANSWERED;
        break;
      }
      case SET_CONFIG:
        if (!settings_set(payload[0], get16(payload + 1))) status = RANGE;
        detail = get16(payload + 1);
        with_queue = 0;
        break;
      case GET_CONFIG:
        if (payload[0] >= SETTINGS) status = RANGE;
        else detail = settings[payload[0]];
        with_queue = 0;
        break;
      case BOOTLOADER:
        if (get32(payload) != (BOOTLOADER_MAGIC ^ boot_id)) status = RANGE;
        else if (armed_ticket != 0 || queue_length() != 0) status = STATE;
        else restart();
        break;
      case POLL:
        status = ANSWERED;
        break;
      default:
        status = UNKNOWN;
    }
  }
  if (status == ANSWERED || silent) return;
  if (status != OK) detail = 0;
  else if (with_queue) detail = queue_length();
  send_result(tag, type, status, detail);
}
