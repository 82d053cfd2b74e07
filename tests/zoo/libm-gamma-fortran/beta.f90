! A table of the beta function at ninths and halves.
program beta_table
  implicit none
  integer, parameter :: wp = kind(1.0d0)
  integer :: i, j
  do i = 27, 56
    do j = 1, 3
      print '(2f8.4, es26.17)', i / 9.0_wp, j / 2.0_wp, beta(i / 9.0_wp, j / 2.0_wp)
    end do
  end do
contains
  function beta(a, b) result(value)
    real(wp), intent(in) :: a, b
    real(wp) :: value
    value = gamma(a) * gamma(b) / gamma(a + b)
  end function
end program
