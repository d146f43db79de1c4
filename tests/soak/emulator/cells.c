/*
 * Purpose: 1024 cells. A write takes 3.4 ms (erase and write) or 1.8 ms (one of them), EEPE stays set as long.
 * Refuses: a whole byte from a cut write: it holds what it was, what it should be, FF, or bits of both.
 */
#include <stdio.h>
#include <string.h>

#include "emulator.h"
#include "sim_cycle_timers.h"

#define SIZE 1024
#define EECR 0x3f
#define EEDR 0x40
#define EEARL 0x41
#define EEARH 0x42
#define EERE 0x01
#define EEPE 0x02
#define EEMPE 0x04
#define ERASE_ONLY 0x10
#define WRITE_ONLY 0x20

static uint8_t cells[SIZE];
static int writing = -1;
static uint8_t before;

static avr_cycle_count_t written(avr_t *core, avr_cycle_count_t when, void *param) {
  (void)when;
  (void)param;
  core->data[EECR] &= (uint8_t)~EEPE;
  writing = -1;
  return 0;
}

static avr_cycle_count_t enable_over(avr_t *core, avr_cycle_count_t when, void *param) {
  (void)when;
  (void)param;
  core->data[EECR] &= (uint8_t)~EEMPE;
  return 0;
}

static void control(avr_t *core, avr_io_addr_t addr, uint8_t value, void *param) {
  (void)param;
  uint8_t had = core->data[addr];
  int at = (core->data[EEARL] | core->data[EEARH] << 8) & (SIZE - 1);
  /* EEPE is cleared by the chip alone. */
  core->data[addr] = (value & (uint8_t)~(EERE | EEPE)) | (had & EEPE);
  if (value & EERE) core->data[EEDR] = cells[at];
  if ((value & EEMPE) && !(had & EEMPE)) avr_cycle_timer_register(core, 5, enable_over, NULL);
  if (!(value & EEPE) || !(had & EEMPE) || (had & EEPE)) return;
  writing = at;
  before = cells[at];
  if (!(value & WRITE_ONLY)) cells[at] = 0xff;
  if (!(value & ERASE_ONLY)) cells[at] &= core->data[EEDR];
  core->data[addr] = (core->data[addr] | EEPE) & (uint8_t)~EEMPE;
  avr_cycle_timer_register_usec(core, value & (ERASE_ONLY | WRITE_ONLY) ? 1800 : 3400, written, NULL);
}

void cells_start(const char *path) {
  memset(cells, 0xff, SIZE);
  FILE *file = fopen(path, "rb");
  if (file != NULL) {
    if (fread(cells, 1, SIZE, file) != SIZE) memset(cells, 0xff, SIZE);
    fclose(file);
  }
  avr->io[AVR_DATA_TO_IO(EECR)].w.c = control;
}

void cells_cut(void) {
  if (writing < 0) return;
  uint8_t after = cells[writing];
  uint8_t bits = (uint8_t)chance(256);
  const uint8_t torn[4] = {before, after, 0xff, (uint8_t)((before & bits) | (after & ~bits))};
  cells[writing] = torn[chance(4)];
  writing = -1;
}

void cells_reset(void) { writing = -1; }

void cells_save(const char *path) {
  FILE *file = fopen(path, "wb");
  if (file == NULL) return;
  fwrite(cells, 1, SIZE, file);
  fclose(file);
}
