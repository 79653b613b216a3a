package import Backups
import Glibc
import Integrity
import Synchronization

/// Hands a recovery the files that its `restore_command` asks for, by the tool of a repository: one after the other, as they are
/// asked for.
///
/// As of ``WALSupply``, `nil` means that absence is proved: the tool says so, and its listing does not have the file. All that is
/// thrown must become an exit status above 125.
package final class ToolSupply: Sendable {
    private struct State {
        /// What was handed over last.
        var current: (name: String, path: String)?
        var count = 0
    }

    private let archive: any RepositoryArchive
    private let archived: ArchivedSegments
    private let directory: String
    private let cluster: String
    private let expected: ExpectedSegments
    private let grace: Duration
    private let cancellation: Cancellation
    private let state = Mutex(State())

    /// - Parameters:
    ///   - archived: what the archive held before.
    ///   - files: where files are put.
    ///   - control: of the cluster that is recovered.
    ///   - cluster: a directory with its control file.
    ///   - grace: what was stored within this time may still be written.
    package init(
        _ archive: any RepositoryArchive, archived: ArchivedSegments, files: String, control: ControlData,
        cluster: String, grace: Duration, cancellation: Cancellation
    ) {
        self.archive = archive
        self.archived = archived
        directory = files
        self.cluster = cluster
        expected = ExpectedSegments(
            identity: SegmentCensus.Identity(
                size: control.walSegmentSize, systemIdentifier: control.systemIdentifier))
        self.grace = grace
        self.cancellation = cancellation
    }

    /// The file of that name, whole and unpacked.
    /// - Returns: where it lies until another one is asked for; `nil` when it is proved that there is none.
    /// - Throws: ``ContentDamage`` for a file that is there and can't be replayed; ``Obstacle`` when nobody can tell.
    package func file(_ name: String) throws -> String? {
        try cancellation.check()
        guard let file = WALFileName(name) else {
            throw Obstacle(.internalError, "\(name) is no file that recovery asks an archive for")
        }
        let (former, path) = state.withLock { state -> (String?, String) in
            if let current = state.current, current.name == name, access(current.path, F_OK) == 0 {
                return (nil, current.path)
            }
            state.count += 1
            defer { state.current = nil }
            return (state.current?.path, "\(directory)/\(name).\(state.count)")
        }
        if let former { unlink(former) }
        if access(path, F_OK) == 0 { return path }
        guard try fetchTwice(name, file, to: path) else {
            if wasThere(file) {
                throw Obstacle(
                    .vanished, "\(name) was in the archive when the recovery began, and is not there any more",
                    hint: "It may have expired meanwhile: drill again, with a newer base backup.")
            }
            return nil
        }
        state.withLock { $0.current = (name, path) }
        return path
    }

    /// Without its history PostgreSQL would not follow a timeline, and stay on a branch that was left.
    private func wasThere(_ file: WALFileName) -> Bool {
        switch file {
        case .segment(let timeline, let high, let low):
            archived.names.contains(WALSegmentName(timeline: timeline, high: high, low: low))
        case .history(let timeline): archived.histories.contains(timeline)
        default: false
        }
    }

    /// Damage is told only of what comes so twice.
    private func fetchTwice(_ name: String, _ file: WALFileName, to path: String) throws -> Bool {
        do {
            return try fetch(name, file, to: path) { _, _ in }
        } catch is ContentDamage {
            unlink(path)
            return try fetch(name, file, to: path, expectSettled)
        }
    }

    /// - Parameter judge: throws where a flaw is no damage.
    private func fetch(
        _ name: String, _ file: WALFileName, to path: String, _ judge: (WALSegmentName, SegmentFlaw) throws -> Void
    ) throws -> Bool {
        guard try archive.fetch(name, to: path, for: cluster, cancellation) else { return false }
        guard case .segment(let timeline, let high, let low) = file else { return true }
        let segment = WALSegmentName(timeline: timeline, high: high, low: low)
        if let flaw = try flaw(of: segment, in: path) {
            try judge(segment, flaw)
            throw ContentDamage("wal", flaw.reason, "\(name) \(flaw.text)")
        }
        return true
    }

    /// An archiver that copies a file into its place shows the first part of it before the rest is there.
    /// - Throws: ``Obstacle`` `changed-while-reading` where the segment may still be on its way into the archive: it was stored
    ///   shortly before, or nobody can tell when.
    private func expectSettled(_ segment: WALSegmentName, _ flaw: SegmentFlaw) throws {
        guard flaw.maySettle else { return }
        let listed = try archived.listedAgain()
        let known = [listed, archived].compactMap(\.self).first { $0.names.contains(segment) }
        if let known, !known.isStored(segment, in: LateSpan(now: .now(), grace: grace)) { return }
        throw Obstacle(
            .changedWhileReading,
            "\(segment) \(flaw.text)"
                + (known == nil
                    ? ": it may still be being written, for it is not listed"
                    : ": it is still being written, it seems"),
            hint: known == nil
                ? "Try again. What is damaged for certain shows only where the archive is listed, with the times of its files."
                : "Try again in \(Quantity.duration(seconds: grace.totalSeconds)).")
    }

    private func flaw(of segment: WALSegmentName, in path: String) throws -> SegmentFlaw? {
        let bytes = try FileBytes(path)
        let head = try bytes.makeReader(at: 0).bytes(WALPageHeader.length)
        if head.isEmpty { return .empty }
        guard let header = WALPageHeader(head) else { return SegmentFlaw(ofPage: head) }
        if let flaw = expected.flaw(of: header, segment) { return flaw }
        guard let length = bytes.size, length != header.segmentSize.bytes else { return nil }
        return .wrongLength(length, of: header.segmentSize.bytes)
    }
}
