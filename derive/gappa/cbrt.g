# cbrt, float64 (native/elementary/cbrt.c):
#     gappa -Eno-auto-dichotomy < derive/gappa/cbrt.g
# c is ∛x, a real number; x in one period of three exponents, [1, 8], stands for all: every operation scales with them.
# used in cbrt.c: rounded(y, residual * (slope * 0x1.5555555555555p-2), 0x1p-97)
@double = float<ieee_64, ne>;

x = double(x_);
start = double(start_);
# R: CBRT_STEP of cbrt_data.h
R0 = 0x1.00000015fc5b5p+0; R1 = 0x1.555430726db94p-2; R2 = 0x1.c7185e293d773p-3; R3 = 0x1.655d8e15d3553p-3;
R4 = 0x1.2ac098bfe3fe3p-3;

# The first step: start·(1 - e)^(-1/3) by the polynomial.
first_product double= x * start;
first_square double= start * start;
e0 = double(1 - first_product * first_square);
r3 = double(R4 * e0 + R3);
r2 = double(r3 * e0 + R2);
r1 = double(r2 * e0 + R1);
r0 = double(r1 * e0 + R0);
w double= start * r0;

# The second, from an m as good as w.
m = double(m_);
second_product double= x * m;
second_square double= m * m;
e = double(1 - second_product * second_square);
step double= m * e;
factor = double(e * 0x1.c71c71c71c71cp-3 + 0x1.5555555555555p-2);
result = double(step * factor + m);

# The root and its rest, from a z as good as the result.
z = double(z_);
slope double= z * z;
y double= x * slope;
square double= y * y;
square_rest = y * y - square;            # exact: two_product, also the next
cube double= square * y;
cube_rest = square * y - cube;
difference double= x - cube;
rests = double(square_rest * y + cube_rest);
residual double= difference - rests;
third double= slope * 0x1.5555555555555p-2;
lo double= residual * third;
widened = double(y * 0x1p-97 + lo);      # what `rounded` adds to y; the other sign is the same

E0 = 1 - x * start * start * start;
exact_r0 = (((R4 * E0 + R3) * E0 + R2) * E0 + R1) * E0 + R0;
t = m * c - 1;
E = 1 - x * m * m * m;
exact = m + m * E * (E * 2 / 9 + 1 / 3);
u = z * c - 1;
d = y / c - 1;
inverse = slope * c * c - 1;

{
    x in [1, 8] /\ c in [1, 2] /\ x - c * c * c in [0, 0]
    /\ start in [0.48, 1.04] /\ |E0| <= 0.1025390625
    /\ |start * exact_r0 * c - 1| <= 0x1.9p-24      # the polynomial's error: (1 - E0)^(-1/3) is 1/(start·c)
    /\ m in [0.499, 1.001] /\ |t| <= 0x1.91p-24
    /\ z in [0.499, 1.001] /\ |z * c - 1| <= 0x1.bp-53
->
    |w * c - 1| <= 0x1.91p-24
    /\ |result * c - 1| <= 0x1.abp-53
    /\ |y / c - 1| <= 0x1.6p-51
    /\ |(y + lo - c) / c| <= 0x1.9p-99
    /\ |(widened - (y * 0x1p-97 + lo)) / c| <= 0x1p-101
}

e0 - E0 -> (e0 - (1 - first_product * first_square)) - (first_product - x * start) * first_square
    - x * start * (first_square - start * start);
w * c - 1 -> (start * exact_r0 * c - 1) + c * (w - start * r0) + c * start * (r0 - exact_r0);
r0 - exact_r0 -> (r0 - (r1 * e0 + R0)) + (r1 * e0 - (((R4 * E0 + R3) * E0 + R2) * E0 + R1) * E0);
r1 - (((R4 * E0 + R3) * E0 + R2) * E0 + R1) -> (r1 - (r2 * e0 + R1)) + (r2 * e0 - ((R4 * E0 + R3) * E0 + R2) * E0);
r2 - ((R4 * E0 + R3) * E0 + R2) -> (r2 - (r3 * e0 + R2)) + (r3 * e0 - (R4 * E0 + R3) * E0);

E -> (c * c * c - x) * m * m * m - t * (3 + t * (3 + t));
m * c -> 1 + t;
e - E -> (e - (1 - second_product * second_square))
    - ((second_product - x * m) / (x * m) + (second_square - m * m) / (m * m)
       + (second_product - x * m) / (x * m) * ((second_square - m * m) / (m * m))) * (1 - E);
result * c - 1 -> (result - (step * factor + m)) / (step * factor + m) * (m * c) * (1 + step / m * factor)
    + m * c * (step / m * factor - E * (E * 2 / 9 + 1 / 3)) + (exact * c - 1);
step / m -> E + (step / m - E);
step / m - E -> (step - m * e) / m + (e - E);
step / m * factor - E * (E * 2 / 9 + 1 / 3) -> (step / m - E) * factor + E * (factor - (E * 2 / 9 + 1 / 3));
exact * c - 1 -> (E + t * (3 + t * (3 + t))) * (1 + t) * (1 / 3 + 2 / 9 * (E - t * (3 + t * (3 + t))))
    + t * t * t * (14 / 3 + t * (7 + t * (14 / 3 + t * (14 / 9 + t * 2 / 9))));
E + t * (3 + t * (3 + t)) -> (c * c * c - x) * m * m * m;
factor - (E * 2 / 9 + 1 / 3) -> (factor - (e * 0x1.c71c71c71c71cp-3 + 0x1.5555555555555p-2))
    + (e - E) * 0x1.c71c71c71c71cp-3 + E * (0x1.c71c71c71c71cp-3 - 2 / 9) + (0x1.5555555555555p-2 - 1 / 3);

d -> (1 + (y - x * slope) / (x * slope)) * (1 + inverse) * (1 + (x - c * c * c) / (c * c * c)) - 1;
inverse -> (1 + (slope - z * z) / (z * z)) * (1 + u) * (1 + u) - 1;
y -> c + c * d;
x - cube -> (x - c * c * c) - c * c * c * (d * (3 + d * (3 + d))) + square_rest * y + cube_rest;
third - slope / 3 -> (third - slope * 0x1.5555555555555p-2) + slope * (0x1.5555555555555p-2 - 1 / 3);
(y + lo - c) / c -> (lo - residual * third) / c + residual * (third - slope / 3) / c
    + slope / 3 * ((residual - (difference - rests)) + (difference - (x - cube))
        - (rests - (square_rest * y + cube_rest)) + (x - c * c * c)) / c
    - (d * d + d * d * d / 3 + inverse * (d + d * d + d * d * d / 3));
