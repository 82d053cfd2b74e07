#include "evaluate.h"

#include <ctype.h>
#include <stdlib.h>

#include "stack.h"

static long apply(char operator, long left, long right)
{
    switch (operator) {
    case '+':
        return left + right;
    case '-':
        return left - right;
    case '*':
        return left * right;
    default:
        return right ? left / right : 0;
    }
}

long evaluate(const char *text)
{
    while (*text) {
        if (isdigit((unsigned char)*text)) {
            char *end;
            push(strtol(text, &end, 10));
            text = end;
        } else if (*text == ' ') {
            text++;
        } else {
            char operator = *text++;
            push(apply(operator, pop(), pop()));
        }
    }
    return pop();
}
