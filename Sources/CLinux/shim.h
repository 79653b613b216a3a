// Linux calls that Swift does not import because they are variadic or macros.
#pragma once
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/statvfs.h>
#include <unistd.h>

/// Asks the kernel to send `signal` to this process when the thread that made it ends. See prctl(2), PR_SET_PDEATHSIG.
static inline int restorable_set_parent_death_signal(int signal) {
    return prctl(PR_SET_PDEATHSIG, (unsigned long)signal, 0UL, 0UL, 0UL);
}

/// Keeps other processes of the same user from reading this one's memory and environment. See prctl(2), PR_SET_DUMPABLE.
static inline int restorable_set_dumpable(int dumpable) {
    return prctl(PR_SET_DUMPABLE, (unsigned long)dumpable, 0UL, 0UL, 0UL);
}

/// No process from here on gains rights through set-user-id programs. See prctl(2), PR_SET_NO_NEW_PRIVS.
static inline int restorable_set_no_new_privileges(void) {
    return prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL);
}
