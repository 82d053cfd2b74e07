#ifndef DISTANCE_H
#define DISTANCE_H
struct stop {
    double east, north;
};
double distance(struct stop from, struct stop to);
#endif
