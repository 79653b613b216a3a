internal import Backups
internal import Glibc

/// How much of a disk a copy may take (``SpooledBytes``).
package struct SpoolLimits: Sendable, Equatable {
    /// Left free on a disk unless something else is said.
    package static let standardReserve: UInt64 = 256 << 20

    /// Most bytes; `nil`: as many as there is room for.
    package var maximumBytes: UInt64?
    /// Bytes that stay free on the file system of the copy.
    package var reservedBytes: UInt64

    package init(maximumBytes: UInt64? = nil, reservedBytes: UInt64 = standardReserve) {
        self.maximumBytes = maximumBytes
        self.reservedBytes = reservedBytes
    }

    /// - Throws: ``Obstacle`` `disk-full` when a copy of so many bytes is too large.
    package func check(size: UInt64, of name: String) throws {
        guard let maximumBytes, size > maximumBytes else { return }
        throw Obstacle(
            .diskFull,
            "the copy of \(name) that has to be kept on disk outgrows \(Quantity.bytes(maximumBytes)), all that this "
                + "run may use",
            hint: "raise the limit: --max-disk, or max_disk of scratch in the configuration")
    }

    /// - Parameters:
    ///   - descriptor: an open file of the file system.
    ///   - directory: for the message.
    /// - Throws: ``Obstacle`` `disk-full` when too little is free.
    package func checkSpace(_ descriptor: Int32, in directory: String, for name: String) throws {
        var status = statvfs()
        // A file system that does not say is written to until it refuses.
        guard fstatvfs(descriptor, &status) == 0 else { return }
        let blocks = geteuid() == 0 ? status.f_bfree : status.f_bavail
        let free = UInt64(blocks) * UInt64(status.f_frsize)
        guard free < reservedBytes else { return }
        throw Obstacle(
            .diskFull, "only \(Quantity.bytes(free)) are free in \(directory), where a copy of \(name) is kept",
            hint: "free space there, or choose another place with --scratch-directory")
    }
}
