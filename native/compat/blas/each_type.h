/* Includes TEMPLATE for each of BLAS's types, with its LETTER, its REAL (and the SUFFIX of bitfast's functions of it),
   whether it is COMPLEX, and the letters of scnrm2 and csscal. */

#define LETTER s
#define SUFFIX f
#define LENGTH_LETTERS s
#define MIXED_LETTERS s
#define REAL float
#define COMPLEX 0
#include "element.h"
#include TEMPLATE
#include "element_end.h"

#define LETTER d
#define SUFFIX
#define LENGTH_LETTERS d
#define MIXED_LETTERS d
#define REAL double
#define COMPLEX 0
#include "element.h"
#include TEMPLATE
#include "element_end.h"

#define LETTER c
#define SUFFIX f
#define LENGTH_LETTERS sc
#define MIXED_LETTERS cs
#define REAL float
#define COMPLEX 1
#include "element.h"
#include TEMPLATE
#include "element_end.h"

#define LETTER z
#define SUFFIX
#define LENGTH_LETTERS dz
#define MIXED_LETTERS zd
#define REAL double
#define COMPLEX 1
#include "element.h"
#include TEMPLATE
#include "element_end.h"
