/* The serial line: 38400 8N1, interrupt driven, fixed rings. */
#ifndef UART_H
#define UART_H

#include <stdint.h>

void uart_start(void);
/* The next received byte, or -1. */
int16_t uart_take(void);
/* All of the bytes or none: a frame cut in half would only cost the receiver time. */
uint8_t uart_put(const uint8_t *bytes, uint8_t length);
/* Bytes lost since the last call: framing errors and a full ring. */
uint8_t uart_take_errors(void);

#endif
