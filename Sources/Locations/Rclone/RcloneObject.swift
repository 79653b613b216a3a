import Backups

/// One file of a remote, known by its size and time: a reader that meets another version says so.
final class RcloneObject: StoredBytes {
    let location: RcloneLocation
    let facts: StoredObject
    let cancellation: Cancellation

    init(location: RcloneLocation, facts: StoredObject, cancellation: Cancellation) {
        (self.location, self.facts, self.cancellation) = (location, facts, cancellation)
    }

    var name: String { RcloneLocation.scheme + location.place(facts.path) }
    var size: UInt64? { facts.size }
    var modified: Timestamp? { facts.modified }
    var overLine: (any StoredBytes)? { self }

    func makeReader(at offset: UInt64) throws -> any ByteReader {
        // A reader in the middle may never come to the end, where it is looked at, too.
        if offset > 0 { try checkUnchanged() }
        return RcloneReader(self, at: offset)
    }

    /// - Throws: ``Obstacle`` `vanished`.
    func checkUnchanged() throws {
        guard try location.find(facts.path, cancellation: cancellation) == facts else {
            throw Obstacle(
                .vanished, "\(name) was replaced or removed while it was read",
                hint: "Verify the new one when whatever writes it is done.")
        }
    }
}

/// Reads with `rclone cat`. rclone itself tries again what fails for a moment.
final class RcloneReader: ByteReader {
    private let object: RcloneObject
    private var offset: UInt64
    private var output: RcloneOutput?
    private var isOver = false

    init(_ object: RcloneObject, at offset: UInt64) {
        self.object = object
        self.offset = offset
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard offset < object.facts.size, !isOver else {
            if !isOver {
                try finish()
                try object.checkUnchanged()
            }
            isOver = true
            return 0
        }
        let output = try output ?? start()
        self.output = output
        let room = Int(min(UInt64(buffer.count), object.facts.size - offset))
        let count = try output.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<room]))
        guard count > 0 || room == 0 else {
            try output.finish(object.name)
            try object.checkUnchanged()
            throw Obstacle(
                .connectionFailed, "\(object.name) ended at byte \(offset) of \(object.facts.size)",
                hint: "Try again; look at the remote with rclone check.")
        }
        offset += UInt64(count)
        return count
    }

    /// All that was expected is there: whether rclone is content with it shows when it ends.
    private func finish() throws {
        guard let output else { return }
        self.output = nil
        var byte: UInt8 = 0
        guard try withUnsafeMutableBytes(of: &byte, { try output.read(into: $0) }) == 0 else {
            try object.checkUnchanged()
            throw Obstacle(
                .connectionFailed, "\(object.name) has more than the \(object.facts.size) bytes that rclone lists",
                hint: "Look at the remote with rclone check.")
        }
        try output.finish(object.name)
    }

    private func start() throws -> RcloneOutput {
        let arguments = offset > 0 ? ["cat", "--offset", "\(offset)"] : ["cat"]
        return try RcloneOutput(
            object.location.program, arguments, [object.location.place(object.facts.path)],
            cancellation: object.cancellation)
    }
}
