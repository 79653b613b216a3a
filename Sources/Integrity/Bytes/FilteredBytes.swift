package import Backups
internal import Synchronization

/// What a command makes of stored bytes: decrypted, unpacked. The bytes go to its standard input, digested on the way;
/// what it writes to standard output is what is read here.
///
/// It can be read once, from its start; spool it (``SpooledBytes``) for all else. A filter that fails, or ends before it
/// has read everything, is an ``Obstacle`` (`filter-failed`): a wrong key and a damaged file look alike to it.
package final class FilteredBytes: StoredBytes {
    package let name: String
    private let source: any StoredBytes
    private let command: String
    private let launcher: any FilterLauncher
    private let cancellation: Cancellation
    private let state = Mutex((isTaken: false, facts: StoredFacts?.none))

    package init(
        command: String, source: any StoredBytes, launcher: any FilterLauncher, cancellation: Cancellation
    ) {
        self.command = command
        self.source = source
        self.launcher = launcher
        self.cancellation = cancellation
        name = source.name
    }

    package var size: UInt64? { nil }

    package var factsBeforeFilter: StoredFacts? { state.withLock { $0.facts } }

    package var overLine: (any StoredBytes)? { source.overLine }

    package func makeReader(at offset: UInt64) throws -> any ByteReader {
        let wasTaken = state.withLock { state in
            defer { state.isTaken = true }
            return state.isTaken
        }
        guard offset == 0, !wasTaken else {
            throw Obstacle(.internalError, "what a filter makes of \(name) can be read once only, from its start")
        }
        return try FilterReader(command, source, launcher, cancellation) { [weak self] facts in
            self?.state.withLock { $0.facts = facts }
        }
    }
}
