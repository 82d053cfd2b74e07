# `angle_and` (native/elementary/atan_family.h), so atan and atan2, float64:
#     python -m derive.proofs atan
# Each formula in braces is a proof of its own: the first cell, and the others with a large and with a small quotient.
# Numerator and denominator are taken with the power of two that brings the denominator to [1, 2]. Exponents have no end
# here: what underflows in truth is below 2^-1074, and no result is below 2^-960.
# A + AL is the cell's angle, or pi less that, with its sign: atan of the quotient is added to it, z > 0.
# used in atan_family.h: rounded_within(sum.hi, low, fmadd(absolute(beyond), all(0x1p-50), sum.hi * 0x1p-75))
@double = float<53, -20000, ne>;

n = double(n_); n_rest = double(n_rest_);
d = double(d_); d_rest = double(d_rest_);
# c: CUBIC of atan_data.h
c0 = -0x1.5555555555555p-2; c1 = 0x1.9999999995fa8p-3; c2 = -0x1.249248cf7c640p-3; c3 = 0x1.c716a4bc0f71bp-4;
c4 = -0x1.634c0ad017dbbp-4;
AL = double(AL_);
rest = double(rest_);                            # of A + z, exact: fast_two_sum
margin = double(margin_);

reciprocal double= 1 / d;
z double= n * reciprocal;
left = double(n - z * d);
more = double(n_rest - z * d_rest);
both double= left + more;
z_rest double= both * reciprocal;
square double= z * z;
z_square double= z * square;
p3 = double(c4 * square + c3);
p2 = double(p3 * square + c2);
p1 = double(p2 * square + c1);
p = double(p1 * square + c0);
inner = double(z_rest - z_rest * square);
beyond = double(z_square * p + inner);
below double= AL + beyond;
low double= rest + below;
widened double= low + margin;

# E is what is missing of z, d_lost of d; atan(z + E) = z + z^3·(polynomial + lost) + E·(1 - z^2 + t·z^3)
quotient = n / d;
E = (n + n_rest - z * (d + d_rest + d_lost)) / (d + d_rest + d_lost);
cube = z * z * z;
exact_p = (((c4 * (z * z) + c3) * (z * z) + c2) * (z * z) + c1) * (z * z) + c0;
exact_low = rest + AL + A_lost + cube * (exact_p + lost) + E * (1 - z * z + t * cube);

# The first cell, where all of the result is z and what is beyond it; from 2^-12 on, as below it eight roundings of
# `beyond`, 2^-50·2^-25.5·z, are less than z·2^-75.
{
    d in [1, 2] /\ d_rest in [0, 0] /\ n_rest in [0, 0] /\ d_lost in [0, 0] /\ quotient in [0x1p-12, 0x1.05p-7]
    /\ |lost| <= 0x1.6p-56 /\ t in [0, 0x1.92p-6]
    /\ AL in [0, 0] /\ A_lost in [0, 0] /\ rest in [0, 0] /\ |margin| <= 0x1p-70
->
    beyond / cube <= -0x1.55p-2              # so the margin is more than 0x1.54p-52 of the cube
    /\ |((low - exact_low) + (widened - (low + margin))) / cube| <= 0x1.54p-52
}

# The other cells: |AL| and rest are half an ulp of at most π.
{
    d in [1, 2] /\ |d_rest| <= 0x1p-51 /\ |d_lost| <= 0x1p-103 /\ |n_rest| <= 0x1p-52
    /\ quotient in [0x1p-12, 0x1.917p-6]
    /\ |lost| <= 0x1.6p-56 /\ t in [0, 0x1.92p-6]
    /\ |AL| <= 0x1p-52 /\ |A_lost| <= 0x1p-105 /\ |rest| <= 0x1p-52 /\ |margin| <= 0x1p-66
->
    beyond / cube <= -0x1.55p-2
    /\ |((low - exact_low) + (widened - (low + margin))) / cube| <= 0x1.54p-52
}

