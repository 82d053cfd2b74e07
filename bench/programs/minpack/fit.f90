! Drives MINPACK: fits three curves with lmdif1 and solves a tridiagonal system with hybrd1; prints every digit.
program fit
   implicit none
   integer, parameter :: most = 40
   double precision :: x(most), residuals(most), work(4000)
   integer :: info, pivots(most), n
   double precision, external :: enorm
   external :: gaussian, kowalik, bard, tridiagonal

   x(1:3) = [0.4d0, 1.0d0, 0.0d0]
   call lmdif1(gaussian, 15, 3, x, residuals, 1d-12, info, pivots, work, size(work))
   call tell('gaussian', info, 3, enorm(15, residuals))

   x(1:4) = [0.25d0, 0.39d0, 0.415d0, 0.39d0]
   call lmdif1(kowalik, 11, 4, x, residuals, 1d-12, info, pivots, work, size(work))
   call tell('kowalik', info, 4, enorm(11, residuals))

   x(1:3) = 1d0
   call lmdif1(bard, 15, 3, x, residuals, 1d-12, info, pivots, work, size(work))
   call tell('bard', info, 3, enorm(15, residuals))

   do n = 5, 25, 10
      x(1:n) = -1d0
      call hybrd1(tridiagonal, n, x, residuals, 1d-12, info, work, size(work))
      call tell('tridiagonal', info, n, enorm(n, residuals))
   end do

contains

   subroutine tell(name, info, n, norm)
      character(*), intent(in) :: name
      integer, intent(in) :: info, n
      double precision, intent(in) :: norm
      integer :: i
      print '(a, i3, es26.17)', name, info, norm
      do i = 1, n
         print '(i4, es26.17)', i, x(i)
      end do
   end subroutine
end program

subroutine gaussian(m, n, x, residuals, flag)
   implicit none
   integer :: m, n, flag, i
   double precision :: x(n), residuals(m), t
   double precision, parameter :: y(15) = [0.0009d0, 0.0044d0, 0.0175d0, 0.0540d0, 0.1295d0, 0.2420d0, 0.3521d0, &
      0.3989d0, 0.3521d0, 0.2420d0, 0.1295d0, 0.0540d0, 0.0175d0, 0.0044d0, 0.0009d0]
   do i = 1, m
      t = (8d0 - i) / 2d0 - x(3)
      residuals(i) = x(1) * exp(-x(2) * t * t / 2d0) - y(i)
   end do
end subroutine

subroutine kowalik(m, n, x, residuals, flag)
   implicit none
   integer :: m, n, flag, i
   double precision :: x(n), residuals(m)
   double precision, parameter :: u(11) = [4d0, 2d0, 1d0, 0.5d0, 0.25d0, 0.167d0, 0.125d0, 0.1d0, 0.0833d0, 0.0714d0, &
      0.0625d0]
   double precision, parameter :: y(11) = [0.1957d0, 0.1947d0, 0.1735d0, 0.1600d0, 0.0844d0, 0.0627d0, 0.0456d0, &
      0.0342d0, 0.0323d0, 0.0235d0, 0.0246d0]
   do i = 1, m
      residuals(i) = y(i) - x(1) * (u(i) * (u(i) + x(2))) / (u(i) * (u(i) + x(3)) + x(4))
   end do
end subroutine

subroutine bard(m, n, x, residuals, flag)
   implicit none
   integer :: m, n, flag, i
   double precision :: x(n), residuals(m), v, w
   double precision, parameter :: y(15) = [0.14d0, 0.18d0, 0.22d0, 0.25d0, 0.29d0, 0.32d0, 0.35d0, 0.39d0, 0.37d0, &
      0.58d0, 0.73d0, 0.96d0, 1.34d0, 2.10d0, 4.39d0]
   do i = 1, m
      v = 16d0 - i
      w = min(dble(i), v)
      residuals(i) = y(i) - (x(1) + i / (v * x(2) + w * x(3)))
   end do
end subroutine

subroutine tridiagonal(n, x, values, flag)
   implicit none
   integer :: n, flag, i
   double precision :: x(n), values(n), before, after
   do i = 1, n
      before = 0d0
      after = 0d0
      if (i > 1) before = x(i - 1)
      if (i < n) after = x(i + 1)
      values(i) = (3d0 - 2d0 * x(i)) * x(i) - before - 2d0 * after + 1d0
   end do
end subroutine
