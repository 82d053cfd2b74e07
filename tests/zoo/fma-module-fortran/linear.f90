! Small dense linear systems.
module linear
  implicit none
  integer, parameter :: wp = kind(1.0d0)
contains

  ! Gaussian elimination without pivoting; a and b are overwritten, b becomes the solution.
  subroutine gauss(a, b)
    real(wp), intent(inout) :: a(:, :), b(:)
    real(wp) :: factor
    integer :: i, j, k, n
    n = size(b)
    do k = 1, n - 1
      do i = k + 1, n
        factor = a(i, k) / a(k, k)
        do j = k, n
          a(i, j) = a(i, j) - factor * a(k, j)
        end do
        b(i) = b(i) - factor * b(k)
      end do
    end do
    do i = n, 1, -1
      do j = i + 1, n
        b(i) = b(i) - a(i, j) * b(j)
      end do
      b(i) = b(i) / a(i, i)
    end do
  end subroutine

  ! The largest row sum of absolute values.
  pure function row_norm(a) result(norm)
    real(wp), intent(in) :: a(:, :)
    real(wp) :: norm
    norm = maxval(sum(abs(a), dim=2))
  end function

end module
