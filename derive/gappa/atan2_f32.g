# atan2, float32 (native/elementary/atan2.c):
#     python -m derive.proofs atan2_f32
# Each formula in braces, and each alternative of its hypotheses, is a proof of its own. q is the exact quotient, of
# numbers that are exact, z the rounded one; z > 0 stands for both of its signs. A, an angle in double, is what is added to its
# atan, and A + A_lost what is meant: 0, one of QUARTERS, or π less that. 8 ulp are at least 2^-50 of the result, which is
# not below 2^-126: exponents have no end here.
# used in atan2.c: rounded_f32(value, 8)
@double = float<53, -20000, ne>;

# c: CUBIC_F32 of atan_data.h
c0 = -0x1.5555555555555p-2; c1 = 0x1.999999999942ap-3; c2 = -0x1.249249243d6d6p-3; c3 = 0x1.c71c7188b62e2p-4;
c4 = -0x1.745d0b9b9d82ap-4; c5 = 0x1.3b126be5e6354p-4; c6 = -0x1.10fae4fa26e69p-4; c7 = 0x1.dfece5caad269p-5;
c8 = -0x1.a0b8e224a8939p-5; c9 = 0x1.41b551676420cp-5; c10 = -0x1.3aec1fb0c5905p-6;
A = double(A_);
z = double(q);
square double= z * z;
cube double= z * square;
p9 = double(c10 * square + c9);
p8 = double(p9 * square + c8);
p7 = double(p8 * square + c7);
p6 = double(p7 * square + c6);
p5 = double(p6 * square + c5);
p4 = double(p5 * square + c4);
p3 = double(p4 * square + c3);
p2 = double(p3 * square + c2);
p1 = double(p2 * square + c1);
p0 = double(p1 * square + c0);
angle = double(cube * p0 + z);
value double= A + angle;

# atan(q) = atan(z) + (q - z)·slope, atan(z) = (z + z^3·P(z^2))·(1 + lost)
s = z * z;
e9 = c10 * s + c9;
e8 = e9 * s + c8;
e7 = e8 * s + c7;
e6 = e7 * s + c6;
e5 = e6 * s + c5;
e4 = e5 * s + c4;
e3 = e4 * s + c3;
e2 = e3 * s + c2;
e1 = e2 * s + c1;
e0 = e1 * s + c0;
unit = 1 + s * e0;
exact = A + A_lost + z * unit * (1 + lost) + (q - z) * slope;

# A = 0: the error over z, of which the result is at least 0.94.
{
    q in [0x1p-300, 0.41422] /\ slope in [0.85, 1] /\ |lost| <= 0x1.9p-58
->
    |angle / z - unit - lost * unit - (q - z) / z * slope| <= 0x1.2p-52
}

# The others.
{
    (
        A in [0.785, 0.786] /\ |A_lost| <= 0x1p-54 /\ result in [0.392, 1.179]
        \/ A in [-0.786, -0.785] /\ |A_lost| <= 0x1p-54 /\ result in [-1.179, -0.392]
        \/ A in [1.57, 1.571] /\ |A_lost| <= 0x1p-53 /\ result in [1.177, 2]
        \/ A in [-1.571, -1.57] /\ |A_lost| <= 0x1p-53 /\ result in [-2, -1.177]
        \/ A in [2.356, 2.357] /\ |A_lost| <= 0x1p-50 /\ result in [1.96, 2.75]
        \/ A in [-2.357, -2.356] /\ |A_lost| <= 0x1p-50 /\ result in [-2.75, -1.96]
        \/ A in [3.141, 3.142] /\ |A_lost| <= 0x1p-52 /\ result in [2.74, 3.6]
        \/ A in [-3.142, -3.141] /\ |A_lost| <= 0x1p-52 /\ result in [-3.6, -2.74]
    )
    /\ q in [0x1p-300, 0.41422] /\ slope in [0.85, 1] /\ |lost| <= 0x1.9p-58
->
    |(value - exact) / result| <= 0x1p-50
}

value - exact -> (value - (A + angle)) + z * (angle / z - unit - lost * unit - (q - z) / z * slope) - A_lost;
angle / z - unit - lost * unit - (q - z) / z * slope -> (angle - (cube * p0 + z)) / (cube * p0 + z) * (1 + cube / z * p0)
    + (cube / z * p0 - s * e0) - lost * unit + (z - q) / q / (1 + (z - q) / q) * slope;
cube * p0 + z -> z * (1 + cube / z * p0);
cube / z -> square * (1 + (cube - z * square) / (z * square));
cube / z * p0 - s * e0 -> (cube - z * square) / (z * square) * square * p0 + (square - s) * p0 + s * (p0 - e0);
z -> q * (1 + (z - q) / q);
p0 - e0 -> (p0 - (p1 * square + c0)) + p1 * (square - s) + (p1 - e1) * s;
p1 - e1 -> (p1 - (p2 * square + c1)) + p2 * (square - s) + (p2 - e2) * s;
p2 - e2 -> (p2 - (p3 * square + c2)) + p3 * (square - s) + (p3 - e3) * s;
p3 - e3 -> (p3 - (p4 * square + c3)) + p4 * (square - s) + (p4 - e4) * s;
p4 - e4 -> (p4 - (p5 * square + c4)) + p5 * (square - s) + (p5 - e5) * s;
p5 - e5 -> (p5 - (p6 * square + c5)) + p6 * (square - s) + (p6 - e6) * s;
p6 - e6 -> (p6 - (p7 * square + c6)) + p7 * (square - s) + (p7 - e7) * s;
p7 - e7 -> (p7 - (p8 * square + c7)) + p8 * (square - s) + (p8 - e8) * s;
p8 - e8 -> (p8 - (p9 * square + c8)) + p9 * (square - s) + (p9 - e9) * s;
p9 - e9 -> (p9 - (c10 * square + c9)) + c10 * (square - s);
