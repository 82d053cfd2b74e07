#ifndef VECTOR_H
#define VECTOR_H
struct vector {
    float x, y, z;
};
float dot(struct vector a, struct vector b);
struct vector normal_of_sphere(float x, float y);
#endif
