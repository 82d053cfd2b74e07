/* Tiles of matrix products of float64, real and complex. */
#define REAL double
#define TYPE f64
#include "tiles.h"
