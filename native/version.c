/* Which library this is, and which contract it keeps. */
#include "bitfast.h"

const char *bitfast_version(void) { return BITFAST_VERSION; }

int bitfast_contract(void) { return BITFAST_CONTRACT; }
