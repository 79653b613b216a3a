import Glibc

/// How many files and sockets the process may have open.
enum OpenFileLimit {
    /// Raises the soft limit (1,024 on most systems) as far as is wanted and the hard limit allows; setrlimit(2).
    /// - Returns: the limit in force then.
    static func raise(to wanted: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        let goal = min(rlim_t(max(0, wanted)), limit.rlim_max)
        if limit.rlim_cur < goal {
            let before = limit.rlim_cur
            limit.rlim_cur = goal
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) != 0 { limit.rlim_cur = before }
        }
        return Int(clamping: limit.rlim_cur)
    }
}
