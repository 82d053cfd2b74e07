# The rounding errors of `pieces_of`, `turned` and `rounded` (native/elementary/trig.h), so of sin and cos, for S != 0:
#     gappa -Eno-auto-dichotomy < derive/gappa/trig.g
# S + SL and C + CL are the sine and cosine of k·π/512, taken with the sign that makes S positive; r + low is the
# reduced argument. For S = 0 the result is r·(1 + …): its errors are those of growth, 2^-19 of r and rounded at 2^-53.
# used in trig.h: rounded(sum.hi, sum.lo, 0x1.1p-67)
@double = float<ieee_64,ne>;

# c: COSINE_REST of trig_data.h
# s: SINE_REST of trig_data.h
c0 = double(c0_); c1 = double(c1_); c2 = double(c2_);
s0 = double(s0_); s1 = double(s1_); s2 = double(s2_);
S = double(S_); SL = double(SL_);
C = double(C_); CL = double(CL_);
r = double(r_); low = double(low_);

square double= r * r;
ca = double(c2 * square + c1);
c = double(ca * square + c0);
curve double= square * c;
versine = double(-(r * low) + curve);
sa = double(s2 * square + s1);
s = double(sa * square + s0);
cube double= square * r;
growth = double(cube * s + low);

linear double= C * r;
linear_rest = C * r - linear;                    # exact: two_product
sum double= S + linear;
difference double= sum - S;
sum_rest double= linear - difference;
rests = double(CL * r + SL);
left double= linear_rest + sum_rest;
below double= rests + left;
bent = double(C * growth + below);
lo = double(S * versine + bent);
widened = double(sum * 0x1.1p-67 + lo);            # what `rounded` adds to the sum; the other sign is the same

exact_square = r * r;
exact_c = (c2 * exact_square + c1) * exact_square + c0;
exact_s = (s2 * exact_square + s1) * exact_square + s0;
exact_versine = exact_square * exact_c - r * low;
exact_growth = exact_square * r * exact_s + low;
value = S + SL + S * exact_versine + C * (r + exact_growth) + CL * r;

{
    C in [-1, 1]
    /\ |SL / S| <= 0x1p-53 /\ |CL| <= 0x1p-54
    /\ |r| <= 0x1.9221p-9 /\ |low| <= 0x1.7cp-61  # half an ulp of r, and k·STEP_THIRD
    /\ c0 in [-0x1p-1, -0x1.ffffffffp-2] /\ c1 in [0x1.5p-5, 0x1.6p-5] /\ c2 in [-0x1.7p-10, -0x1.6p-10]
    /\ s0 in [-0x1.6p-3, -0x1.5p-3] /\ s1 in [0x1.1p-7, 0x1.2p-7] /\ s2 in [-0x1.ap-13, -0x1.9p-13]
    /\ sum_rest - (S + linear - sum) in [0, 0]    # fast_two_sum: |S| > |C·r|
->
    # k = 1, -1: S is at most 2 of the result. In all with cos r·low taken for low (0.30·2^-69 of S) and the table's
    # and the polynomials' 2^-73: below 2.1·2^-69 of S, so below 0x1.1p-67 of the result.
    (S in [0x1.921p-8, 0x1.922p-8] -> |(sum + lo - value) / S| <= 0x1.6cp-69
        /\ |(widened - (sum * 0x1.1p-67 + lo)) / S| <= 0x1.48p-71)
    # the others: S is at most 1.34 of the result
    /\ (S in [0x1.92p-7, 1] -> |(sum + lo - value) / S| <= 0x1.8p-69
        /\ |(widened - (sum * 0x1.1p-67 + lo)) / S| <= 0x1p-69)
}

sum + lo - value -> (lo - (S * versine + bent)) + (bent - (C * growth + below)) + (below - (rests + left))
    + (rests - (CL * r + SL)) + (left - (linear_rest + sum_rest)) + (sum_rest - (S + linear - sum))
    + S * (versine - exact_versine) + C * (growth - exact_growth);
(sum + lo - value) / S -> ((lo - (S * versine + bent)) + ((bent - (C * growth + below)) + (below - (rests + left))
    + (rests - (CL * r + SL)) + (left - (linear_rest + sum_rest)) + (sum_rest - (S + linear - sum))
    + C * (growth - exact_growth))) / S + (versine - exact_versine);
versine - exact_versine -> (versine - (-(r * low) + curve)) + (curve - square * c)
    + (square * c - exact_square * exact_c);
growth - exact_growth -> (growth - (cube * s + low)) + (cube * s - exact_square * r * exact_s);
square * c - exact_square * exact_c -> (square - exact_square) * c + exact_square * (c - exact_c);
c - exact_c -> (c - (ca * square + c0)) + (ca * square - (c2 * exact_square + c1) * exact_square);
(sum + lo - value) / S $ S in (
    0x2.0p-8, 0x2.6p-8, 0x2.dp-8, 0x3.6p-8, 0x4.0p-8, 0x4.cp-8, 0x5.bp-8, 0x6.cp-8, 0x8.0p-8, 0x9.8p-8, 0xb.5p-8,
    0xd.7p-8, 0x10.0p-8, 0x13.0p-8, 0x16.ap-8, 0x1a.fp-8, 0x20.0p-8, 0x26.1p-8, 0x2d.4p-8, 0x35.dp-8, 0x40.0p-8,
    0x4c.2p-8, 0x5a.8p-8, 0x6b.ap-8, 0x80.0p-8, 0x98.3p-8, 0xb5.0p-8, 0xd7.4p-8);
(widened - (sum * 0x1.1p-67 + lo)) / S $ S in (
    0x2.0p-8, 0x2.6p-8, 0x2.dp-8, 0x3.6p-8, 0x4.0p-8, 0x4.cp-8, 0x5.bp-8, 0x6.cp-8, 0x8.0p-8, 0x9.8p-8, 0xb.5p-8,
    0xd.7p-8, 0x10.0p-8, 0x13.0p-8, 0x16.ap-8, 0x1a.fp-8, 0x20.0p-8, 0x26.1p-8, 0x2d.4p-8, 0x35.dp-8, 0x40.0p-8,
    0x4c.2p-8, 0x5a.8p-8, 0x6b.ap-8, 0x80.0p-8, 0x98.3p-8, 0xb5.0p-8, 0xd7.4p-8);
