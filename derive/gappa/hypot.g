# hypot, float64 and float32 (native/elementary/hypot.c):
#     gappa -Eno-auto-dichotomy < derive/gappa/hypot.g
# float64: the sum of the squares whose root double_root.g gives to 2^-99.9; both arguments are scaled, x is the larger.
# The sum is off by 2^-104, and `rounded` by 2^-53 of rest + 2^-96: in all less than 2^-99 where 2^-96 is allowed.
# float32: the squares are exact, their sum is rounded once; s is its root, v that of the exact sum (real numbers), g is
# 1/s by reciprocal_root.g. 4 ulp of a double are at least 2^-51 of it.
# used in hypot.c: rounded(root.hi, root.lo, 0x1p-96)
# used in hypot.c: rounded_f32(value, 4)
@double = float<ieee_64, ne>;

x = double(x_);
y = double(y_);
square double= x * x;
other double= y * y;
square_rest = x * x - square;      # exact: two_product
other_rest = y * y - other;
sum double= square + other;
sum_rest = square + other - sum;   # exact: fast_two_sum, square >= other
rests double= square_rest + other_rest;
low double= sum_rest + rests;

near = double(total);
g = double(g_);
value double= near * g;            # one lane: √near, rounded, which is nearer

{
    x in [1, 2] /\ y in [0, 2] /\ x - y >= 0
    /\ total in [1, 3.9] /\ s in [0.99, 2] /\ v in [1, 2] /\ near - s * s in [0, 0] /\ total - v * v in [0, 0]
    /\ |g * s - 1| <= 0x1.9p-53
->
    |low / sum| <= 0x1p-51
    /\ |(sum + low - (x * x + y * y)) / (x * x + y * y)| <= 0x1p-104
    /\ |value / v - 1| <= 0x1.bp-52
}

(sum + low - (x * x + y * y)) / (x * x + y * y) ->
    ((low - (sum_rest + rests)) + (rests - (square_rest + other_rest))) / (x * x + y * y);
low / sum $ x in 4, y in 4;
value / v - 1 -> (1 + (value / s - 1)) * (1 + (s / v - 1)) - 1;
value / s - 1 -> (value - near * g) / (near * g) * (1 + (g * s - 1) + (near - s * s) * g / s) + (g * s - 1)
    + (near - s * s) * g / s;
s / v - 1 -> ((s * s - near) / total + (near - total) / total + (total - v * v) / total) / (1 + s / v)
    * (total / (v * v));
total / (v * v) -> 1 + (total - v * v) / (v * v);
s / v -> 1 + (s / v - 1);
