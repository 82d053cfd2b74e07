# log, log2, log10, log1p, float64: r^3·C(r) as log_family.h computes it (`cubic`, cube, and their product inside a fused
# multiply-add) against r^3·(log(1+r) - r + r^2/2)/r^3:
#     gappa < derive/gappa/log.g
# r is 0 or a multiple of 2^-60, at most 0.019776 (log1p: where r is smaller, all of r^3·C is below |log|·2^-90).
# used in log_family.h: fmadd(square, all(scale * 0x1.2p-57), absolute(hi) * 0x1p-90)
@rnd = float<ieee_64, ne>;

# C: CUBIC of log_cells_data.h
C0 = rnd(C0_);
C1 = rnd(C1_);
C2 = rnd(C2_);
C3 = rnd(C3_);
C4 = rnd(C4_);
C5 = rnd(C5_);
C6 = rnd(C6_);
C7 = rnd(C7_);
r = rnd(r_);

square rnd= r * r;
c67 rnd= C7 * r + C6;
c45 rnd= C5 * r + C4;
c23 rnd= C3 * r + C2;
c01 rnd= C1 * r + C0;
c4567 rnd= square * c67 + c45;
c234567 rnd= square * c4567 + c23;
c rnd= square * c234567 + c01;
cube rnd= r * square;

s = r * r;
e4567 = s * (C7 * r + C6) + (C5 * r + C4);
e234567 = s * e4567 + (C3 * r + C2);
e = s * e234567 + (C1 * r + C0);

{
    |r| in [0x1p-60, 0x1.4400001p-6]
    /\ C0 in [0x1.5p-2, 0x1.6p-2] /\ C1 in [-0x1.0p-2, -0x1.fp-3] /\ C2 in [0x1.9p-3, 0x1.ap-3]
    /\ C3 in [-0x1.6p-3, -0x1.5p-3] /\ C4 in [0x1.2p-3, 0x1.3p-3] /\ C5 in [-0x1.1p-3, -0x1.fp-4]
    /\ C6 in [0x1.cp-4, 0x1.dp-4] /\ C7 in [-0x1.ap-4, -0x1.9p-4]
->
    |(cube * c - r * s * e) / (r * s)| <= 0x1.4p-53
    /\ |c| <= 0x1.66p-2
}
