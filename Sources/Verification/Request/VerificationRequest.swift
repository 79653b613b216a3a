package import Backups
import PostgreSQL

/// What one verification is asked to do.
package struct VerificationRequest: Sendable {
    /// Path of a file or directory, address of an object as `s3://bucket/key`, or ``standardInput``.
    package var backup: String
    /// What addresses lead to; also those of ``manifest`` and ``globals``.
    package var locations: any LocationFinder = LocalOnly()
    /// The configured name, where there is one.
    package var database: String?
    /// The last stage that is asked for; `nil` for all.
    package var until: Stage?
    /// The manifest to hold it against; `nil` for the one beside the backup, if there is one.
    package var manifest: String?
    /// `pg_dumpall --globals-only`, loaded first.
    package var globals: String?
    /// Shell command that decrypts, from standard input to standard output.
    package var filter: String?
    /// Variables of our environment that the filter does not get: they hold somebody's password.
    package var withheldVariables: Set<String> = []
    package var minimumSize: UInt64?
    /// The time that the pattern of its name gave it.
    package var namedTime: Timestamp?
    /// When it was finished, where its name tells; `nil` for the time of its file.
    package var knownCompletion: Timestamp?
    /// Of a backup that nobody named, and that may still be written to: tells whether it is finished. Asked only where something
    /// is wrong with it, which may be just that; may wait until that shows, or until it is cancelled. `nil` where it is known
    /// to be finished.
    package var isFinished: (@Sendable (Cancellation) -> Bool)?
    /// Of a backup that nobody named: until then a file that it names and does not have may be on its way, and is not held against
    /// it. `nil` where it has been still for long enough.
    package var partsMayArriveUntil: Timestamp?
    package var allowsEmpty = false
    /// What was asked on the command line that only a dump can answer, as it was written: `--against`, `--table`, ….
    package var askedOfDump: [String] = []
    package var objectives = Objectives()
    package var restore = RestoreOptions()
    package var proof = ProofOptions()

    package static let standardInput = "-"

    package init(backup: String) {
        self.backup = backup
    }

    /// Where what can be read once only is written to.
    var spoolDirectory: String { restore.directory ?? ScratchConfiguration.defaultDirectory }

    /// Whether `stage` is asked for.
    package func includes(_ stage: Stage) -> Bool {
        until.map { stage <= $0 } ?? true
    }
}

package struct Objectives: Sendable, Equatable {
    package var rpo: Duration?
    package var rto: Duration?

    package init(rpo: Duration? = nil, rto: Duration? = nil) {
        self.rpo = rpo
        self.rto = rto
    }
}
