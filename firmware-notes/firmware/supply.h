/* The supply voltage, measured by the chip itself. */
#ifndef SUPPLY_H
#define SUPPLY_H

#include <stdint.h>

void supply_start(void);
/* One raw conversion of the 1.1 V reference against the supply; waits 0.1 ms. */
uint16_t supply_sample(void);
/* One millisecond; tells the link when the supply becomes weak, once until it has recovered. */
void supply_tick(void);
extern uint8_t supply_weak;

#endif
