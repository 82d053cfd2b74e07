# erf, float64 (native/elementary/erf.c):
#     python -m derive.proofs erf
# Each formula in braces is a proof of its own, and so is each alternative of its hypotheses. Exponents have no end
# here: what underflows in truth is below 2^-1074, and no result is below 2^-960.
# erf(c) is V + VL + V_lost and its slope G + GL + G_lost. One sign of d and both of c stand for all four.
# used in erf.c: rounded_within(sum.hi, low + curve, fmadd(absolute(curve), all(0x1p-49), sum.hi * 0x1p-72))
@double = float<53, -20000, ne>;

c = fixed<-6, ne>(c_);
d = double(d_);
G = double(G_); GL = double(GL_); VL = double(VL_);
rest = double(rest_);                        # of V + rise, exact: fast_two_sum
rise_rest = double(rise_rest_);              # of G·bent, exact: two_product
margin = double(margin_);

# a2: ORDER_2 of erf_data.h
a20 = -0x1.5555555555555p-2; a21 = 0x1.5555555555555p-1;
# a3: ORDER_3 of erf_data.h
a30 = 0x1.0000000000000p-1; a31 = -0x1.5555555555555p-2;
# a4: ORDER_4 of erf_data.h
a40 = 0x1.999999999999ap-4; a41 = -0x1.999999999999ap-2; a42 = 0x1.1111111111111p-3;
# a5: ORDER_5 of erf_data.h
a50 = -0x1.5555555555555p-3; a51 = 0x1.c71c71c71c71cp-3; a52 = -0x1.6c16c16c16c17p-5;
# a6: ORDER_6 of erf_data.h
a60 = -0x1.8618618618618p-6; a61 = 0x1.2492492492492p-3; a62 = -0x1.8618618618618p-4; a63 = 0x1.a01a01a01a01ap-7;
# a7: ORDER_7 of erf_data.h
a70 = 0x1.5555555555555p-5; a71 = -0x1.5555555555555p-4; a72 = 0x1.1111111111111p-5; a73 = -0x1.a01a01a01a01ap-9;
# a8: ORDER_8 of erf_data.h
a80 = 0x1.2f684bda12f68p-8; a81 = -0x1.2f684bda12f68p-5; a82 = 0x1.2f684bda12f68p-5; a83 = -0x1.43a2730abee4dp-7;
a84 = 0x1.71de3a556c734p-11;

# `taylor`
u double= c * c;
square double= d * d;
h3 = double(a31 * u + a30);
h5 = double(double(a52 * u + a51) * u + a50);
h7 = double(double(double(a73 * u + a72) * u + a71) * u + a70);
h2 = double(a21 * u + a20);
h4 = double(double(a42 * u + a41) * u + a40);
h6 = double(double(double(a63 * u + a62) * u + a61) * u + a60);
h8 = double(double(double(double(a84 * u + a83) * u + a82) * u + a81) * u + a80);
odd5 = double(h7 * square + h5);
odd = double(odd5 * square + h3);
even6 = double(h8 * square + h6);
even4 = double(even6 * square + h4);
even = double(even4 * square + h2);
cd double= c * d;
R = double(odd * cd + even);

turn double= c * d;
bent = double(d - turn * d);
bent_first = double((d - bent) - turn * d);  # d - bent is exact (Sterbenz)
turn_rest = c * d - turn;
bent_second double= turn_rest * d;
bent_rest double= bent_first - bent_second;
d_square double= d * d;
d_cube double= d * d_square;
tall double= d_cube * R;
curve double= G * tall;
slope_rest = double(GL * bent + rise_rest);
low_first = double(G * bent_rest + slope_rest);
low_second double= VL + rest;
low double= low_first + low_second;
bottom double= low + curve;
widened double= bottom + margin;

s = d * d;
w = c * c;
H3 = a31 * w + a30;
H5 = (a52 * w + a51) * w + a50;
H7 = ((a73 * w + a72) * w + a71) * w + a70;
H2 = a21 * w + a20;
H4 = (a42 * w + a41) * w + a40;
H6 = ((a63 * w + a62) * w + a61) * w + a60;
H8 = (((a84 * w + a83) * w + a82) * w + a81) * w + a80;
exact_R = ((H7 * s + H5) * s + H3) * (c * d) + (((H8 * s + H6) * s + H4) * s + H2);
cube = d * d * d;
flat = d - c * d * d;
exact_lower = rest + rise_rest + G * (flat - bent) + VL + V_lost + (GL + G_lost) * flat;
exact_bottom = exact_lower + (G + GL + G_lost) * (cube * (exact_R + lost));

