! Compound interest, month by month, with "at least 18 digits".
program interest
  implicit none
  integer, parameter :: wide = selected_real_kind(18)
  real(wide) :: capital, rate
  integer :: month

  capital = 1000
  rate = 1 + 5 / 1200.0_wide
  do month = 1, 480
    capital = capital * rate
    if (modulo(month, 60) == 0) print '(i4, f30.20)', month, capital
  end do
end program interest
