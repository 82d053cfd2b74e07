C     TABLE OF A CURVE THROUGH SEVEN MEASURED POINTS
      PROGRAM SPLINE
      INTEGER N, I, J
      PARAMETER (N = 7)
      DOUBLE PRECISION Y(N), S(N), CUBIC
      EXTERNAL CUBIC
      DATA Y /1.3D0, 2.7D0, 2.1D0, 0.4D0, 0.9D0, 3.3D0, 4.1D0/
      S(1) = Y(2) - Y(1)
      S(N) = Y(N) - Y(N - 1)
      DO 10 I = 2, N - 1
        S(I) = (Y(I + 1) - Y(I - 1)) / 2.0D0
   10 CONTINUE
      DO 30 I = 1, N - 1
        DO 20 J = 0, 9
          WRITE (*, 100) I, J, CUBIC(Y(I), Y(I + 1), S(I), S(I + 1),
     &      J / 10.0D0)
   20   CONTINUE
   30 CONTINUE
  100 FORMAT (I2, '.', I1, ES26.17)
      END
