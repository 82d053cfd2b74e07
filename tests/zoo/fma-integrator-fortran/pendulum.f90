! A pendulum in the small-angle limit with a quadratic correction, integrated with Heun's method.
program pendulum
  implicit none
  integer, parameter :: real64 = kind(1.0d0)
  real(real64) :: angle, speed, guess, step
  integer :: i

  angle = 0.3_real64
  speed = 0.0_real64
  step = 0.01_real64
  do i = 1, 1000
    guess = speed - step * acceleration(angle)
    angle = angle + (speed + guess) / 200.0_real64
    speed = guess
    if (mod(i, 100) == 0) print '(i5, 2es26.17)', i, angle, speed
  end do

contains

  pure function acceleration(x) result(value)
    real(real64), intent(in) :: x
    real(real64) :: value
    value = 9.80665_real64 * x / (1.0_real64 + abs(x) / 6.0_real64)
  end function

end program
