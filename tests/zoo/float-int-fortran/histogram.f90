! Sorts readings into bins of a width given on the command line.
program histogram
  implicit none
  double precision :: readings(8), width
  character(32) :: argument
  integer :: i, bin, status

  readings = [0.5d0, 12.25d0, 3.0d9, -7.75d0, 1.0d12, 99.5d0, -4.0d10, 42.0d0]
  call get_command_argument(1, argument)
  read (argument, *, iostat=status) width
  if (status /= 0) width = 0.5d0
  do i = 1, size(readings)
    bin = bin_of(readings(i), width)
    print '(f20.3, i14)', readings(i), bin
  end do

contains

  integer function bin_of(reading, width)
    double precision, intent(in) :: reading, width
    bin_of = int(reading / width)
  end function bin_of

end program histogram
