# pow, float64: r^4·Q(r) as `logarithm_of` in pow.c computes it (square·(square·q)) against (r^2)^2·Q(r), the square
# exact:
#     gappa < derive/gappa/pow.g
# r is 0 or a multiple of 2^-60, at most 0.019776. The exponential's own part is exp.g.
# used in pow.c: fmadd(absolute(y * l.fourth), all(0x1.2p-51), all(0x1.02p-68))
@rnd = float<ieee_64, ne>;

# Q: QUARTIC of pow_data.h
Q0 = rnd(Q0_);
Q1 = rnd(Q1_);
Q2 = rnd(Q2_);
Q3 = rnd(Q3_);
Q4 = rnd(Q4_);
Q5 = rnd(Q5_);
Q6 = rnd(Q6_);
Q7 = rnd(Q7_);
r = rnd(r_);

square rnd= r * r;
fourth rnd= square * square;
q67 rnd= Q7 * r + Q6;
q45 rnd= Q5 * r + Q4;
q23 rnd= Q3 * r + Q2;
q01 rnd= Q1 * r + Q0;
q_low rnd= square * q23 + q01;
q_high rnd= square * q67 + q45;
q rnd= fourth * q_high + q_low;
inner rnd= square * q;

s = r * r;
e_low = s * (Q3 * r + Q2) + (Q1 * r + Q0);
e_high = s * (Q7 * r + Q6) + (Q5 * r + Q4);
e = s * s * e_high + e_low;

{
    |r| in [0x1p-60, 0x1.4400001p-6]
    /\ Q0 in [-0x1.0p-2, -0x1.fp-3] /\ Q1 in [0x1.9p-3, 0x1.ap-3] /\ Q2 in [-0x1.6p-3, -0x1.5p-3]
    /\ Q3 in [0x1.2p-3, 0x1.3p-3] /\ Q4 in [-0x1.1p-3, -0x1.fp-4] /\ Q5 in [0x1.cp-4, 0x1.dp-4]
    /\ Q6 in [-0x1.ap-4, -0x1.9p-4] /\ Q7 in [0x1.7p-4, 0x1.8p-4]
->
    |square * inner -/ (s * (s * e))| <= 0x1p-50
    /\ |q| <= 0x1.05p-2                    # so the error is below r^4·2^-51.97
}
