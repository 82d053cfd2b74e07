! The working precision.
module precision
  implicit none
  integer, parameter :: wp = selected_real_kind(p=17, r=300)
end module precision