# Near 0 the curve counts, R·G·d^3: 2^-49 of it is allowed. Below d = 2^-12 its roundings, 2^-49·2^-25.5·G·d, are less
# than 2^-72 of the result.
{
    |c| in [0, 0.25] /\ d in [0x1p-12, 0x1p-7] /\ G in [0.87, 1.13] /\ |lost| <= 0x1.4p-55
    /\ |GL / G| <= 0x1p-53 /\ |G_lost / G| <= 0x1p-105 /\ |VL| <= 0x1p-54 /\ |V_lost| <= 0x1p-106
    /\ |rest| <= 0x1p-54 /\ |rise_rest| <= 0x1.1p-60 /\ |margin| <= 0x1p-70
->
    curve / (G * cube) <= -0x1.2p-2
    /\ |((bottom - exact_bottom) + (widened - (bottom + margin))) / (G * cube)| <= 0x1.1fp-51
}
{
    |c| in [0.25, 0.375] /\ d in [0x1p-12, 0x1p-7] /\ G in [0.87, 1.13] /\ |lost| <= 0x1.4p-55
    /\ |GL / G| <= 0x1p-53 /\ |G_lost / G| <= 0x1p-105 /\ |VL| <= 0x1p-54 /\ |V_lost| <= 0x1p-106
    /\ |rest| <= 0x1p-54 /\ |rise_rest| <= 0x1.1p-60 /\ |margin| <= 0x1p-70
->
    curve / (G * cube) <= -0x1.e7p-3
    /\ |((bottom - exact_bottom) + (widened - (bottom + margin))) / (G * cube)| <= 0x1.e6p-52
}
{
    |c| in [0.375, 0.5] /\ d in [0x1p-12, 0x1p-7] /\ G in [0.87, 0.99] /\ |lost| <= 0x1.4p-55
    /\ |GL / G| <= 0x1p-53 /\ |G_lost / G| <= 0x1p-105 /\ |VL| <= 0x1p-54 /\ |V_lost| <= 0x1p-106
    /\ |rest| <= 0x1p-54 /\ |rise_rest| <= 0x1.1p-60 /\ |margin| <= 0x1p-70
->
    curve / (G * cube) <= -0x1.5p-3
    /\ |((bottom - exact_bottom) + (widened - (bottom + margin))) / (G * cube)| <= 0x1.4fp-52
}
# Beyond, 2^-72 of the result is enough, G·|R| being small.
{
    (
        |c| in [0.5, 0.625] /\ G in [0.763, 0.879] /\ |lost| <= 0x1.7p-55 /\ result in [0.513, 1]
        \/ |c| in [0.625, 0.8125] /\ G in [0.583, 0.764] /\ |lost| <= 0x1.ap-55 /\ result in [0.617, 1]
        \/ |c| in [0.8125, 1] /\ G in [0.415, 0.584] /\ |lost| <= 0x1.2p-54 /\ result in [0.744, 1]
        \/ |c| in [1, 1.25] /\ G in [0.236, 0.416] /\ |lost| <= 0x1.8p-54 /\ result in [0.839, 1]
        \/ |c| in [1.25, 1.5] /\ G in [0.1189, 0.237] /\ |lost| <= 0x1.ep-54 /\ result in [0.921, 1]
        \/ |c| in [1.5, 2] /\ G in [0.0206, 0.119] /\ |lost| <= 0x1.cp-53 /\ result in [0.965, 1]
        \/ |c| in [2, 2.5] /\ G in [0.00217, 0.0207] /\ |lost| <= 0x1.7p-52 /\ result in [0.995, 1]
        \/ |c| in [2.5, 3] /\ G in [0.000139, 0.00218] /\ |lost| <= 0x1.5p-51 /\ result in [0.9995, 1]
        \/ |c| in [3, 4] /\ G in [1.2e-7, 0.00014] /\ |lost| <= 0x1.1p-46 /\ result in [0.9999, 1]
        \/ |c| in [4, 6] /\ G in [2e-16, 1.3e-7] /\ |lost| <= 0x1.ap-40 /\ result in [0.9999, 1]
    )
    /\ |d| <= 0x1p-7
    /\ |GL / G| <= 0x1p-53 /\ |G_lost / G| <= 0x1p-105 /\ |VL| <= 0x1p-54 /\ |V_lost| <= 0x1p-106
    /\ |rest| <= 0x1p-54 /\ |rise_rest| <= 0x1.1p-60 /\ |margin| <= 0x1p-68
->
    |((bottom - exact_bottom) + (widened - (bottom + margin))) / result| <= 0x1.fffp-73
}

