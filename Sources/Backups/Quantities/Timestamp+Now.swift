package import Glibc

extension Timestamp {
    /// The wall clock now. For what people read; durations are measured with `ContinuousClock`.
    package static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(time)
    }

    /// Of a file, say: file systems keep times that no calendar has, and whoever may write a file sets them.
    package init(_ time: timespec) {
        let whole = Timestamp(seconds: Int64(time.tv_sec))
        let isKept = whole.seconds == Int64(time.tv_sec)
        self.init(microseconds: whole.microseconds + (isKept ? Int64(time.tv_nsec) / 1000 : 0))
    }
}
