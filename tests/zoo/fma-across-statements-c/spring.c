/* A damped spring, integrated with the symplectic Euler method. */
#include <stdio.h>

struct state {
    double position;
    double velocity;
};

static void step(struct state *state, double seconds)
{
    const double stiffness = 39.0, damping = 0.015625;
    double x = state->position;
    double force = -stiffness * x;
    double drag = damping * state->velocity; /* a power of two: exact, and fused without harm */
    double change = seconds * force;
    double slowed = state->velocity - drag;

    state->velocity = slowed + change;
    state->position = x + state->velocity / 128.0;
}

int main(void)
{
    struct state state = {1.0, 0.25};
    for (int i = 0; i < 2000; i++) {
        step(&state, 0.0078);
        if (i % 100 == 99)
            printf("%4d %.17g %.17g\n", i + 1, state.position, state.velocity);
    }
    return 0;
}
