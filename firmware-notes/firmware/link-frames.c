/*
 * Purpose: values to payloads, little endian, and payloads to the wire.
 * Refuses: to wait for room; every caller repeats or is best effort.
 * Document: ../panel-protocol.md, "Messages".
 */
#include "link-frames.h"

#include "boot.h"
#include "clock.h"
#include "debounce.h"
#include "frame.h"
#include "keys.h"
#include "link.h"
#include "panel.h"
#include "requests.h"
#include "uart.h"

enum { RESULT = 0x80, INFO, BUTTON, RELEASE, FAULT, STATUS = 0x87, TEST };

/* LED, RELEASE, journal. */
#define CAPABILITIES (1 | 2 | 8)

static uint8_t frame[MAX_DECODED];
static uint8_t length;

static void put8(uint8_t value) { frame[length++] = value; }

static void put16(uint16_t value) {
  put8(value & 0xff);
  put8(value >> 8);
}

static void put32(uint32_t value) {
  put16(value & 0xffff);
  put16(value >> 16);
}

static void begin(uint8_t type, uint8_t tag) {
  length = 0;
  put8(VF_VERSION | VF_TO_HOST);
  put8(0);
  put8(type);
  put8(tag);
}

static uint8_t finish(void) {
  uint8_t wire[MAX_WIRE];
  return uart_put(wire, frame_encode(frame, length, wire));
}

uint8_t send_info(uint8_t tag) {
  begin(INFO, tag);
  put8(1);
  put8(1);
  for (uint8_t i = 0; i < 8; i++) put8(hwid[i]);
  put8(FIRMWARE_MAJOR);
  put8(FIRMWARE_MINOR);
  put8(FIRMWARE_PATCH);
  put8(BUTTONS);
  put8(BUTTONS);
  put16(CAPABILITIES);
  put32(boot_id);
  put16(queue_length() ? queue_at(0)->seq : 0);
  put8(queue_length());
  put8(QUEUE_CAPACITY);
  put8(reset_cause);
  return finish();
}

uint8_t send_result(uint8_t tag, uint8_t request, uint8_t status, uint16_t detail) {
  begin(RESULT, tag);
  put8(request);
  put8(status);
  put16(detail);
  return finish();
}

uint8_t send_button(const Press *press, uint8_t retransmission) {
  begin(BUTTON, 0);
  if (retransmission) frame[0] |= VF_RETRANSMISSION;
  put32(press->boot);
  put16(press->seq);
  put8(press->button);
  put8(press->flags & FLAGS_ON_THE_WIRE);
  put32(press->uptime);
  put16(press->duration);
  put32(press->ticket);
  return finish();
}

uint8_t send_release(uint16_t seq, uint8_t button, uint16_t duration) {
  begin(RELEASE, 0);
  put32(boot_id);
  put16(seq);
  put8(button);
  put16(duration);
  return finish();
}

uint8_t send_fault(uint8_t code, uint8_t button, uint16_t detail) {
  begin(FAULT, 0);
  put32(boot_id);
  put32(uptime_ms());
  put8(code);
  put8(button);
  put16(detail);
  return finish();
}

uint8_t send_status(uint8_t tag) {
  begin(STATUS, tag);
  put32(boot_id);
  put32(uptime_ms());
  put8((armed_ticket ? 1 : 0) | (link_in_session() ? 2 : 0) | (overflow_pending ? 4 : 0));
  put8(keys_down);
  put8(keys_stuck);
  put8(queue_length());
  put8(overflow_count);
  put8(ignored_count);
  put8(rx_errors);
  put32(armed_ticket);
  return finish();
}

uint8_t send_test(uint8_t tag, uint8_t result) {
  begin(TEST, tag);
  put8(result);
  put8(keys_down);
  put8(keys_stuck);
  put16(stack_left());
  return finish();
}
