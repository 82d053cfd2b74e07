! Energies that are sums over all particles.
module energy
  use particles
  implicit none

contains

  real function field_energy(last)
    integer, intent(in) :: last
    integer :: i
    real :: ratio(count)
    ratio = 0
    do i = 1, count
      ratio(i) = charge(i) + height(i)
    end do
    field_energy = 0
    do i = 1, last
      field_energy = field_energy + ratio(i)
    end do
  end function field_energy

end module energy
