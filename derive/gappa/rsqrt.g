# rsqrt, float64: the rounding errors of y + y/2·e against y + y/2·E with E = 1 - x·y^2:
#     gappa < derive/gappa/rsqrt.g
# With y = (1 + t)/sqrt(x), |t| < 2^-49.5, that is 1/sqrt(x) but for 3/2·t^2 + t^3/2 < 2^-98.4 of it (E = -2t - t^2).
# One period of the exponent, x in [1, 4], stands for all: every operation scales with powers of two.
# The errors of `rounded_within` or `rounded` in lo itself, 2^-53·|lo|, are part of the 2^-97 that rsqrt.c allows.
# used in rsqrt.c: rounded(y, y * 0.5 * e, 0x1p-97)
@double = float<ieee_64, ne>;

x = double(x_);
y = double(y_);
p double= x * y;
minus_low = p - x * y;  # exact: the low part of a product
first = double(1 - p * y);
e = double(first + minus_low * y);
half = 0.5 * y;
lo double= half * e;

E = 1 - x * y * y;

{
    x in [1,4] /\ y in [0.4999,1.0001] /\ |E| in [0,1b-48]
    -> |lo - half * E| in [0,1b-100]
}

1 - p * y -> E - minus_low * y;
first + minus_low * y -> E + (first - (1 - p * y));
lo - half * E -> (lo - half * e) + half * ((e - (first + minus_low * y)) + (first - (1 - p * y)));
