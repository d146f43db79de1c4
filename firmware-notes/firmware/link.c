/*
 * Purpose: session, stop-and-wait sending of the queue, and frames in and out; what a message means is requests.c.
 * Refuses: frames of the other direction (one's own echo), of another address or version, and damaged ones (counted).
 * Document: ../panel-protocol.md, "The panel".
 */
#include "link.h"

#include "boot.h"
#include "clock.h"
#include "frame.h"
#include "keys.h"
#include "link-frames.h"
#include "panel.h"
#include "press.h"
#include "requests.h"
#include "settings.h"
#include "uart.h"

#define BEACON_MS 1000
#define SESSION_MS 3500
#define JITTER_MASK 31
#define BROADCAST 0xff
/* Damaged frames in one session before the host is told. */
#define TELL_RX_ERRORS 50

uint8_t rx_errors;

static uint8_t in_session;
static uint32_t heard_at;
static uint16_t beacon_in;
static uint16_t rto;
static uint32_t send_at;
static uint8_t head_sent;
static uint8_t restart_told;
static uint8_t errors_told;

uint8_t link_in_session(void) { return in_session; }

static void send_soon(void) {
  head_sent = 0;
  rto = settings[FIRST_RTO_MS];
  send_at = uptime_ms();
}

void link_start(void) { send_soon(); }

void link_pressed(void) {
  if (queue_length() == 1) send_soon();
}

void link_head_gone(void) { send_soon(); }

void link_session(void) {
  uint8_t begins = !in_session;
  in_session = 1;
  rto = settings[FIRST_RTO_MS];
  send_at = uptime_ms();
  if (!begins) return;
  errors_told = 0;
  /* The host was away when these happened. */
  if (!restart_told && (reset_cause & 0x0c)) link_fault(FAULT_RESTARTED, 0, reset_cause);
  restart_told = 1;
  for (uint8_t key = 0; key < BUTTONS; key++)
    if (keys_stuck & 1 << key) link_fault(FAULT_STUCK, key, settings[STUCK_S]);
}

void link_release(uint16_t seq, uint8_t button, uint16_t duration) {
  if (in_session) send_release(seq, button, duration);
}

void link_fault(uint8_t code, uint8_t button, uint16_t detail) { send_fault(code, button, detail); }

static void damaged(void) {
  if (rx_errors != 0xff) rx_errors++;
  if (++errors_told == TELL_RX_ERRORS && in_session) link_fault(FAULT_RX_ERRORS, 0, rx_errors);
  if (errors_told > TELL_RX_ERRORS) errors_told = TELL_RX_ERRORS + 1;
}

static void frame_received(uint8_t *frame, uint8_t length) {
  uint8_t decoded = frame_decode(frame, length);
  if (decoded == 0 || (frame[0] & 0xf0) != VF_VERSION) {
    damaged();
    return;
  }
  if (frame[0] & VF_TO_HOST) return;
  if (frame[1] != 0 && frame[1] != BROADCAST) return;
  heard_at = uptime_ms();
  request(frame[2], frame[3], &frame[FRAME_HEAD], decoded - FRAME_HEAD, frame[1] == BROADCAST);
}

void link_receive(void) {
  static uint8_t frame[MAX_ENCODED];
  static uint8_t length;
  static uint8_t overlong;
  for (int16_t byte = uart_take(); byte >= 0; byte = uart_take()) {
    if (byte != 0) {
      if (length == MAX_ENCODED) overlong = 1;
      else frame[length++] = (uint8_t)byte;
      continue;
    }
    if (overlong) damaged();
    else if (length != 0) frame_received(frame, length);
    length = 0;
    overlong = 0;
  }
}

static void send_head(void) {
  /* No room on the wire: tried again in a millisecond. */
  if (!send_button(queue_at(0), head_sent)) return;
  head_sent = 1;
  uint16_t wait = in_session ? rto : settings[MAX_RTO_MS];
  send_at = uptime_ms() + wait + (random16() & JITTER_MASK);
  rto = wait > settings[MAX_RTO_MS] / 2 ? settings[MAX_RTO_MS] : wait * 2;
}

void link_tick(void) {
  uint32_t now = uptime_ms();
  for (uint8_t lost = uart_take_errors(); lost != 0; lost--) damaged();
  if (in_session && now - heard_at >= SESSION_MS) {
    in_session = 0;
    beacon_in = 0;
  }
  if (!in_session) {
    if (beacon_in != 0) beacon_in--;
    else if (send_info(0)) beacon_in = BEACON_MS - 1;
  }
  if (queue_length() != 0 && (int32_t)(now - send_at) >= 0) send_head();
}
