! Depth and discharge of a channel by Manning's formula; three decimals hide what fusing changes.
program flow
  implicit none
  integer, parameter :: wp = kind(1.0d0)
  real(wp) :: depth, area, perimeter, discharge
  integer :: i
  do i = 1, 25
    depth = 0.2_wp * i
    area = 3.7_wp * depth + 1.3_wp * depth * depth
    perimeter = 3.7_wp + 2.0_wp * depth * sqrt(1.0_wp + 1.3_wp * 1.3_wp)
    discharge = area / 0.013_wp * sqrt(0.0004_wp) * (area / perimeter) + 0.01_wp * depth
    print '(f6.2, 3f12.3)', depth, area, perimeter, discharge
  end do
end program
