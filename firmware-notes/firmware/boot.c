/*
 * Purpose: counts the start in a ring of 8 EEPROM slots, makes a hardware id when there is none, gathers chance.
 * Refuses: to start with a counter that a power cut left half written: the slot before it is the newest one then.
 * Document: ../panel-protocol.md, "Identity and time" and "The journal".
 */
#include "boot.h"

#include <avr/io.h>
#include <avr/wdt.h>

#include "eeprom.h"
#include "frame.h"
#include "supply.h"

#define BOOT_SLOT_SIZE 4
#define PAINT 0xc5

uint32_t boot_id;
uint8_t hwid[8];
uint8_t reset_cause;

static uint32_t chance;
/* Kept over the start-up code, which clears everything else. */
static uint8_t saved_mcusr __attribute__((section(".noinit")));
static uint16_t ram_hash __attribute__((section(".noinit")));

extern uint8_t _end;

/*
 * Before main and before the variables are set: the reset cause; the watchdog, which after its own reset runs on with
 * 15 ms; what the RAM holds after power-on, which differs from start to start; then paint for stack_left.
 */
void first_things(void) __attribute__((naked, used, section(".init3")));
void first_things(void) {
  saved_mcusr = MCUSR;
  MCUSR = 0;
  wdt_disable();
  uint16_t hash = 0xffff;
  for (uint8_t *at = (uint8_t *)RAMSTART; at <= (uint8_t *)RAMEND; at++) hash = (uint16_t)(hash * 31 + *at);
  ram_hash = hash;
  for (uint8_t *at = &_end; at < (uint8_t *)SP; at++) *at = PAINT;
}

uint16_t stack_left(void) {
  uint16_t left = 0;
  for (const uint8_t *at = &_end; at <= (const uint8_t *)RAMEND && *at == PAINT; at++) left++;
  return left;
}

uint16_t random16(void) {
  chance ^= chance << 13;
  chance ^= chance >> 17;
  chance ^= chance << 5;
  return (uint16_t)(chance >> 8);
}

static void add_chance(uint16_t value) {
  chance ^= value;
  if (chance == 0) chance = 0x9e3779b9;
  random16();
}

static uint16_t sealed(uint8_t what, const uint8_t *bytes, uint8_t length) {
  return crc16(0xff00 | what, bytes, length);
}

static uint16_t next_counter(void) {
  uint8_t slot[BOOT_SLOT_SIZE];
  uint8_t newest = EE_BOOT_SLOTS - 1, found = 0;
  uint16_t counter = 0;
  for (uint8_t i = 0; i < EE_BOOT_SLOTS; i++) {
    for (uint8_t b = 0; b < BOOT_SLOT_SIZE; b++) slot[b] = eeprom_read(EE_BOOT + i * BOOT_SLOT_SIZE + b);
    uint16_t value = slot[0] | (uint16_t)slot[1] << 8;
    if ((slot[2] | (uint16_t)slot[3] << 8) != sealed('B', slot, 2)) continue;
    if (found && (int16_t)(value - counter) <= 0) continue;
    found = 1;
    newest = i;
    counter = value;
  }
  counter++;
  slot[0] = counter & 0xff;
  slot[1] = counter >> 8;
  uint16_t seal = sealed('B', slot, 2);
  slot[2] = seal & 0xff;
  slot[3] = seal >> 8;
  eeprom_write_now(EE_BOOT + (newest + 1) % EE_BOOT_SLOTS * BOOT_SLOT_SIZE, slot, BOOT_SLOT_SIZE);
  return counter;
}

static void load_hwid(void) {
  uint8_t stored[10];
  for (uint8_t i = 0; i < sizeof stored; i++) stored[i] = eeprom_read(EE_HWID + i);
  uint16_t seal = sealed('H', stored, 8);
  if ((stored[8] | (uint16_t)stored[9] << 8) != seal) {
    /* None given at production, or erased: one by chance, kept from now on. */
    for (uint8_t i = 0; i < 8; i++) stored[i] = random16() & 0xff;
    seal = sealed('H', stored, 8);
    stored[8] = seal & 0xff;
    stored[9] = seal >> 8;
    eeprom_write_now(EE_HWID, stored, sizeof stored);
  }
  for (uint8_t i = 0; i < 8; i++) hwid[i] = stored[i];
}

void boot_start(void) {
  reset_cause = saved_mcusr & 0x0f;
  add_chance(ram_hash);
  /* The lowest bits of a conversion are noise; on a wired board they are the better half of it. */
  for (uint8_t i = 0; i < 16; i++) add_chance(supply_sample());
  load_hwid();
  for (uint8_t i = 0; i < 8; i++) add_chance((uint16_t)hwid[i] << i);
  uint16_t counter = next_counter();
  add_chance(counter);
  boot_id = (uint32_t)random16() << 16 | counter;
}
