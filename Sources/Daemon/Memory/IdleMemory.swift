import CLinux
import Glibc
import Settings

/// Gives back what only the start or a verification needed: free memory of the heap, and pages of program and libraries
/// that were read once. Two thirds of a daemon's memory are such pages: the linker and the Swift runtime look at all of them
/// when a program starts. One that is needed again is read from the page cache, in microseconds.
enum IdleMemory {
    /// Call it before anything else. Each thread would else have an arena of its own and keep what it once used, and the
    /// pages that are rendered again and again would leave holes.
    static func keepHeapSmall() { restorable_keep_heap_small(2, 256 << 10) }

    /// Takes some milliseconds.
    static func giveBack() {
        _ = restorable_trim_heap()
        guard let bytes = TextFile.read("/proc/self/smaps", limit: 16 << 20) else { return }
        for range in FilePages.unchanged(in: String(decoding: bytes, as: UTF8.self)) {
            guard let start = UnsafeMutableRawPointer(bitPattern: range.lowerBound) else { continue }
            // Where the kernel declines, the pages stay.
            _ = madvise(start, Int(range.upperBound - range.lowerBound), MADV_DONTNEED)
        }
    }
}
