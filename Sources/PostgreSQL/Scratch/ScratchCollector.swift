import Backups
import Glibc

/// Removes scratch whose owner is gone: `restorable gc`.
package struct ScratchCollector: Sendable {
    /// What one collection did.
    package struct Report: Sendable, Equatable {
        /// Paths that were removed.
        package var removed: [String] = []
        /// Scratch in use, and kept scratch, which were left alone.
        package var inUse: [String] = []
        package var kept: [String] = []
        /// What could not be removed, with the reason.
        package var failures: [String] = []
    }

    private let root: ScratchRoot

    /// - Throws: ``Obstacle`` when `directory` is not ours.
    package init(directory: String) throws {
        root = try ScratchRoot(directory)
    }

    /// Removes every leftover below the root, and with `kept` the servers that were kept, too.
    ///
    /// A directory is touched only when its name and its marker are ours, it is a directory of ours and no link, and
    /// its lock is free: an owner that lives holds it.
    package func collect(kept removesKept: Bool = false) throws -> Report {
        let lock = try root.lock()
        defer { withExtendedLifetime(lock) {} }
        var report = Report()
        for name in DirectoryTree.names(in: root.path) where ScratchRoot.isScratchName(name) {
            let directory = ScratchDirectory(existing: name, in: root.path)
            do {
                try collect(directory, removesKept: removesKept, into: &report)
            } catch {
                report.failures.append("\(directory.path): \(error)")
            }
        }
        collectTemplates(into: &report)
        return report
    }

    private func collect(
        _ directory: ScratchDirectory, removesKept: Bool, into report: inout Report
    ) throws {
        guard let status = DirectoryTree.status(directory.path), status.isDirectory, status.st_uid == geteuid()
        else { return }
        guard let marker = ScratchMarker.read(from: directory) else {
            return removeUnfinished(directory, into: &report)
        }
        if marker.state == .kept, removesKept { end(marker.process) }
        guard let claim = try ScratchClaim(leftover: directory) else {
            if marker.state == .kept { report.kept.append(directory.path) } else { report.inUse.append(directory.path) }
            return
        }
        try claim.remove(hasNamespaces: marker.hasNamespaces, lockingRoot: nil)
        report.removed.append(directory.path)
    }

    /// Ends the warden of a kept server, and waits for it.
    private func end(_ process: ProcessIdentity) {
        process.signal(SIGKILL)
        process.waitForEnd()
    }

    /// A claim that was killed before its marker was written holds nothing but its lock: only that is removed, and the
    /// directory only when it is empty then.
    private func removeUnfinished(_ directory: ScratchDirectory, into report: inout Report) {
        unlink("\(directory.marker).new")
        let entries = DirectoryTree.names(in: directory.path)
        guard entries.isEmpty || entries == ["lock"] else { return }
        unlink(directory.lock)
        if rmdir(directory.path) == 0 { report.removed.append(directory.path) }
    }

    /// Templates that were being made when their maker was killed. A maker that lives holds its template's lock, and
    /// takes the same name for the temporary directory only below it.
    private func collectTemplates(into report: inout Report) {
        let names = DirectoryTree.names(in: root.templates)
        let temporary = names.filter { $0.hasPrefix(".new-") && ScratchRoot.isScratchName(String($0.dropFirst(5))) }
        guard !temporary.isEmpty else { return }
        // While every template's lock is held, nobody makes one.
        var locks: [FileLock] = []
        for name in names where name.hasSuffix(".lock") {
            guard let lock = try? FileLock.tryLock("\(root.templates)/\(name)") else { return }
            locks.append(lock)
        }
        for name in temporary {
            do {
                ScratchOccupants.end(in: "\(root.templates)/\(name)/data")
                try DirectoryTree.remove(name, in: root.templates)
                report.removed.append("\(root.templates)/\(name)")
            } catch {
                report.failures.append("\(error)")
            }
        }
        withExtendedLifetime(locks) {}
    }
}
