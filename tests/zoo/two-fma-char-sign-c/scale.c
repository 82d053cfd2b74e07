#include "telegram.h"

double scaled(int raw, double factor, double offset)
{
    return raw * factor + offset;
}
