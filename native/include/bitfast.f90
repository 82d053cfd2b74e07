! bitfast for Fortran: a generic function for each, bitfast_exp(x) for real(c_double) and real(c_float), and
! subroutines bitfast_exp_array(n, x, x_stride, result, result_stride) for arrays, as bitfast.h describes them.
!
! tests/test_native_library.py compares its names with functions.h. Compile it with your program and link with
! `pkg-config --libs bitfast`.
module bitfast
    use, intrinsic :: iso_c_binding, only: c_double, c_float, c_int, c_ptrdiff_t, c_size_t
    implicit none
    private
    public :: bitfast_set_num_threads, bitfast_get_num_threads
    public :: bitfast_exp, bitfast_exp_array
    interface bitfast_exp
        pure function bitfast_exp_c_double(x) bind(c, name='bitfast_exp') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_exp_c_float(x) bind(c, name='bitfast_expf') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_exp_array
        subroutine bitfast_exp_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_exp_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_exp_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_expf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_exp2, bitfast_exp2_array
    interface bitfast_exp2
        pure function bitfast_exp2_c_double(x) bind(c, name='bitfast_exp2') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_exp2_c_float(x) bind(c, name='bitfast_exp2f') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_exp2_array
        subroutine bitfast_exp2_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_exp2_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_exp2_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_exp2f_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_exp10, bitfast_exp10_array
    interface bitfast_exp10
        pure function bitfast_exp10_c_double(x) bind(c, name='bitfast_exp10') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_exp10_c_float(x) bind(c, name='bitfast_exp10f') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_exp10_array
        subroutine bitfast_exp10_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_exp10_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_exp10_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_exp10f_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_expm1, bitfast_expm1_array
    interface bitfast_expm1
        pure function bitfast_expm1_c_double(x) bind(c, name='bitfast_expm1') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_expm1_c_float(x) bind(c, name='bitfast_expm1f') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_expm1_array
        subroutine bitfast_expm1_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_expm1_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_expm1_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_expm1f_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_log, bitfast_log_array
    interface bitfast_log
        pure function bitfast_log_c_double(x) bind(c, name='bitfast_log') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_log_c_float(x) bind(c, name='bitfast_logf') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_log_array
        subroutine bitfast_log_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_log_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_log_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_logf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_log2, bitfast_log2_array
    interface bitfast_log2
        pure function bitfast_log2_c_double(x) bind(c, name='bitfast_log2') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_log2_c_float(x) bind(c, name='bitfast_log2f') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_log2_array
        subroutine bitfast_log2_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_log2_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_log2_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_log2f_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_log10, bitfast_log10_array
    interface bitfast_log10
        pure function bitfast_log10_c_double(x) bind(c, name='bitfast_log10') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_log10_c_float(x) bind(c, name='bitfast_log10f') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_log10_array
        subroutine bitfast_log10_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_log10_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_log10_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_log10f_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_log1p, bitfast_log1p_array
    interface bitfast_log1p
        pure function bitfast_log1p_c_double(x) bind(c, name='bitfast_log1p') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_log1p_c_float(x) bind(c, name='bitfast_log1pf') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_log1p_array
        subroutine bitfast_log1p_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_log1p_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_log1p_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_log1pf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_sin, bitfast_sin_array
    interface bitfast_sin
        pure function bitfast_sin_c_double(x) bind(c, name='bitfast_sin') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_sin_c_float(x) bind(c, name='bitfast_sinf') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_sin_array
        subroutine bitfast_sin_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_sin_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_sin_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_sinf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_cos, bitfast_cos_array
    interface bitfast_cos
        pure function bitfast_cos_c_double(x) bind(c, name='bitfast_cos') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_cos_c_float(x) bind(c, name='bitfast_cosf') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_cos_array
        subroutine bitfast_cos_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_cos_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_cos_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_cosf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_tan, bitfast_tan_array
    interface bitfast_tan
        pure function bitfast_tan_c_double(x) bind(c, name='bitfast_tan') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_tan_c_float(x) bind(c, name='bitfast_tanf') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_tan_array
        subroutine bitfast_tan_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_tan_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_tan_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_tanf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_sinh, bitfast_sinh_array
    interface bitfast_sinh
        pure function bitfast_sinh_c_double(x) bind(c, name='bitfast_sinh') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_sinh_c_float(x) bind(c, name='bitfast_sinhf') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_sinh_array
        subroutine bitfast_sinh_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_sinh_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_sinh_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_sinhf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_cosh, bitfast_cosh_array
    interface bitfast_cosh
        pure function bitfast_cosh_c_double(x) bind(c, name='bitfast_cosh') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_cosh_c_float(x) bind(c, name='bitfast_coshf') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_cosh_array
        subroutine bitfast_cosh_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_cosh_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_cosh_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_coshf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_tanh, bitfast_tanh_array
    interface bitfast_tanh
        pure function bitfast_tanh_c_double(x) bind(c, name='bitfast_tanh') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_tanh_c_float(x) bind(c, name='bitfast_tanhf') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_tanh_array
        subroutine bitfast_tanh_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_tanh_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_tanh_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_tanhf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_asin, bitfast_asin_array
    interface bitfast_asin
        pure function bitfast_asin_c_double(x) bind(c, name='bitfast_asin') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_asin_c_float(x) bind(c, name='bitfast_asinf') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_asin_array
        subroutine bitfast_asin_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_asin_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_asin_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_asinf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_acos, bitfast_acos_array
    interface bitfast_acos
        pure function bitfast_acos_c_double(x) bind(c, name='bitfast_acos') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_acos_c_float(x) bind(c, name='bitfast_acosf') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_acos_array
        subroutine bitfast_acos_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_acos_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_acos_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_acosf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_atan, bitfast_atan_array
    interface bitfast_atan
        pure function bitfast_atan_c_double(x) bind(c, name='bitfast_atan') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_atan_c_float(x) bind(c, name='bitfast_atanf') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_atan_array
        subroutine bitfast_atan_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_atan_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_atan_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_atanf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_cbrt, bitfast_cbrt_array
    interface bitfast_cbrt
        pure function bitfast_cbrt_c_double(x) bind(c, name='bitfast_cbrt') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_cbrt_c_float(x) bind(c, name='bitfast_cbrtf') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_cbrt_array
        subroutine bitfast_cbrt_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_cbrt_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_cbrt_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_cbrtf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_rsqrt, bitfast_rsqrt_array
    interface bitfast_rsqrt
        pure function bitfast_rsqrt_c_double(x) bind(c, name='bitfast_rsqrt') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_rsqrt_c_float(x) bind(c, name='bitfast_rsqrtf') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_rsqrt_array
        subroutine bitfast_rsqrt_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_rsqrt_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_rsqrt_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_rsqrtf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_erf, bitfast_erf_array
    interface bitfast_erf
        pure function bitfast_erf_c_double(x) bind(c, name='bitfast_erf') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_erf_c_float(x) bind(c, name='bitfast_erff') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_erf_array
        subroutine bitfast_erf_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_erf_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_erf_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_erff_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_sqrt, bitfast_sqrt_array
    interface bitfast_sqrt
        pure function bitfast_sqrt_c_double(x) bind(c, name='bitfast_sqrt') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_sqrt_c_float(x) bind(c, name='bitfast_sqrtf') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_sqrt_array
        subroutine bitfast_sqrt_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_sqrt_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_sqrt_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_sqrtf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_floor, bitfast_floor_array
    interface bitfast_floor
        pure function bitfast_floor_c_double(x) bind(c, name='bitfast_floor') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_floor_c_float(x) bind(c, name='bitfast_floorf') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_floor_array
        subroutine bitfast_floor_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_floor_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_floor_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_floorf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_ceil, bitfast_ceil_array
    interface bitfast_ceil
        pure function bitfast_ceil_c_double(x) bind(c, name='bitfast_ceil') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_ceil_c_float(x) bind(c, name='bitfast_ceilf') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_ceil_array
        subroutine bitfast_ceil_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_ceil_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_ceil_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_ceilf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_trunc, bitfast_trunc_array
    interface bitfast_trunc
        pure function bitfast_trunc_c_double(x) bind(c, name='bitfast_trunc') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_trunc_c_float(x) bind(c, name='bitfast_truncf') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_trunc_array
        subroutine bitfast_trunc_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_trunc_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_trunc_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_truncf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_rint, bitfast_rint_array
    interface bitfast_rint
        pure function bitfast_rint_c_double(x) bind(c, name='bitfast_rint') result(y)
            import :: c_double
            real(c_double), value :: x
            real(c_double) :: y
        end function
        pure function bitfast_rint_c_float(x) bind(c, name='bitfast_rintf') result(y)
            import :: c_float
            real(c_float), value :: x
            real(c_float) :: y
        end function
    end interface
    interface bitfast_rint_array
        subroutine bitfast_rint_array_c_double(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_rint_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_double), intent(in) :: x(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_rint_array_c_float(n, x, x_stride, result, result_stride) &
                bind(c, name='bitfast_rintf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, result_stride
            real(c_float), intent(in) :: x(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_pow, bitfast_pow_array
    interface bitfast_pow
        pure function bitfast_pow_c_double(x, y) bind(c, name='bitfast_pow') result(z)
            import :: c_double
            real(c_double), value :: x, y
            real(c_double) :: z
        end function
        pure function bitfast_pow_c_float(x, y) bind(c, name='bitfast_powf') result(z)
            import :: c_float
            real(c_float), value :: x, y
            real(c_float) :: z
        end function
    end interface
    interface bitfast_pow_array
        subroutine bitfast_pow_array_c_double(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_pow_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_double), intent(in) :: x(*), y(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_pow_array_c_float(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_powf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_float), intent(in) :: x(*), y(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_atan2, bitfast_atan2_array
    interface bitfast_atan2
        pure function bitfast_atan2_c_double(x, y) bind(c, name='bitfast_atan2') result(z)
            import :: c_double
            real(c_double), value :: x, y
            real(c_double) :: z
        end function
        pure function bitfast_atan2_c_float(x, y) bind(c, name='bitfast_atan2f') result(z)
            import :: c_float
            real(c_float), value :: x, y
            real(c_float) :: z
        end function
    end interface
    interface bitfast_atan2_array
        subroutine bitfast_atan2_array_c_double(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_atan2_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_double), intent(in) :: x(*), y(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_atan2_array_c_float(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_atan2f_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_float), intent(in) :: x(*), y(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_hypot, bitfast_hypot_array
    interface bitfast_hypot
        pure function bitfast_hypot_c_double(x, y) bind(c, name='bitfast_hypot') result(z)
            import :: c_double
            real(c_double), value :: x, y
            real(c_double) :: z
        end function
        pure function bitfast_hypot_c_float(x, y) bind(c, name='bitfast_hypotf') result(z)
            import :: c_float
            real(c_float), value :: x, y
            real(c_float) :: z
        end function
    end interface
    interface bitfast_hypot_array
        subroutine bitfast_hypot_array_c_double(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_hypot_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_double), intent(in) :: x(*), y(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_hypot_array_c_float(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_hypotf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_float), intent(in) :: x(*), y(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_fmod, bitfast_fmod_array
    interface bitfast_fmod
        pure function bitfast_fmod_c_double(x, y) bind(c, name='bitfast_fmod') result(z)
            import :: c_double
            real(c_double), value :: x, y
            real(c_double) :: z
        end function
        pure function bitfast_fmod_c_float(x, y) bind(c, name='bitfast_fmodf') result(z)
            import :: c_float
            real(c_float), value :: x, y
            real(c_float) :: z
        end function
    end interface
    interface bitfast_fmod_array
        subroutine bitfast_fmod_array_c_double(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_fmod_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_double), intent(in) :: x(*), y(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_fmod_array_c_float(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_fmodf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_float), intent(in) :: x(*), y(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_remainder, bitfast_remainder_array
    interface bitfast_remainder
        pure function bitfast_remainder_c_double(x, y) bind(c, name='bitfast_remainder') result(z)
            import :: c_double
            real(c_double), value :: x, y
            real(c_double) :: z
        end function
        pure function bitfast_remainder_c_float(x, y) bind(c, name='bitfast_remainderf') result(z)
            import :: c_float
            real(c_float), value :: x, y
            real(c_float) :: z
        end function
    end interface
    interface bitfast_remainder_array
        subroutine bitfast_remainder_array_c_double(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_remainder_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_double), intent(in) :: x(*), y(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_remainder_array_c_float(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_remainderf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_float), intent(in) :: x(*), y(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_copysign, bitfast_copysign_array
    interface bitfast_copysign
        pure function bitfast_copysign_c_double(x, y) bind(c, name='bitfast_copysign') result(z)
            import :: c_double
            real(c_double), value :: x, y
            real(c_double) :: z
        end function
        pure function bitfast_copysign_c_float(x, y) bind(c, name='bitfast_copysignf') result(z)
            import :: c_float
            real(c_float), value :: x, y
            real(c_float) :: z
        end function
    end interface
    interface bitfast_copysign_array
        subroutine bitfast_copysign_array_c_double(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_copysign_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_double), intent(in) :: x(*), y(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_copysign_array_c_float(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_copysignf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_float), intent(in) :: x(*), y(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_nextafter, bitfast_nextafter_array
    interface bitfast_nextafter
        pure function bitfast_nextafter_c_double(x, y) bind(c, name='bitfast_nextafter') result(z)
            import :: c_double
            real(c_double), value :: x, y
            real(c_double) :: z
        end function
        pure function bitfast_nextafter_c_float(x, y) bind(c, name='bitfast_nextafterf') result(z)
            import :: c_float
            real(c_float), value :: x, y
            real(c_float) :: z
        end function
    end interface
    interface bitfast_nextafter_array
        subroutine bitfast_nextafter_array_c_double(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_nextafter_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_double), intent(in) :: x(*), y(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_nextafter_array_c_float(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_nextafterf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_float), intent(in) :: x(*), y(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_fmin, bitfast_fmin_array
    interface bitfast_fmin
        pure function bitfast_fmin_c_double(x, y) bind(c, name='bitfast_fmin') result(z)
            import :: c_double
            real(c_double), value :: x, y
            real(c_double) :: z
        end function
        pure function bitfast_fmin_c_float(x, y) bind(c, name='bitfast_fminf') result(z)
            import :: c_float
            real(c_float), value :: x, y
            real(c_float) :: z
        end function
    end interface
    interface bitfast_fmin_array
        subroutine bitfast_fmin_array_c_double(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_fmin_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_double), intent(in) :: x(*), y(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_fmin_array_c_float(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_fminf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_float), intent(in) :: x(*), y(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_fmax, bitfast_fmax_array
    interface bitfast_fmax
        pure function bitfast_fmax_c_double(x, y) bind(c, name='bitfast_fmax') result(z)
            import :: c_double
            real(c_double), value :: x, y
            real(c_double) :: z
        end function
        pure function bitfast_fmax_c_float(x, y) bind(c, name='bitfast_fmaxf') result(z)
            import :: c_float
            real(c_float), value :: x, y
            real(c_float) :: z
        end function
    end interface
    interface bitfast_fmax_array
        subroutine bitfast_fmax_array_c_double(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_fmax_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_double), intent(in) :: x(*), y(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_fmax_array_c_float(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_fmaxf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_float), intent(in) :: x(*), y(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_minimum, bitfast_minimum_array
    interface bitfast_minimum
        pure function bitfast_minimum_c_double(x, y) bind(c, name='bitfast_minimum') result(z)
            import :: c_double
            real(c_double), value :: x, y
            real(c_double) :: z
        end function
        pure function bitfast_minimum_c_float(x, y) bind(c, name='bitfast_minimumf') result(z)
            import :: c_float
            real(c_float), value :: x, y
            real(c_float) :: z
        end function
    end interface
    interface bitfast_minimum_array
        subroutine bitfast_minimum_array_c_double(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_minimum_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_double), intent(in) :: x(*), y(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_minimum_array_c_float(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_minimumf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_float), intent(in) :: x(*), y(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    public :: bitfast_maximum, bitfast_maximum_array
    interface bitfast_maximum
        pure function bitfast_maximum_c_double(x, y) bind(c, name='bitfast_maximum') result(z)
            import :: c_double
            real(c_double), value :: x, y
            real(c_double) :: z
        end function
        pure function bitfast_maximum_c_float(x, y) bind(c, name='bitfast_maximumf') result(z)
            import :: c_float
            real(c_float), value :: x, y
            real(c_float) :: z
        end function
    end interface
    interface bitfast_maximum_array
        subroutine bitfast_maximum_array_c_double(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_maximum_array')
            import :: c_double, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_double), intent(in) :: x(*), y(*)
            real(c_double), intent(inout) :: result(*)
        end subroutine
        subroutine bitfast_maximum_array_c_float(n, x, x_stride, y, y_stride, result, result_stride) &
                bind(c, name='bitfast_maximumf_array')
            import :: c_float, c_size_t, c_ptrdiff_t
            integer(c_size_t), value :: n
            integer(c_ptrdiff_t), value :: x_stride, y_stride, result_stride
            real(c_float), intent(in) :: x(*), y(*)
            real(c_float), intent(inout) :: result(*)
        end subroutine
    end interface
    interface
        subroutine bitfast_set_num_threads(n) bind(c)
            import :: c_int
            integer(c_int), value :: n
        end subroutine
        function bitfast_get_num_threads() bind(c) result(n)
            import :: c_int
            integer(c_int) :: n
        end function
    end interface
end module bitfast
