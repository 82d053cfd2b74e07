#ifndef REFRACTION_H
#define REFRACTION_H
/* The angle behind the surface by Snell's law; angles in radians. */
float refracted(float angle, float index);
#endif
