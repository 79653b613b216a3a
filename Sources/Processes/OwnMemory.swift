import CLinux
import Glibc

/// What others may see of this process's memory, where passwords are.
package enum OwnMemory {
    /// From here on no process of the same user can read this one's memory or environment, or trace it, and it leaves no core
    /// file (prctl(2), `PR_SET_DUMPABLE`). Nor do the programs that it starts, a pg_dump or a filter that holds a key: a limit
    /// of 0 is inherited (getrlimit(2), `RLIMIT_CORE`).
    ///
    /// A program that is started gets the first of the two back: only the limit reaches it.
    package static func keepPrivate() {
        restorable_set_dumpable(0)
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    }
}
