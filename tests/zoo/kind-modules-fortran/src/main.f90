program main
  use precision
  use newton
  implicit none
  integer :: i, steps
  real(wp) :: root
  do i = 2, 7
    root = heron(real(i, wp), steps)
    print '(i2, f24.18, i4)', i, root, steps
  end do
end program main