((bottom - exact_bottom) + (widened - (bottom + margin))) / (G * cube) ->
    (widened - (bottom + margin)) / (bottom + margin) * ((bottom + margin) / (G * cube))
    + (bottom - (low + curve)) / (low + curve) * ((low + curve) / (G * cube))
    + (low - exact_lower) / (G * cube) + (curve / (G * cube) - R) + (R - exact_R)
    - lost - (GL / G + G_lost / G) * (exact_R + lost);
(bottom + margin) / (G * cube) ->
    (bottom - (low + curve)) / (G * cube) + (low + margin) / (G * cube) + curve / (G * cube);
(low + curve) / (G * cube) -> low / (G * cube) + curve / (G * cube);
curve / (G * cube) -> (1 + (curve - G * tall) / (G * tall)) * (1 + (tall - d_cube * R) / (d_cube * R))
    * (1 + (d_cube - d * d_square) / (d * d_square)) * (1 + (d_square - d * d) / (d * d)) * R;
curve / (G * cube) - R -> ((1 + (curve - G * tall) / (G * tall)) * (1 + (tall - d_cube * R) / (d_cube * R))
    * (1 + (d_cube - d * d_square) / (d * d_square)) * (1 + (d_square - d * d) / (d * d)) - 1) * R;

low - exact_lower -> (low - (low_first + low_second)) + (low_second - (VL + rest)) - V_lost
    + (low_first - (G * bent_rest + slope_rest)) + (slope_rest - (GL * bent + rise_rest))
    + G * (bent_rest - (flat - bent)) + GL * (bent - flat) - G_lost * flat;
bent_rest - (flat - bent) -> (bent_rest - (bent_first - bent_second)) - (bent_second - turn_rest * d)
    + (bent_first - ((d - bent) - turn * d));
bent - flat -> (bent - (d - turn * d)) + turn_rest * d;
R - exact_R -> (R - (odd * cd + even)) + (odd - ((H7 * s + H5) * s + H3)) * cd
    + ((H7 * s + H5) * s + H3) * (cd - c * d) + (even - (((H8 * s + H6) * s + H4) * s + H2));
odd - ((H7 * s + H5) * s + H3) -> (odd - (odd5 * square + h3)) + (odd5 - (H7 * s + H5)) * s + odd5 * (square - s)
    + (h3 - H3);
odd5 - (H7 * s + H5) -> (odd5 - (h7 * square + h5)) + (h7 - H7) * s + h7 * (square - s) + (h5 - H5);
even - (((H8 * s + H6) * s + H4) * s + H2) -> (even - (even4 * square + h2)) + (even4 - ((H8 * s + H6) * s + H4)) * s
    + even4 * (square - s) + (h2 - H2);
even4 - ((H8 * s + H6) * s + H4) -> (even4 - (even6 * square + h4)) + (even6 - (H8 * s + H6)) * s
    + even6 * (square - s) + (h4 - H4);
even6 - (H8 * s + H6) -> (even6 - (h8 * square + h6)) + (h8 - H8) * s + h8 * (square - s) + (h6 - H6);
((bottom - exact_bottom) + (widened - (bottom + margin))) / result -> (widened - (bottom + margin)) / result
    + ((bottom - (low + curve)) + (low - exact_lower)) / result + (curve - G * cube * R) / result
    + (G * cube * (R - exact_R - lost - (GL / G + G_lost / G) * (exact_R + lost))) / result;
curve - G * cube * R -> (curve - G * tall) + G * (tall - d_cube * R) + G * R * (d_cube - d * d_square)
    + G * R * d * (d_square - d * d);
G_lost -> G_lost / G * G;
GL -> GL / G * G;
