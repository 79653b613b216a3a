import Backups
import Glibc
import Processes

/// A thread that ends a run when it has gone too far: on disk, or in time.
final class ScratchWatch: Sendable {
    private let stopped = SignalledOnce<Bool>()

    /// - Parameters:
    ///   - interval: how long to wait before each question.
    ///   - asksAtOnce: and before the first wait, too.
    ///   - verdict: asked again and again until it has an answer.
    private init(
        named name: String, every interval: Duration, asksAtOnce: Bool = false, cancellation: Cancellation,
        _ verdict: @escaping @Sendable () -> Obstacle?
    ) {
        let stopped = stopped
        DetachedThread.start(named: name) {
            var wait = asksAtOnce ? Duration.zero : interval
            while stopped.wait(for: wait) == nil {
                wait = interval
                if let obstacle = verdict() { return cancellation.cancel(obstacle) }
            }
        }
    }

    deinit { stop() }

    func stop() { stopped.set(true) }

    static func all(
        _ configuration: ScratchConfiguration, directory: ScratchDirectory, cancellation: Cancellation
    ) -> [ScratchWatch] {
        // Nothing tells when a tree of files outgrows a size: it must be asked. Half a second of writing at most goes
        // unseen; the reserve is far larger.
        var watches = [
            ScratchWatch(
                named: "disk watch", every: .milliseconds(500), asksAtOnce: true, cancellation: cancellation
            ) {
                diskObstacle(configuration, directory)
            }
        ]
        if let deadline = configuration.deadline {
            watches.append(
                ScratchWatch(named: "deadline", every: deadline, cancellation: cancellation) {
                    Obstacle(
                        .deadlineExceeded,
                        "the restore took longer than its deadline of \(Quantity.duration(seconds: deadline.totalSeconds))",
                        hint: "allow more time (--deadline), or give scratch more memory and jobs")
                })
        }
        return watches
    }

    /// - Throws: ``Obstacle`` `disk-full` when a run that needs `estimate` bytes can't fit.
    static func checkSpace(_ configuration: ScratchConfiguration, estimate: UInt64) throws {
        let (other, needed) = (configuration.otherDisk, estimate + configuration.otherDisk)
        if let maximum = configuration.maximumDisk, needed > maximum {
            let part = other > 0 ? ", \(Quantity.bytes(other)) of it for the copy of the backup," : ""
            throw Obstacle(
                .diskFull,
                "the restore needs about \(Quantity.bytes(needed))\(part) and may use \(Quantity.bytes(maximum))",
                hint: "raise the limit: --max-disk, or max_disk of scratch in the configuration")
        }
        guard let free = DirectoryTree.freeBytes(at: configuration.directory) else { return }
        guard free >= estimate + configuration.reservedDisk else {
            throw Obstacle(
                .diskFull,
                "the restore needs about \(Quantity.bytes(estimate + configuration.reservedDisk)) in "
                    + "\(configuration.directory), where \(Quantity.bytes(free)) are free",
                hint: "free space there, or \(DirectoryTree.otherPlace)")
        }
    }

    /// - Returns: `nil` while there is room.
    static func diskObstacle(
        _ configuration: ScratchConfiguration, _ directory: ScratchDirectory
    ) -> Obstacle? {
        if let maximum = configuration.maximumDisk {
            let used = DirectoryTree.usage(directory.path) + configuration.otherDisk
            if used > maximum {
                return Obstacle(
                    .diskFull,
                    "the restore has put \(Quantity.bytes(used)) on disk and may use \(Quantity.bytes(maximum))",
                    hint: "raise the limit: --max-disk, or max_disk of scratch in the configuration")
            }
        }
        if let free = DirectoryTree.freeBytes(at: directory.root), free < configuration.reservedDisk {
            return Obstacle(
                .diskFull, "only \(Quantity.bytes(free)) are free in \(directory.root)",
                hint: "free space there, or \(DirectoryTree.otherPlace)")
        }
        return nil
    }
}
