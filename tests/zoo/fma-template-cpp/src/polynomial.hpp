// Polynomials of fixed degree, coefficients from the lowest power up.
#pragma once
#include <array>
#include <cstddef>

template <typename Number, std::size_t Terms>
class Polynomial {
public:
    explicit Polynomial(const std::array<Number, Terms> &coefficients) : coefficients_(coefficients) {}

    Number operator()(Number x) const
    {
        Number value = coefficients_[Terms - 1];
        for (std::size_t i = Terms - 1; i-- > 0;)
            value = value * x + coefficients_[i];
        return value;
    }

private:
    std::array<Number, Terms> coefficients_;
};
