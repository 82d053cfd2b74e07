/* Drops balls and boxes into a bowl of four segments and prints where they are. */
#include <chipmunk/chipmunk.h>
#include <stdio.h>

enum { BODIES = 24, STEPS = 240 };

int main(void)
{
    cpSpace *space = cpSpaceNew();
    cpSpaceSetGravity(space, cpv(0, -100));
    cpSpaceSetIterations(space, 12);
    const cpVect bowl[] = {{-60, 80}, {-40, 10}, {0, 0}, {40, 10}, {60, 80}};
    for (int i = 0; i < 4; ++i) {
        cpShape *side = cpSegmentShapeNew(cpSpaceGetStaticBody(space), bowl[i], bowl[i + 1], 1);
        cpShapeSetFriction(side, 0.7);
        cpSpaceAddShape(space, side);
    }
    cpBody *bodies[BODIES];
    for (int i = 0; i < BODIES; ++i) {
        const double size = 3 + i % 4, mass = size * size / 10;
        const cpBool ball = i % 3 == 0;
        const double moment = ball ? cpMomentForCircle(mass, 0, size, cpvzero) : cpMomentForBox(mass, 2 * size, size);
        cpBody *body = bodies[i] = cpSpaceAddBody(space, cpBodyNew(mass, moment));
        cpBodySetPosition(body, cpv(-24 + 8 * (i % 7) + 0.1 * i, 40 + 9 * (i / 7)));
        cpShape *shape = ball ? cpCircleShapeNew(body, size, cpvzero) : cpBoxShapeNew(body, 2 * size, size, 0.2);
        cpShapeSetFriction(shape, 0.6);
        cpShapeSetElasticity(shape, 0.3);
        cpSpaceAddShape(space, shape);
    }
    for (int step = 1; step <= STEPS; ++step) {
        cpSpaceStep(space, 1.0 / 60);
        if (step % 40 == 0)
            for (int i = 0; i < BODIES; ++i) {
                const cpVect place = cpBodyGetPosition(bodies[i]);
                printf("%d %d %.17g %.17g %.17g\n", step, i, place.x, place.y, cpBodyGetAngle(bodies[i]));
            }
    }
}
