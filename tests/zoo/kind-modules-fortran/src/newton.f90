! Square roots by Heron's method.
module newton
  use precision
  implicit none

contains

  function heron(x, steps) result(root)
    real(wp), intent(in) :: x
    integer, intent(out) :: steps
    real(wp) :: root, before
    root = x
    before = 0
    steps = 0
    do while (abs(root - before) > epsilon(root) * root .and. steps < 100)
      before = root
      root = (root + x / root) / 2
      steps = steps + 1
    end do
  end function heron

end module newton
