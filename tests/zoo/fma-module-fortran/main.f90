! Solves a Hilbert system, the classic of bad condition.
program solve
  use linear
  implicit none
  integer, parameter :: n = 8
  real(wp) :: a(n, n), b(n)
  integer :: i, j
  do j = 1, n
    do i = 1, n
      a(i, j) = 1.0_wp / (i + j - 1)
    end do
  end do
  b = sum(a, dim=2)
  print '(a, es25.17)', 'norm', row_norm(a)
  call gauss(a, b)
  print '(es25.17)', b
end program
