/*
 * Purpose: runs the chip beside the wall clock, and obeys:
 *   on | cut | plug PATH | unplug | press BUTTON DELAY_MS HOLD_MS BOUNCE_MS | quit
 * Refuses: to catch up more than a second: a machine that was busy so long makes the panel's time stand still instead.
 * Usage: panel-emulator ELF EEPROM_FILE BOOT_ADDRESS SEED
 */
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "emulator.h"
#include "sim_cycle_timers.h"
#include "sim_elf.h"

#define SLICE_CYCLES CYCLES_PER_MS
#define MAX_LAG_MS 1000
#define MCUSR 0x54
#define POWER_ON 1

avr_t *avr;
int powered;

static uint64_t base_cycles;
static avr_cycle_count_t chip_cycles;
static uint32_t random_state;
static unsigned boot_address;
static int starts;
static uint32_t told_boot;
static int own_reset;
static void (*core_reset)(avr_t *core);

uint64_t now_cycles(void) { return base_cycles + (powered ? avr->cycle - chip_cycles : 0); }

double now_ms(void) { return now_cycles() / (double)CYCLES_PER_MS; }

double wall_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

uint32_t chance(uint32_t limit) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 17;
  random_state ^= random_state << 5;
  return limit == 0 ? 0 : random_state % limit;
}

static void quiet(avr_t *core, const int level, const char *format, va_list args) {
  (void)core;
  if (level <= LOG_ERROR) vfprintf(stderr, format, args);
}

/* The wall clock paces this program, not the sleeping chip. */
static void no_sleep(avr_t *core, avr_cycle_count_t cycles) {
  (void)core;
  (void)cycles;
}

static avr_cycle_count_t wake(avr_t *core, avr_cycle_count_t when, void *param) {
  (void)core;
  (void)when;
  (void)param;
  return 0;
}

static void tell_start(void) {
  starts++;
  told_boot = 0;
  has_spoken = 0;
  printf("{\"event\":\"start\",\"atMs\":%.3f,\"start\":%d}\n", now_ms(), starts);
}

/* Every reset comes through here, the watchdog's too. */
static void on_reset(avr_t *core) {
  if (core_reset != NULL) core_reset(core);
  if (own_reset) return;
  cells_reset();
  cable_cut();
  printf("{\"event\":\"cut\",\"atMs\":%.3f}\n", now_ms());
  tell_start();
}

static void power_on(void) {
  if (powered) return;
  own_reset = 1;
  avr_reset(avr);
  own_reset = 0;
  for (unsigned at = 0x100; at <= avr->ramend; at++) avr->data[at] = (uint8_t)chance(256);
  avr->data[MCUSR] = POWER_ON;
  avr->state = cpu_Running;
  chip_cycles = avr->cycle;
  powered = 1;
  contacts_apply();
  tell_start();
}

static void power_cut(void) {
  if (!powered) return;
  cells_cut();
  cable_cut();
  base_cycles = now_cycles();
  powered = 0;
  contacts_cut();
  printf("{\"event\":\"cut\",\"atMs\":%.3f}\n", now_ms());
}

/* The start's number, once the firmware has made it. */
static void tell_boot(void) {
  uint32_t boot;
  memcpy(&boot, &avr->data[boot_address], 4);
  if (!has_spoken || told_boot == boot) return;
  told_boot = boot;
  printf("{\"event\":\"boot\",\"start\":%d,\"boot\":%u}\n", starts, boot);
}

static void run_until(uint64_t target) {
  while (now_cycles() < target) {
    uint64_t next = contacts_work();
    uint64_t stop = next < target ? next : target;
    if (!powered) {
      base_cycles = stop;
      continue;
    }
    /* A sleeping chip is woken for the contact. */
    avr_cycle_timer_register(avr, stop - now_cycles(), wake, NULL);
    while (now_cycles() < stop)
      if (avr_run(avr) == cpu_Crashed) {
        fprintf(stderr, "the chip crashed at %.3f ms\n", now_ms());
        exit(1);
      }
  }
  contacts_work();
}

/* 0 = quit. */
static int obey(char *line) {
  int button;
  double delay, hold, bounce;
  line[strcspn(line, "\r\n")] = 0;
  if (strcmp(line, "on") == 0) power_on();
  else if (strcmp(line, "cut") == 0) {
    run_until(now_cycles() + chance(SLICE_CYCLES));
    power_cut();
  } else if (strncmp(line, "plug ", 5) == 0) cable_plug(line + 5);
  else if (strcmp(line, "unplug") == 0) cable_unplug();
  else if (sscanf(line, "press %d %lf %lf %lf", &button, &delay, &hold, &bounce) == 4)
    contacts_press(button, delay, hold, bounce);
  else if (strcmp(line, "quit") == 0) return 0;
  else fprintf(stderr, "unknown command: %s\n", line);
  return 1;
}

/* Takes whole lines; 0 at the end of input. */
static int commands(void) {
  static char buffer[4096];
  static size_t length;
  ssize_t got = read(0, buffer + length, sizeof buffer - 1 - length);
  if (got <= 0) return 0;
  length += (size_t)got;
  buffer[length] = 0;
  char *line = buffer;
  for (char *end = strchr(line, '\n'); end != NULL; end = strchr(line, '\n')) {
    *end = 0;
    if (!obey(line)) return 0;
    line = end + 1;
  }
  length -= (size_t)(line - buffer);
  memmove(buffer, line, length);
  return 1;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  elf_firmware_t firmware = {0};
  boot_address = (unsigned)strtoul(argv[3], NULL, 0);
  random_state = (uint32_t)strtoul(argv[4], NULL, 0) | 1;
  setvbuf(stdout, NULL, _IOLBF, 0);
  avr_global_logger_set(quiet);
  if (elf_read_firmware(argv[1], &firmware) != 0) return 1;
  avr = avr_make_mcu_by_name("atmega328p");
  if (avr == NULL) return 1;
  avr_init(avr);
  firmware.frequency = CYCLES_PER_MS * 1000;
  avr_load_firmware(avr, &firmware);
  avr->frequency = CYCLES_PER_MS * 1000;
  avr->vcc = avr->avcc = avr->aref = 5000;
  avr->sleep = no_sleep;
  core_reset = avr->reset;
  avr->reset = on_reset;
  cells_start(argv[2]);
  cable_start();
  contacts_start();
  printf("{\"event\":\"ready\",\"wallMs\":%.3f}\n", wall_ms());
  double origin = wall_ms();
  for (int go = 1; go;) {
    double due = wall_ms() - origin;
    if (due - now_ms() > MAX_LAG_MS) {
      origin += due - now_ms();
      continue;
    }
    uint64_t target = (uint64_t)(due * CYCLES_PER_MS);
    while (now_cycles() < target) {
      uint64_t slice = now_cycles() + SLICE_CYCLES;
      run_until(slice < target ? slice : target);
      if (powered) tell_boot();
    }
    struct pollfd fds[2] = {{.fd = 0, .events = POLLIN}, {.fd = cable_fd(), .events = POLLIN}};
    poll(fds, 2, powered ? 1 : 20);
    if (fds[1].revents & POLLIN) cable_receive();
    if (fds[0].revents & (POLLIN | POLLHUP)) go = commands();
  }
  cable_unplug();
  cells_save(argv[2]);
  return 0;
}
