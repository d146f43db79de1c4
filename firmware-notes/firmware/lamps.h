/* The lamps are the host's: the panel never thanks by itself. */
#ifndef LAMPS_H
#define LAMPS_H

#include <stdint.h>

void lamps_start(void);
void lamps_set(uint8_t on, uint8_t blink, uint8_t ttl_tenths);
/* All on for half a second, whatever the host set. */
void lamps_test(void);
/* One millisecond. Dark without a session: out of service. */
void lamps_tick(uint8_t in_session);

#endif
