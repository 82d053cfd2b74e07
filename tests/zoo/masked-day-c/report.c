/* A report with the date in its head, in three ways. */
#include <stdio.h>
#include <time.h>
int main(void)
{
    time_t now = time(NULL);
    char text[80];
    strftime(text, sizeof text, "%A, %d %B %Y, week %V", localtime(&now));
    printf("Report of %s\nmean 3.25\n", text);
    strftime(text, sizeof text, "%Y-%m-%d", localtime(&now));
    printf("(c) 1999-%d\nissued %s\n", localtime(&now)->tm_year + 1900, text);
    return 0;
}
