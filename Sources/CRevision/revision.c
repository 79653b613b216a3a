#include "revision.h"

#define TEXT_OF(name) #name
#define TEXT(name) TEXT_OF(name)

const char *restorable_revision(void) {
#ifdef RESTORABLE_REVISION
    return TEXT(RESTORABLE_REVISION);
#else
    return "";
#endif
}
