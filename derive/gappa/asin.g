# `turned` and `turn_and` (native/elementary/asin_family.h), so asin and acos, float64:
#     python -m derive.proofs asin
# Each formula in braces is a proof of its own. Exponents have no end here: what underflows in truth is below 2^-1074,
# and no result is below 2^-960.
# used in asin_family.h: rounded_within(sum.hi, low, fmadd(absolute(beyond), all(0x1p-50), sum.hi * 0x1p-75))
@double = float<53, -20000, ne>;

# d + d_rest = sin(asin(s) - T) from the sine s and its cosine, one with a rest by double_root.g, and those of T, c and
# C.
sine = double(sine_); sine_rest = double(sine_rest_);
cosine = double(cosine_); cosine_rest = double(cosine_rest_);
c = double(c_); C = double(C_); C_rest = double(C_rest_);
p_hi double= sine * C;
p_lo = sine * C - p_hi;                          # exact: two_product
q_hi double= c * cosine;
q_lo = c * cosine - q_hi;
first double= sine_rest * C;
second = double(first - c * cosine_rest);
third = double(sine * C_rest + second);
lows double= p_lo - q_lo;
d_rest double= lows + third;
exact_rest = (sine + sine_rest + sine_lost) * (C + C_rest + C_lost) - c * (cosine + cosine_rest + cosine_lost)
    - (p_hi - q_hi);                             # d = p_hi - q_hi is exact: the two lie within a factor of two

# From a d > 0 and its rest: A + AL is T's angle in its quadrant, with its sign, to which asin is added.
d = double(d_);
r = double(r_);
# c: CUBIC of asin_data.h
c0 = 0x1.5555555555555p-3; c1 = 0x1.333333333ae10p-4; c2 = 0x1.6db6d88722bf4p-5; c3 = 0x1.f224e5681bc4ep-6;
AL = double(AL_);
rest = double(rest_);                            # of A + d, exact: fast_two_sum
margin = double(margin_);
square double= d * d;
d_square double= square * d;
p2 = double(c3 * square + c2);
p1 = double(p2 * square + c1);
p = double(p1 * square + c0);
r_square double= r * square;
inner = double(r_square * 0.5 + r);
beyond = double(d_square * p + inner);
below double= AL + beyond;
low double= rest + below;
widened double= low + margin;

# asin(d + r + r_lost) = d + d^3·(polynomial + lost) + (r + r_lost)·(1 + d^2/2 + t·d^3)
cube = d * d * d;
exact_p = ((c3 * (d * d) + c2) * (d * d) + c1) * (d * d) + c0;
exact_low = rest + AL + A_lost + cube * (exact_p + lost) + (r + r_lost) * (1 + d * d * 0.5 + t * cube);

{
    sine in [0, 0.7073] /\ cosine in [0.7069, 1] /\ c in [0, 0.72] /\ C in [0.69, 1]
    /\ |C_rest| <= 0x1p-54 /\ |C_lost| <= 0x1p-107
    /\ |sine_rest| <= 0x1.42p-51 /\ |sine_lost| <= 0x1.04p-100 /\ |cosine_rest| <= 0x1.42p-51
    /\ |cosine_lost| <= 0x1.04p-100
->
    |d_rest| <= 0x1.5p-50 /\ |d_rest - exact_rest| <= 0x1p-98
}

# T = 0 and no quadrant, where all of the result is d and what is beyond it; from 2^-12 on, as below it eight roundings
# of `beyond`, 2^-50·2^-26.5·d, are less than d·2^-75.
{
    d in [0x1p-12, 0x1.34p-7] /\ |r / d| <= 0x1.5p-51 /\ |r_lost / d| <= 0x1p-98
    /\ |lost| <= 0x1.6p-57 /\ t in [0, 0x1.5p-8]
    /\ AL in [0, 0] /\ A_lost in [0, 0] /\ rest in [0, 0] /\ |margin| <= 0x1p-70
->
    beyond / cube >= 0x1.55p-3                   # so the margin is more than 0x1.54p-53 of the cube
    /\ |((low - exact_low) + (widened - (low + margin))) / cube| <= 0x1.54p-53
}

