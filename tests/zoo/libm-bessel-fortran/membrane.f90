! A round membrane of radius 1, fixed at its rim.
module membrane
  implicit none
  integer, parameter :: wp = kind(1.0d0)
  real(wp), parameter :: zeros(3) = [2.404825557695773_wp, 5.520078110286311_wp, 8.653727912911013_wp]
contains
  elemental function height(mode, radius) result(value)
    integer, intent(in) :: mode
    real(wp), intent(in) :: radius
    real(wp) :: value
    value = bessel_j0(zeros(mode) * radius)
  end function
end module
