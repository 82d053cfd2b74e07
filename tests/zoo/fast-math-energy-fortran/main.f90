program main
  use particles
  use energy
  implicit none
  integer :: layer

  call place
  do layer = 1, 8
    print '(a, i2, es16.8)', 'field energy up to layer', layer, field_energy(layer * count / 8)
  end do
  print '(a, i8)', 'highest      ', int(maxval(height) * 509)
end program main
