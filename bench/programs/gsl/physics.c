/* Drives GSL: the Van der Pol oscillator, integrals with singular ends, Bessel and gamma functions, eigenvalues. */
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_odeiv2.h>
#include <gsl/gsl_sf.h>
#include <stdio.h>

static int oscillator(double t, const double y[], double slope[], void *damping)
{
    (void)t;
    slope[0] = y[1];
    slope[1] = -y[0] - *(double *)damping * y[1] * (y[0] * y[0] - 1);
    return GSL_SUCCESS;
}

static double root_over(double x, void *unused)
{
    (void)unused;
    return (1 + x * x) / (1 + 3 * x) / (x + 0.01);
}

int main(void)
{
    double damping = 3, y[2] = {1, 0}, t = 0;
    gsl_odeiv2_system system = {oscillator, NULL, 2, &damping};
    gsl_odeiv2_driver *driver = gsl_odeiv2_driver_alloc_y_new(&system, gsl_odeiv2_step_rk8pd, 1e-6, 1e-8, 0);
    for (int i = 1; i <= 50; ++i) {
        gsl_odeiv2_driver_apply(driver, &t, i * 0.5, y);
        printf("%.17g %.17g %.17g\n", t, y[0], y[1]);
    }
    gsl_integration_workspace *room = gsl_integration_workspace_alloc(200);
    gsl_function integrand = {root_over, NULL};
    for (int i = 1; i <= 10; ++i) {
        double value, error;
        gsl_integration_qags(&integrand, 0, i, 0, 1e-10, 200, room, &value, &error);
        printf("%d %.17g %.17g\n", i, value, error);
    }
    for (int i = 1; i <= 40; ++i) {
        const double x = 0.3125 * i;
        printf("%.17g %.17g %.17g %.17g %.17g\n", gsl_sf_bessel_J0(x), gsl_sf_bessel_Kn(3, x), gsl_sf_gamma(x),
               gsl_sf_erf(x), gsl_sf_zeta(x + 1));
    }
    gsl_matrix *matrix = gsl_matrix_alloc(12, 12);
    for (int i = 0; i < 12; ++i)
        for (int j = 0; j < 12; ++j)
            gsl_matrix_set(matrix, i, j, 1.0 / (i + j + 1));
    gsl_vector *values = gsl_vector_alloc(12);
    gsl_eigen_symm(matrix, values, gsl_eigen_symm_alloc(12));
    gsl_vector_fprintf(stdout, values, "%.17g");
}
