/* Mean weight for each class of a survey. */
#include <stdio.h>

enum { CLASSES = 4 };

struct answer {
    int class;
    double weight;
};

static double mean(const struct answer *answers, int count, int class)
{
    double sum = 0;
    int members = 0;
    for (int i = 0; i < count; i++)
        if (answers[i].class == class) {
            sum += answers[i].weight;
            members++;
        }
    return sum / members;
}

int main(void)
{
    static const struct answer answers[] = {{0, 61.5}, {1, 72.25}, {3, 80}, {1, 68.5}, {0, 59}, {3, 77.125}};
    for (int class = 0; class < CLASSES; class++)
        printf("class %d: %.3f\n", class, mean(answers, 6, class));
    return 0;
}
