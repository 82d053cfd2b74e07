#pragma once

namespace normal {
/// Probability that a standard normal variable exceeds x.
double upper_tail(double x);
/// Parts per million outside of plus or minus `sigmas`.
double defects(double sigmas);
}