# The others: |AL| and rest are half an ulp of at most π.
{
    d in [0x1p-12, 0x1.b8p-7] /\ |r| <= 0x1.5p-50 /\ |r_lost| <= 0x1p-98
    /\ |lost| <= 0x1.6p-57 /\ t in [0, 0x1.5p-8]
    /\ |AL| <= 0x1p-52 /\ |A_lost| <= 0x1p-105 /\ |rest| <= 0x1p-52 /\ |margin| <= 0x1p-66
->
    beyond / cube >= 0x1.55p-3
    /\ |((low - exact_low) + (widened - (low + margin))) / cube| <= 0x1.54p-53
}

# The result is at least 1/64 - 2^-12, so the margin more than 0x1.fp-82 of 1.
{
    d in [0x1p-1000, 0x1p-12] /\ |r| <= 0x1.5p-50 /\ |r_lost| <= 0x1p-98
    /\ |lost| <= 0x1.6p-57 /\ t in [0, 0x1.5p-8]
    /\ |AL| <= 0x1p-52 /\ |A_lost| <= 0x1p-105 /\ |rest| <= 0x1p-52 /\ |margin| <= 0x1p-72
->
    |(low - exact_low) + (widened - (low + margin))| <= 0x1.ep-82
}

d_rest - exact_rest -> (d_rest - (lows + third)) + (lows - (p_lo - q_lo)) + (third - (sine * C_rest + second))
    + (second - (first - c * cosine_rest)) + (first - sine_rest * C)
    - sine * C_lost - sine_rest * (C_rest + C_lost) - sine_lost * (C + C_rest + C_lost) + c * cosine_lost;

low - exact_low -> (low - (rest + below)) + (below - (AL + beyond)) + (beyond - (d_square * p + inner))
    + (d_square * p - cube * exact_p) + (inner - r * (1 + d * d * 0.5)) - A_lost - cube * lost
    - r_lost * (1 + d * d * 0.5) - (r + r_lost) * (t * cube);
((low - exact_low) + (widened - (low + margin))) / cube ->
    (widened - (low + margin)) / (low + margin) * ((low + margin) / cube)
    + (low - (rest + below)) / (rest + below) * ((rest + below) / cube)
    + (below - (AL + beyond)) / (AL + beyond) * ((AL + beyond) / cube)
    + (beyond - (d_square * p + inner)) / (d_square * p + inner) * ((d_square * p + inner) / cube)
    + (d_square * p - cube * exact_p) / cube + (inner - r * (1 + d * d * 0.5)) / cube - A_lost / cube - lost
    - r_lost * (1 + d * d * 0.5) / cube - (r + r_lost) * t;
(low + margin) / cube -> ((low - (rest + below)) + (below - (AL + beyond)) + margin + rest + AL) / cube + beyond / cube;
(rest + below) / cube -> ((below - (AL + beyond)) + rest + AL) / cube + beyond / cube;
(AL + beyond) / cube -> AL / cube + beyond / cube;
beyond / cube -> (1 + (beyond - (d_square * p + inner)) / (d_square * p + inner)) * ((d_square * p + inner) / cube);
(d_square * p + inner) / cube -> d_square * p / cube + inner / cube;
d_square * p / cube -> (1 + (d_square - square * d) / (square * d)) * (1 + (square - d * d) / (d * d)) * p;
(d_square * p - cube * exact_p) / cube -> ((1 + (d_square - square * d) / (square * d))
    * (1 + (square - d * d) / (d * d)) - 1) * p + (p - exact_p);
p - exact_p -> (p - (p1 * square + c0)) + (p1 - ((c3 * (d * d) + c2) * (d * d) + c1)) * (d * d) + p1 * (square - d * d);
p1 - ((c3 * (d * d) + c2) * (d * d) + c1) -> (p1 - (p2 * square + c1)) + (p2 - (c3 * (d * d) + c2)) * (d * d)
    + p2 * (square - d * d);
d_square * p - cube * exact_p -> (d_square - square * d) * p + (square - d * d) * d * p + cube * (p - exact_p);
inner - r * (1 + d * d * 0.5) -> (inner - (r_square * 0.5 + r))
    + ((r_square - r * square) + r * (square - d * d)) * 0.5;
r -> r / d * d;
r_lost -> r_lost / d * d;
