! Particles in a box: their charges and where they are.
module particles
  implicit none
  integer, parameter :: count = 1003
  real :: charge(count), height(count)

contains

  subroutine place
    integer :: i
    do i = 1, count
      charge(i) = real(modulo(i * 7919, 1013)) / 1021.0
      height(i) = real(modulo(i * 104729, 4093)) / 509.0
    end do
  end subroutine place

end module particles
