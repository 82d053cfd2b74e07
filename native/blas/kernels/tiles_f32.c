/* Tiles of matrix products of float32, real and complex. */
#define REAL float
#define TYPE f32
#include "tiles.h"
