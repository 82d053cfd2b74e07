#ifndef STACK_H
#define STACK_H

void push(long value);
long pop(void);

#endif