# The result is at least 0x1.dp-8, so the margin more than 0x1.cp-83 of 1.
{
    d in [1, 2] /\ |d_rest| <= 0x1p-51 /\ |d_lost| <= 0x1p-103 /\ |n_rest| <= 0x1p-52
    /\ quotient in [0x1p-1000, 0x1p-12]
    /\ |lost| <= 0x1.6p-56 /\ t in [0, 0x1.92p-6]
    /\ |AL| <= 0x1p-52 /\ |A_lost| <= 0x1p-105 /\ |rest| <= 0x1p-52 /\ |margin| <= 0x1p-72
->
    |(low - exact_low) + (widened - (low + margin))| <= 0x1.cp-83
}

low - exact_low -> (low - (rest + below)) + (below - (AL + beyond)) + (beyond - (z_square * p + inner))
    + (z_square * p - cube * exact_p) + (inner - E * (1 - z * z)) - A_lost - cube * lost - E * (t * cube);
((low - exact_low) + (widened - (low + margin))) / cube ->
    (widened - (low + margin)) / (low + margin) * ((low + margin) / cube)
    + (low - (rest + below)) / (rest + below) * ((rest + below) / cube)
    + (below - (AL + beyond)) / (AL + beyond) * ((AL + beyond) / cube)
    + (beyond - (z_square * p + inner)) / (z_square * p + inner) * ((z_square * p + inner) / cube)
    + (z_square * p - cube * exact_p) / cube + (inner - E * (1 - z * z)) / cube - A_lost / cube - lost - E * t;
(low + margin) / cube -> ((low - (rest + below)) + (below - (AL + beyond)) + margin + rest + AL) / cube + beyond / cube;
(rest + below) / cube -> ((below - (AL + beyond)) + rest + AL) / cube + beyond / cube;
(AL + beyond) / cube -> AL / cube + beyond / cube;
beyond / cube -> (1 + (beyond - (z_square * p + inner)) / (z_square * p + inner)) * ((z_square * p + inner) / cube);
(z_square * p + inner) / cube -> z_square * p / cube + inner / cube;
z_square * p / cube -> (1 + (z_square - z * square) / (z * square)) * (1 + (square - z * z) / (z * z)) * p;
(z_square * p - cube * exact_p) / cube -> ((1 + (z_square - z * square) / (z * square))
    * (1 + (square - z * z) / (z * z)) - 1) * p + (p - exact_p);
p - exact_p -> (p - (p1 * square + c0)) + (p1 - (((c4 * (z * z) + c3) * (z * z) + c2) * (z * z) + c1)) * (z * z)
    + p1 * (square - z * z);
p1 - (((c4 * (z * z) + c3) * (z * z) + c2) * (z * z) + c1) -> (p1 - (p2 * square + c1))
    + (p2 - ((c4 * (z * z) + c3) * (z * z) + c2)) * (z * z) + p2 * (square - z * z);

z_square * p - cube * exact_p -> (z_square - z * square) * p + z * (square - z * z) * p + cube * (p - exact_p);

inner - E * (1 - z * z) -> (inner - (z_rest - z_rest * square)) - z_rest * (square - z * z)
    + (z_rest - E) * (1 - z * z);
z_rest - E -> (z_rest - both * reciprocal) + both * (reciprocal - 1 / d)
    + ((both - (left + more)) + (left - (n - z * d)) + (more - (n_rest - z * d_rest))) / d
    + E * ((d_rest + d_lost) / d) + z * d_lost / d;
E -> ((quotient - z) + (n_rest - z * d_rest - z * d_lost) / d) / (1 + (d_rest + d_lost) / d);
quotient - z -> -(quotient * ((1 + (z - n * reciprocal) / (n * reciprocal))
    * (1 + (reciprocal - 1 / d) / (1 / d)) - 1));
z -> quotient - (quotient - z);
n - z * d -> d * (quotient - z);
n -> quotient * d;
