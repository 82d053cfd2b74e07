# `reciprocal_root` (native/elementary/roots.h), of vectors, for rsqrt, hypot, asin and acos:
#     gappa -Eno-auto-dichotomy < derive/gappa/reciprocal_root.g
# s is √x, a real number; x in one period of the exponent, [1, 4], stands for all: every operation scales with powers of
# two.
# used in roots.h: fmadd(y * e, fmadd(e, all(0.375), all(0.5)), y)
@double = float<ieee_64, ne>;

x = double(x_);
start = double(start_);
# R: ROOT_STEP of rsqrt_data.h
R0 = 0x1.ffffe5b11b413p-1; R1 = 0x1.ffff916c955f1p-2; R2 = 0x1.8157bdc115a99p-2; R3 = 0x1.417a4fe8ad1adp-2;

# The first step: start·(1 - e)^(-1/2) by the polynomial.
first_product double= x * start;
e0 = double(1 - first_product * start);
r2 = double(R3 * e0 + R2);
r1 = double(r2 * e0 + R1);
r0 = double(r1 * e0 + R0);
y double= start * r0;

# The second, from an m as good as y.
m = double(m_);
second_product double= x * m;
e = double(1 - second_product * m);
step double= m * e;
factor = double(e * 0.375 + 0.5);
result = double(step * factor + m);

E0 = 1 - x * start * start;
exact_r0 = ((R3 * E0 + R2) * E0 + R1) * E0 + R0;
t = m * s - 1;
E = 1 - x * m * m;
exact = m + m * E * (E * 0.375 + 0.5);

{
    x in [1, 4] /\ s in [1, 2] /\ x - s * s in [0, 0]
    /\ start in [0.48, 1.04] /\ |E0| <= 0.069122314453125
    /\ |start * exact_r0 * s - 1| <= 0x1.a6p-21      # the polynomial's error: (1 - E0)^(-1/2) is 1/(start·s)
    /\ m in [0.499, 1.001] /\ |t| <= 0x1.a601p-21
->
    |y * s - 1| <= 0x1.a601p-21
    /\ |result * s - 1| <= 0x1.9p-53
}

e0 - E0 -> (e0 - (1 - first_product * start)) - (first_product - x * start) * start;
y * s - 1 -> (start * exact_r0 * s - 1) + s * (y - start * r0) + s * start * (r0 - exact_r0);
r0 - exact_r0 -> (r0 - (r1 * e0 + R0)) + (r1 * e0 - ((R3 * E0 + R2) * E0 + R1) * E0);
r1 - ((R3 * E0 + R2) * E0 + R1) -> (r1 - (r2 * e0 + R1)) + (r2 * e0 - (R3 * E0 + R2) * E0);

E -> (s * s - x) * m * m - t * (2 + t);
e - E -> (e - (1 - second_product * m)) - (second_product - x * m) / (x * m) * (1 - E);
result * s - 1 -> (result - (step * factor + m)) / (step * factor + m) * (s * m) * (1 + step / m * factor)
    + s * m * (step / m * factor - E * (E * 0.375 + 0.5)) + (exact * s - 1);
step / m - E -> (step - m * e) / m + (e - E);
step / m -> E + (step / m - E);
step / m * factor - E * (E * 0.375 + 0.5) -> (step / m - E) * factor + E * (factor - (E * 0.375 + 0.5));
s * m -> 1 + t;
factor - (E * 0.375 + 0.5) -> (factor - (e * 0.375 + 0.5)) + (e - E) * 0.375;
exact * s - 1 -> (E + t * (2 + t)) * ((1 + t) * (0.375 * (E - t * (2 + t)) + 0.5))
    + t * t * t * (2.5 + t * (1.875 + t * 0.375));
E + t * (2 + t) -> (s * s - x) * m * m;
