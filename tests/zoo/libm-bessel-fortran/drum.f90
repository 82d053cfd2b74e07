! Prints the first three radial modes of a drum.
program drum
  use membrane
  implicit none
  integer :: i, mode
  do i = 0, 20
    print '(f6.3, 3es26.17)', i / 20.0_wp, (height(mode, i / 20.0_wp), mode = 1, 3)
  end do
end program
