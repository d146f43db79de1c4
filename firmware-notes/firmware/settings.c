/* Ranges and defaults: ../panel-protocol.md, "Messages". */
#include "settings.h"

#include <avr/pgmspace.h>

uint16_t settings[SETTINGS] = {20, 30, 250, 15, 100, 1600};

static const uint16_t lowest[SETTINGS] PROGMEM = {3, 3, 0, 1, 20, 20};
static const uint16_t highest[SETTINGS] PROGMEM = {100, 100, 5000, 255, 5000, 10000};

uint8_t settings_set(uint8_t key, uint16_t value) {
  if (key >= SETTINGS || value < pgm_read_word(&lowest[key]) || value > pgm_read_word(&highest[key])) return 0;
  settings[key] = value;
  return 1;
}
