/*
 * Purpose: bytes between the wire and two rings.
 * Refuses: to wait. What does not fit is dropped: requests are repeated by the host, presses by the queue.
 * Document: ../panel-protocol.md, "The line".
 */
#include "uart.h"

#include <avr/interrupt.h>
#include <avr/io.h>

/* A burst of the host is two frames (41 bytes each at most); powers of two keep the indices cheap. */
#define RX_SIZE 128
/* INFO, a BUTTON, and the faults told at the start of a session. The 8-bit index wraps by itself. */
#define TX_SIZE 256

static volatile uint8_t rx[RX_SIZE];
static volatile uint8_t rx_in, rx_out;
static volatile uint8_t tx[TX_SIZE];
static volatile uint8_t tx_in, tx_out;
static volatile uint8_t errors;

ISR(USART_RX_vect) {
  uint8_t status = UCSR0A;
  uint8_t byte = UDR0;
  uint8_t next = (rx_in + 1) & (RX_SIZE - 1);
  if ((status & (_BV(FE0) | _BV(DOR0))) || next == rx_out) {
    if (errors != 0xff) errors++;
    return;
  }
  rx[rx_in] = byte;
  rx_in = next;
}

ISR(USART_UDRE_vect) {
  UDR0 = tx[tx_out++];
  /* Switched off here, in the interrupt that sent the last byte: one that finds nothing to send would repeat for ever. */
  if (tx_out == tx_in) UCSR0B &= (uint8_t)~_BV(UDRIE0);
}

void uart_start(void) {
  /* Double speed: 16 MHz / 8 / 52 = 38462, 0.16 % off. */
  UCSR0A = _BV(U2X0);
  UBRR0 = 51;
  UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
  UCSR0B = _BV(RXCIE0) | _BV(RXEN0) | _BV(TXEN0);
}

int16_t uart_take(void) {
  if (rx_in == rx_out) return -1;
  uint8_t byte = rx[rx_out];
  rx_out = (rx_out + 1) & (RX_SIZE - 1);
  return byte;
}

uint8_t uart_put(const uint8_t *bytes, uint8_t length) {
  uint8_t in = tx_in;
  uint8_t free = (uint8_t)(tx_out - in - 1);
  if (free < length) return 0;
  for (uint8_t i = 0; i < length; i++) tx[in++] = bytes[i];
  cli();
  tx_in = in;
  UCSR0B |= _BV(UDRIE0);
  sei();
  return 1;
}

uint8_t uart_take_errors(void) {
  cli();
  uint8_t count = errors;
  errors = 0;
  sei();
  return count;
}
