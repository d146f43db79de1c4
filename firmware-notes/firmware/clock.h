/* The panel's time: milliseconds since the start, wrapping after 49.7 days. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

void clock_start(void);
/* Takes one elapsed millisecond; 0 when none is due. A late main loop takes them one by one. */
uint8_t clock_take(void);
uint32_t uptime_ms(void);

#endif
