/* One format's entry, scalar or array. entries.h includes it twice, having said what REAL and the others are. */

#ifdef BITFAST_SCALAR

static __attribute__((noinline, cold)) REAL OF(undecided)(PARAMETERS(REAL)) {
    unsigned status = 0;
    REAL result = ACCURATE(PASSED, &status);
    if (status) bitfast_raise(status);
    return result;
}

/* Infinities and NaN do not meet the kernel, whose arithmetic would raise flags, unless it says that it tells them
   apart before it computes. */
REAL ENTRY(OF(scalar))(PARAMETERS(REAL)) {
#ifndef SPECIAL_IS_TOLD
    if (__builtin_expect(ANY(OF(special)), 0)) return OF(undecided)(PASSED);
#endif
    decision d = KERNEL(PASSED);
    return __builtin_expect(d.undecided != 0, 0) ? OF(undecided)(PASSED) : (REAL)d.value;
}

#else

/* At most STEP results, the undecided lanes by the accurate path. An incomplete vector is filled up with its first
   elements, so that it raises nothing of its own. result may be an argument: results wait until all is read. */
static __attribute__((noinline, cold)) unsigned OF(settled)(POINTERS(REAL), REAL *result, size_t n) {
    unsigned status = 0;
    REAL results[STEP];
    for (size_t first = 0; first < n; first += LANES) {
#define FILLED(a) filled_##a[k] = a[first + k < n ? first + k : first]
#define VECTOR(a) LOAD(filled_##a)
#define LANE(a) filled_##a[lane]
        REAL filled_x[LANES], filled_y[LANES];
        (void)filled_y;
        for (size_t k = 0; k < LANES; ++k) EACH(FILLED);
        decision d = KERNEL(EACH(VECTOR));
#ifdef SATURATION
        d = saturated(d, VECTOR(x), SATURATION, &status);
#endif
        STORE(results + first, d.value);
        unsigned real_lanes = n - first < LANES ? (1u << (n - first)) - 1 : (1u << (LANES - 1)) * 2 - 1;
        for (unsigned lanes = lane_bits(d.undecided) & real_lanes; lanes; lanes &= lanes - 1) {
            int lane = __builtin_ctz(lanes);
            results[first + (size_t)lane] = ACCURATE(EACH(LANE), &status);
        }
#undef FILLED
#undef VECTOR
#undef LANE
    }
    memcpy(result, results, n * sizeof *result);
    return status;
}

unsigned ENTRY(OF(array))(POINTERS(REAL), REAL *result, size_t n) {
#define FROM(a) LOAD(a + i + k * LANES)
#define AT(a) a + i
    unsigned status = 0;
    size_t i = 0;
    do {
        for (; i + STEP <= n; i += STEP) {
            decision d[VECTORS];
            m64 undecided = nowhere();
            for (size_t k = 0; k < VECTORS; ++k) {
                d[k] = KERNEL(EACH(FROM));
                undecided |= d[k].undecided;
            }
#ifdef SATURATION
            if (__builtin_expect(any(undecided), 0)) {
                undecided = nowhere();
                for (size_t k = 0; k < VECTORS; ++k) {
                    d[k] = saturated(d[k], FROM(x), SATURATION, &status);
                    undecided |= d[k].undecided;
                }
            }
#endif
            if (__builtin_expect(any(undecided), 0)) {
                if (LEAVES_LOOP) break;
                status |= OF(settled)(EACH(AT), result + i, STEP);
            } else {
                for (size_t k = 0; k < VECTORS; ++k) STORE(result + i + k * LANES, d[k].value);
            }
        }
        if (i >= n) break;
        status |= OF(settled)(EACH(AT), result + i, n - i < STEP ? n - i : STEP);
        i += STEP;
    } while (LEAVES_LOOP && i < n);
    return status;
#undef FROM
#undef AT
}

#endif

#undef REAL
#undef OF
#undef LOAD
#undef STORE
#undef KERNEL
#undef ACCURATE
#undef SATURATION
