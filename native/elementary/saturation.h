/* Results that are infinite or 0 for being out of range, in vectors: an array that is half masked by -1e9 must not go
   to the accurate path element by element. A kernel that is undecided there defines, after it,
       #define SATURATION_F64 709.79, -745.14      above the first: infinity, below the second: 0
       #define SATURATION_F32 88.73, -103.98       (an infinity where it does not saturate)
   with bounds that are certainly beyond; what lies between them and the kernel's own is the accurate path's.
   SATURATION_IS_ODD: of the magnitude, the result with the argument's sign; SATURATION_IS_EVEN: of the magnitude. */
#ifndef BITFAST_SATURATION_H
#define BITFAST_SATURATION_H

#include "../lanes.h"
#include "../levels.h"

/* Decides the lanes of x that are out of range, and says what they signal. Infinite arguments are exact. */
INLINE decision saturated(decision d, f64 x, double above, double below, unsigned *status) {
    const double infinity = __builtin_inf();
#if defined SATURATION_IS_ODD || defined SATURATION_IS_EVEN
    f64 range = absolute(x);
#else
    f64 range = x;
#endif
    m64 over = less(all(above), range), under = less(range, all(below));
    if (any(over & less(range, all(infinity)))) *status |= STATUS_OVERFLOW;
    if (any(under & less(all(-infinity), range))) *status |= STATUS_UNDERFLOW;
#ifdef SATURATION_IS_ODD
    f64 infinite = with_sign_of(all(infinity), x);
#else
    f64 infinite = all(infinity);
#endif
    d.value = choose(over, infinite, choose(under, all(0), d.value));
    d.undecided &= negated(over | under);
    return d;
}

#endif
