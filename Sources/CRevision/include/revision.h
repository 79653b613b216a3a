#ifndef RESTORABLE_REVISION_H
#define RESTORABLE_REVISION_H

/// The commit that this was built from, as RESTORABLE_REVISION said it when the package was built; empty where it said nothing.
const char *restorable_revision(void);

#endif
