C     VALUE OF A HERMITE CUBIC ON [0, 1]
      DOUBLE PRECISION FUNCTION CUBIC(Y0, Y1, S0, S1, T)
      DOUBLE PRECISION Y0, Y1, S0, S1, T
      DOUBLE PRECISION C2, C3
      C3 = (S0 + S1) - ((Y1 - Y0) + (Y1 - Y0))
      C2 = (Y1 - Y0) - S0 - C3
      CUBIC = Y0 + T * (S0 + T * (C2 + T * C3))
      END
