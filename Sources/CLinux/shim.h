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

#include <sys/syscall.h>

/// A descriptor for the process `pid`, close-on-exec, that never means another one. See pidfd_open(2); -1 and errno on failure.
static inline int restorable_pidfd_open(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0U);
}

/// Sends `signal` to the process behind `pidfd`. See pidfd_send_signal(2).
static inline int restorable_pidfd_send_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, (void *)0, 0U);
}

/// A pipe, both ends close-on-exec from the start. See pipe2(2); 0, or -1 and errno.
static inline int restorable_pipe(int ends[2]) {
    return (int)syscall(SYS_pipe2, ends, 02000000 /* O_CLOEXEC */);
}

/// Names the calling thread, for debuggers and ps -L. See prctl(2), PR_SET_NAME; 15 bytes count.
static inline void restorable_name_thread(const char *name) {
    prctl(PR_SET_NAME, (unsigned long)name, 0UL, 0UL, 0UL);
}

#include <sys/vfs.h>

/// What kind of file system `path` lies on: one of the numbers of statfs(2), "f_type"; 0 and errno on failure.
static inline unsigned int restorable_file_system_type(const char *path) {
    struct statfs status;
    return statfs(path, &status) == 0 ? (unsigned int)status.f_type : 0U;
}

#include <sys/ioctl.h>

/// Makes `destination` share the blocks of `source` where the file system can. See ioctl_ficlone(2); 0, or -1 and errno.
static inline int restorable_clone_file(int destination, int source) {
    return ioctl(destination, _IOW(0x94, 9, int), source);
}

/// Copies up to `length` bytes in the kernel, from both files' positions on. See copy_file_range(2).
static inline long restorable_copy_file_range(int source, int destination, unsigned long length) {
    return syscall(SYS_copy_file_range, source, (void *)0, destination, (void *)0, length, 0U);
}

/// A file without a name, in memory only, close-on-exec. See memfd_create(2); -1 and errno on failure.
static inline int restorable_memfd(const char *name) {
    return (int)syscall(SYS_memfd_create, name, 1U /* MFD_CLOEXEC */);
}

/// rename(2) that fails with EEXIST rather than replace anything. See renameat2(2), RENAME_NOREPLACE.
static inline int restorable_rename_new(const char *from, const char *to) {
    return (int)syscall(SYS_renameat2, -100 /* AT_FDCWD */, from, -100, to, 1U);
}

#include <sys/resource.h>

/// The niceness of a thread of this process, 0 for the calling one. See getpriority(2): on Linux each thread has its own.
static inline int restorable_thread_niceness(pid_t thread) {
    return getpriority(PRIO_PROCESS, (id_t)thread);
}

/// Gives the calling thread this niceness, and input and output only when nobody else wants any: the threads and children
/// that it starts inherit both. See setpriority(2) and ioprio_set(2), IOPRIO_CLASS_IDLE.
static inline void restorable_yield_thread(int niceness) {
    setpriority(PRIO_PROCESS, 0, niceness);
    syscall(SYS_ioprio_set, 1 /* IOPRIO_WHO_PROCESS */, 0, 3 << 13);
}

#include <spawn.h>

// Declared by glibc for _GNU_SOURCE only (2.34 and 2.29). See posix_spawn(3).
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);

/// POSIX_SPAWN_SETSID: the child starts a session of its own.
static inline int restorable_spawn_setsid(void) {
    return 0x80;
}

#include <sys/mount.h>

/// Makes the mount at `new_root` the root of this mount namespace and puts the old root at `put_old`. See pivot_root(2).
static inline int restorable_pivot_root(const char *new_root, const char *put_old) {
    return (int)syscall(SYS_pivot_root, new_root, put_old);
}

/// Makes the mount at `path` and all below it read-only, without set-user-id programs and devices. See mount_setattr(2), Linux 5.12.
static inline int restorable_mount_read_only(const char *path) {
    struct { unsigned long long set, clear, propagation, userns; } attributes = {
        0x1 | 0x2 | 0x4 /* MOUNT_ATTR_RDONLY, _NOSUID, _NODEV */, 0, 0, 0};
    return (int)syscall(442 /* SYS_mount_setattr */, -100 /* AT_FDCWD */, path, 0x8000U /* AT_RECURSIVE */, &attributes,
                        sizeof(attributes));
}

/// No program that is started from here on inherits capabilities. See capabilities(7), "Ambient capability set".
static inline int restorable_drop_ambient_capabilities(void) {
    return prctl(PR_CAP_AMBIENT, (unsigned long)PR_CAP_AMBIENT_CLEAR_ALL, 0UL, 0UL, 0UL);
}

#include <malloc.h>

/// Few arenas, and large blocks that go back to the system when they are freed. See mallopt(3).
static inline void restorable_keep_heap_small(int arenas, int block) {
    mallopt(M_ARENA_MAX, arenas);
    mallopt(M_MMAP_THRESHOLD, block);
    mallopt(M_TRIM_THRESHOLD, block);
}

/// Gives free memory of the heap back to the system. See malloc_trim(3): 1 when there was some.
static inline int restorable_trim_heap(void) {
    return malloc_trim(0);
}
