/*
 * Purpose: a ring of 48 records of 20 bytes: marker, ordinal, boot, seq, uptime, ticket, button and flags, CRC.
 *   A record is live when its marker is FF and its CRC fits. Order of a write: marker not FF, body, CRC, and at last
 *   the erasing of the marker - one byte, the moment at which the press is safe. Acknowledged: marker 00.
 * Refuses: to count what a power cut left half written (its marker is not FF yet), and to write over a live record
 *   (the ring is longer than the queue). A cut in the acknowledging write only sends the press once more.
 * Document: ../panel-protocol.md, "The journal".
 */
#include "journal.h"

#include "eeprom.h"
#include "frame.h"
#include "panel.h"

#define RECORD_SIZE 20
#define AT_ORDINAL 1
#define AT_BOOT 3
#define AT_SEQ 7
#define AT_UPTIME 9
#define AT_TICKET 13
#define AT_BUTTON 17
#define AT_CRC 18

#define MARKER_LIVE 0xff
#define MARKER_DONE 0x00

#define IDLE 0xff
/* Worn cells: the record moves on to the next slot this often before the press stays without a journal. */
#define MAX_MOVES 3

static uint8_t next_slot;
static uint16_t next_ordinal;
static uint8_t done_pending[JOURNAL_SLOTS / 8];

static uint8_t record[RECORD_SIZE];
/* Byte of the record that is written next; IDLE = no record is being written. */
static uint8_t step = IDLE;
static uint8_t moves;
static Press *writing;
static uint8_t errors;

static uint16_t slot_at(uint8_t slot) { return EE_JOURNAL + (uint16_t)slot * RECORD_SIZE; }

static uint8_t after(uint8_t slot) { return slot + 1 == JOURNAL_SLOTS ? 0 : slot + 1; }

static void put16(uint8_t at, uint16_t value) {
  record[at] = value & 0xff;
  record[at + 1] = value >> 8;
}

static void put32(uint8_t at, uint32_t value) {
  put16(at, value & 0xffff);
  put16(at + 2, value >> 16);
}

static uint16_t get16(uint8_t at) { return record[at] | (uint16_t)record[at + 1] << 8; }

static uint32_t get32(uint8_t at) { return get16(at) | (uint32_t)get16(at + 2) << 16; }

static uint16_t record_crc(void) { return crc16(0xffff, &record[AT_ORDINAL], AT_CRC - AT_ORDINAL); }

/* Reads a slot into `record`; whether its CRC fits. */
static uint8_t read_slot(uint8_t slot) {
  for (uint8_t i = 0; i < RECORD_SIZE; i++) record[i] = eeprom_read(slot_at(slot) + i);
  return get16(AT_CRC) == record_crc();
}

uint32_t journal_load(void) {
  uint8_t found = 0;
  uint8_t newest = JOURNAL_SLOTS - 1;
  uint16_t ordinal = 0xffff;
  for (uint8_t slot = 0; slot < JOURNAL_SLOTS; slot++) {
    if (!read_slot(slot)) continue;
    if (found && (int16_t)(get16(AT_ORDINAL) - ordinal) <= 0) continue;
    found = 1;
    newest = slot;
    ordinal = get16(AT_ORDINAL);
  }
  next_slot = after(newest);
  next_ordinal = ordinal + 1;
  uint32_t used_ticket = 0;
  /* From the oldest slot to the newest is the order of pressing. */
  for (uint8_t i = 0, slot = next_slot; i < JOURNAL_SLOTS; i++, slot = after(slot)) {
    if (!read_slot(slot) || record[0] != MARKER_LIVE) continue;
    Press *press = queue_push();
    if (press == 0) break;
    press->boot = get32(AT_BOOT);
    press->seq = get16(AT_SEQ);
    press->uptime = get32(AT_UPTIME);
    press->ticket = get32(AT_TICKET);
    press->button = record[AT_BUTTON] & 0x0f;
    press->flags = record[AT_BUTTON] >> 4;
    press->duration = STILL_DOWN;
    press->slot = slot;
    used_ticket = press->flags & FLAG_SINGLE_SHOT ? press->ticket : 0;
  }
  return used_ticket;
}

static void begin(Press *press) {
  writing = press;
  press->slot = SLOT_WRITING;
  step = 0;
  record[0] = MARKER_DONE;
  put16(AT_ORDINAL, next_ordinal);
  put32(AT_BOOT, press->boot);
  put16(AT_SEQ, press->seq);
  put32(AT_UPTIME, press->uptime);
  put32(AT_TICKET, press->ticket);
}

static void advance(void) {
  done_pending[next_slot / 8] &= (uint8_t)~(1 << next_slot % 8);
  next_slot = after(next_slot);
  next_ordinal++;
}

/* A byte did not take: the record goes to the next slot, and after a few to none. */
static void move_on(void) {
  if (errors != 0xff) errors++;
  advance();
  if (++moves < MAX_MOVES) {
    begin(writing);
    return;
  }
  writing->slot = SLOT_FAILED;
  step = IDLE;
  moves = 0;
}

static void write_step(void) {
  uint16_t at = slot_at(next_slot);
  if (step > 1 && eeprom_read(at + step - 1) != record[step - 1]) {
    move_on();
    return;
  }
  if (step == RECORD_SIZE) {
    eeprom_start(at, MARKER_LIVE, EE_ERASE);
    writing->slot = next_slot;
    advance();
    step = IDLE;
    moves = 0;
    return;
  }
  if (step == AT_BUTTON) {
    /* As late as can be: a second key within 30 ms has made it a chord. */
    record[AT_BUTTON] = writing->button | (uint8_t)(writing->flags << 4);
    put16(AT_CRC, record_crc());
  }
  uint8_t present = eeprom_read(at + step);
  if (step == 0) {
    /* An empty slot, or one whose acknowledgement is not written yet: first it must not look live. */
    if (present == MARKER_LIVE) eeprom_start(at, MARKER_DONE, EE_CLEAR);
  } else if (present != record[step]) {
    eeprom_start(at + step, record[step], EE_REPLACE);
  }
  step++;
}

static void start_next(void) {
  for (uint8_t place = 0; place < queue_length(); place++) {
    Press *press = queue_at(place);
    if (press->slot == SLOT_NONE) {
      begin(press);
      return;
    }
  }
  for (uint8_t slot = 0; slot < JOURNAL_SLOTS; slot++) {
    uint8_t bit = 1 << slot % 8;
    if (!(done_pending[slot / 8] & bit)) continue;
    done_pending[slot / 8] &= (uint8_t)~bit;
    eeprom_start(slot_at(slot), MARKER_DONE, EE_CLEAR);
    return;
  }
}

uint8_t journal_work(void) {
  if (!eeprom_busy()) {
    if (step == IDLE) start_next();
    else write_step();
  }
  return step != IDLE;
}

void journal_forget(const Press *press) {
  if (press->slot == SLOT_WRITING) {
    /* Not live; the next record goes on all the same, for else a host that is quick wears out one slot. */
    advance();
    step = IDLE;
    moves = 0;
  } else if (press->slot < JOURNAL_SLOTS) {
    done_pending[press->slot / 8] |= 1 << press->slot % 8;
  }
}

uint8_t journal_errors(void) { return errors; }
