/* What the host may set (SET_CONFIG), in RAM only: it sends them again after every handshake. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdint.h>

enum { PRESS_MS, RELEASE_MS, LOCKOUT_MS, STUCK_S, FIRST_RTO_MS, MAX_RTO_MS, SETTINGS };

extern uint16_t settings[SETTINGS];
/* 0 when the key is unknown or the value out of its range. */
uint8_t settings_set(uint8_t key, uint16_t value);

#endif
