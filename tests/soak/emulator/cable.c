/*
 * Purpose: the pseudo-terminal behind a stable name: bytes go to the chip one in 0.26 ms, as the wire would.
 * Refuses: to keep bytes for a host that is not there; one slave end stays open, so that a host may come and go.
 */
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "avr_uart.h"
#include "emulator.h"
#include "sim_cycle_timers.h"

/* 10 bits of 38400 baud. */
#define CYCLES_PER_BYTE 4167
#define WAITING 4096

uint8_t last_request;
uint64_t last_request_at;
int has_spoken;

static int master = -1, slave = -1;
static char name[512], own_path[128];
static uint8_t waiting[WAITING];
static unsigned in, out;
static int feeding;
static avr_irq_t *to_chip;
static uint8_t frame[4];
static unsigned frame_length;

/* Version 1 and address 0 make the fourth byte of a frame's COBS form its type. */
static void watch(uint8_t byte) {
  if (byte != 0) {
    if (frame_length < sizeof frame) frame[frame_length] = byte;
    frame_length++;
    return;
  }
  if (frame_length > 3) {
    last_request = frame[3];
    last_request_at = now_cycles();
  }
  frame_length = 0;
}

static avr_cycle_count_t feed(avr_t *core, avr_cycle_count_t when, void *param) {
  (void)core;
  (void)param;
  if (in == out) {
    feeding = 0;
    return 0;
  }
  uint8_t byte = waiting[out++ % WAITING];
  watch(byte);
  avr_raise_irq(to_chip, byte);
  return when + CYCLES_PER_BYTE;
}

static void sent(struct avr_irq_t *irq, uint32_t value, void *param) {
  (void)irq;
  (void)param;
  uint8_t byte = (uint8_t)value;
  has_spoken = 1;
  /* Full means that nobody reads: the byte is gone, as it would be. */
  if (master >= 0 && write(master, &byte, 1) != 1) return;
}

void cable_start(void) {
  uint32_t flags = 0;
  avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
  to_chip = avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT);
  avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT), sent, NULL);
}

void cable_plug(const char *link) {
  cable_unplug();
  struct termios raw;
  char aside[600];
  if (openpty(&master, &slave, own_path, NULL, NULL) != 0) {
    perror("openpty");
    return;
  }
  tcgetattr(slave, &raw);
  cfmakeraw(&raw);
  tcsetattr(slave, TCSANOW, &raw);
  fcntl(master, F_SETFL, O_NONBLOCK);
  snprintf(name, sizeof name, "%s", link);
  snprintf(aside, sizeof aside, "%s.%d", link, getpid());
  unlink(aside);
  /* Appears whole, as a device name does. */
  if (symlink(own_path, aside) != 0 || rename(aside, name) != 0) perror(name);
}

void cable_unplug(void) {
  if (master < 0) return;
  /* Another panel may have been plugged into the same place meanwhile. */
  char target[128] = "";
  if (readlink(name, target, sizeof target - 1) > 0 && strcmp(target, own_path) == 0) unlink(name);
  close(master);
  close(slave);
  master = slave = -1;
}

int cable_fd(void) { return master; }

void cable_receive(void) {
  uint8_t bytes[512];
  ssize_t got = read(master, bytes, sizeof bytes);
  for (ssize_t i = 0; powered && i < got; i++)
    if (in - out < WAITING) waiting[in++ % WAITING] = bytes[i];
  if (in != out && !feeding) {
    feeding = 1;
    avr_cycle_timer_register(avr, CYCLES_PER_BYTE, feed, NULL);
  }
}

void cable_cut(void) {
  in = out = 0;
  feeding = 0;
  frame_length = 0;
}
