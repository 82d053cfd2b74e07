# The rounding errors of `grown` and of `rounded` (native/elementary/exp_family.h), so of exp, exp2 and exp10:
#     gappa -Eno-auto-dichotomy < derive/gappa/exp.g
# T + TL is 2^(i/256), its own error 2^-107; r + rest is the reduced argument; Q is QUOTIENT of exp_data.h.
# used in exp.c: rounded(sum.hi, sum.lo, 0x1p-68)
# used in exp2.c: rounded(sum.hi, sum.lo, 0x1p-68)
# used in exp10.c: rounded(sum.hi, sum.lo, 0x1p-68)
@double = float<ieee_64,ne>;

# Q: QUOTIENT of exp_data.h
Q0 = double(Q0_);
Q1 = double(Q1_);
Q2 = double(Q2_);
Q3 = double(Q3_);
T = double(T_);
TL = double(TL_);
r = double(r_);
rest = double(rest_);

square double= r * r;
q1 = double(Q3 * r + Q2);
q0 = double(Q1 * r + Q0);
q = double(square * q1 + q0);
beyond = double(square * q + rest);
hi = double(T * r + T);
difference double= T - hi;
left = double(T * r + difference);
lowest = double(TL * r + TL);
low double= lowest + left;
lo = double(T * beyond + low);
widened = double(hi * 0x1p-68 + lo);       # what `rounded` adds to hi; the other sign is the same

exact_q = (r * r) * (Q3 * r + Q2) + (Q1 * r + Q0);
growth = 1 + (r + ((r * r) * exact_q + rest)) + missing;
value = (T + TL) * growth;

{
    T in [1, 2]
    /\ |TL| <= 0x1p-53
    /\ |r| <= 0x1.63p-10                   # ln2/512 and a little
    /\ |rest| <= 0x1.6cp-62                # below half an ulp of r; exp10 adds the rests of t and of ln10
    /\ Q0 in [0x1.fffffffffffp-2, 0x1p-1] /\ Q1 in [0x1.5p-3, 0x1.6p-3]
    /\ Q2 in [0x1.5p-5, 0x1.6p-5] /\ Q3 in [0x1.1p-7, 0x1.2p-7]
    # the polynomial's 2^-69.68 (Sollya, in exp_data.h), r·rest < 2^-71, the table's 2^-107, the steps' 2^-79
    /\ |missing| <= 0x1.c4p-70
->
    difference - (T - hi) in [0, 0]        # Sterbenz
    /\ |(hi + lo - value) / T| <= 0x1.31p-69  # with the next line below 0x1p-68 of hi, which is at least 0.997·T
    /\ |widened - (hi * 0x1p-68 + lo)| <= 0x1.2p-73
}

T - hi -> -(hi - (T * r + T)) - T * r;
T * r + difference -> (difference - (T - hi)) - (hi - (T * r + T));
beyond - ((r * r) * exact_q + rest) -> (beyond - (square * q + rest)) + (square * q - (r * r) * exact_q);
(hi + lo - value) / T ->
    ((lo - (T * beyond + low)) + (low - (lowest + left)) + (lowest - (TL * r + TL)) + (left - (T * r + difference))
     + (difference - (T - hi))) / T
    + (beyond - ((r * r) * exact_q + rest)) - TL / T * ((r * r) * exact_q + rest) - (1 + TL / T) * missing;
