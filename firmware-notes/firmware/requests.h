/* What the host asks, and what the link tells the requests. */
#ifndef REQUESTS_H
#define REQUESTS_H

#include <stdint.h>

/* `silent`: a broadcast, which nobody answers. */
void request(uint8_t type, uint8_t tag, const uint8_t *payload, uint8_t length, uint8_t silent);

/* Damaged frames and lost bytes, saturating. */
extern uint8_t rx_errors;
/* HELLO: the session is on, and the head goes out at once. */
void link_session(void);
/* ACK took the head away: the next one goes out at once. */
void link_head_gone(void);

#endif
