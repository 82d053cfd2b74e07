# `double_root` (native/elementary/roots.h), for hypot, asin and acos: √(hi + lo) as root + rest:
#     gappa -Eno-auto-dichotomy < derive/gappa/double_root.g
# s is √hi and v is √(hi + lo), real numbers; hi in one period of the exponent, [1, 4], stands for all.
# g is near 1/s: of vectors by reciprocal_root.g, for one lane 1/root rounded, of a root rounded correctly.
# used in roots.h: (f64x2){root, residual * half_reciprocal}
@double = float<ieee_64, ne>;

hi = double(hi_);
lo = double(lo_);
g = double(g_);
root = double(root_);

product double= hi * g;                 # the root of vectors
off = double(hi - root * root);
residual double= off + lo;
half = 0.5 * g;
rest double= residual * half;

a = (root - v) / v;
b = g * v - 1;

{
    hi in [1, 4] /\ |lo / hi| <= 0x1p-51
    /\ s in [1, 2] /\ hi - s * s in [0, 0] /\ v in [0.999, 2.001] /\ v * v - (hi + lo) in [0, 0]
    /\ |root / s - 1| <= 0x1.82p-52 /\ |g * s - 1| <= 0x1.01p-52
->
    |product / s - 1| <= 0x1.82p-52
    /\ |rest / v| <= 0x1.42p-51
    /\ |(root + rest - v) / v| <= 0x1.04p-100
}

product / s - 1 -> (product - hi * g) / (hi * g) * (1 + (g * s - 1) + (hi - s * s) * g / s) + (g * s - 1)
    + (hi - s * s) * g / s;
off / hi -> (hi - root * root) / hi + (off - (hi - root * root)) / hi;
(hi - root * root) / hi -> (hi - s * s) / hi - s * s / hi * (root / s - 1) * (2 + (root / s - 1));
s * s / hi -> 1 - (hi - s * s) / hi;
residual / hi -> (residual - (off + lo)) / hi + (off / hi + lo / hi);
off -> (hi - root * root) + (off - (hi - root * root));
hi - root * root -> ((hi - root * root) / hi) * hi;
lo -> lo / hi * hi;

v / s - 1 -> (v * v - s * s) / (s * s) / (1 + v / s);
(v * v - s * s) / (s * s) -> ((v * v - (hi + lo)) + (hi - s * s)) / (s * s) + lo / hi * (1 + (hi - s * s) / (s * s));
a -> ((root / s - 1) - (v / s - 1)) / (1 + (v / s - 1));
b -> (g * s - 1) * (1 + (v / s - 1)) + (v / s - 1);
(root + rest - v) / v -> (rest - residual * half) / v
    + half * ((residual - (off + lo)) + (off - (hi - root * root)) - (v * v - (hi + lo))) / v
    - (a * a / 2 + a * b + a * a * b / 2);
rest / v -> (root + rest - v) / v - a;
