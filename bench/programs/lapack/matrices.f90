! Drives LAPACK: a linear system, a symmetric eigenproblem, a general one and singular values of matrices of rationals.
program matrices
   implicit none
   integer, parameter :: n = 24, room = 20000
   double precision :: a(n, n), b(n), values(n), imaginary(n), left(n, n), right(n, n), work(room)
   integer :: i, j, info, pivots(n)

   call fill(a)
   b = [(1d0 / i, i = 1, n)]
   call dgesv(n, 1, a, n, pivots, b, n, info)
   call tell('solution', b)

   call fill(a)
   a = (a + transpose(a)) / 2
   call dsyev('V', 'U', n, a, n, values, work, room, info)
   call tell('symmetric', values)
   call tell('first vector', a(:, 1))

   call fill(a)
   call dgeev('N', 'N', n, a, n, values, imaginary, left, n, right, n, work, room, info)
   call tell('real', values)
   call tell('imaginary', imaginary)

   call fill(a)
   call dgesvd('A', 'A', n, n, a, n, values, left, n, right, n, work, room, info)
   call tell('singular', values)

contains

   subroutine fill(a)
      double precision, intent(out) :: a(n, n)
      do j = 1, n
         do i = 1, n
            a(i, j) = dble(mod(7 * i * i + 13 * j + 5 * i * j, 31) - 15) / (i + 2 * j)
         end do
         a(j, j) = a(j, j) + 3
      end do
   end subroutine

   subroutine tell(name, numbers)
      character(*), intent(in) :: name
      double precision, intent(in) :: numbers(:)
      print '(a)', name
      print '(es26.17)', numbers
   end subroutine
end program
