#ifndef EVALUATE_H
#define EVALUATE_H

/* The value of an expression in postfix notation. */
long evaluate(const char *text);

#endif
