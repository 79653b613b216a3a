/// A stable code that says why a verdict is not `verified`. Codes are a contract: add, never rename.
///
/// `docs/reasons.md` lists each with what to do; a test holds that page against `Reason.all`.
package struct Reason: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package var description: String { rawValue }
}

extension Reason {
    // The bytes are at fault.
    package static let emptyFile = Reason(rawValue: "empty-file")
    package static let truncated = Reason(rawValue: "truncated")
    package static let checksumMismatch = Reason(rawValue: "checksum-mismatch")
    package static let corrupt = Reason(rawValue: "corrupt")
    package static let trailingBytes = Reason(rawValue: "trailing-bytes")
    package static let missingFile = Reason(rawValue: "missing-file")
    package static let extraFile = Reason(rawValue: "extra-file")
    package static let notABackup = Reason(rawValue: "not-a-backup")
    package static let foreignOutput = Reason(rawValue: "foreign-output")
    package static let sizeMismatch = Reason(rawValue: "size-mismatch")
    package static let digestMismatch = Reason(rawValue: "digest-mismatch")
    package static let noBackup = Reason(rawValue: "no-backup")
    package static let walGap = Reason(rawValue: "wal-gap")
    package static let walForeign = Reason(rawValue: "wal-foreign")

    // The restore shows the backup at fault.
    package static let statementFailed = Reason(rawValue: "statement-failed")
    package static let dataRejected = Reason(rawValue: "data-rejected")
    package static let constraintViolated = Reason(rawValue: "constraint-violated")
    package static let objectMissing = Reason(rawValue: "object-missing")
    package static let rowsDiffer = Reason(rawValue: "rows-differ")
    package static let schemaDiffers = Reason(rawValue: "schema-differs")
    package static let checksumsDiffer = Reason(rawValue: "checksums-differ")
    package static let notFresh = Reason(rawValue: "not-fresh")
    package static let inTheFuture = Reason(rawValue: "in-the-future")
    package static let queryFalse = Reason(rawValue: "query-false")
    package static let tooSmall = Reason(rawValue: "too-small")

    // Nothing was proved, and the backup is not to blame.
    package static let empty = Reason(rawValue: "empty")
    package static let noBaseBackup = Reason(rawValue: "no-base-backup")
    package static let walBehind = Reason(rawValue: "wal-behind")
    package static let noManifest = Reason(rawValue: "no-manifest")
    package static let noLabel = Reason(rawValue: "no-label")
    package static let noWAL = Reason(rawValue: "no-wal")
    package static let targetNotReached = Reason(rawValue: "target-not-reached")
    package static let rowSecurity = Reason(rawValue: "row-security")
    package static let stoppedEarly = Reason(rawValue: "stopped-early")
    package static let selectionOnly = Reason(rawValue: "selection-only")
    package static let encrypted = Reason(rawValue: "encrypted")
    package static let unsupportedFormat = Reason(rawValue: "unsupported-format")
    package static let unknownFormat = Reason(rawValue: "unknown-format")
    package static let metaCommandRefused = Reason(rawValue: "meta-command-refused")
    package static let unreadable = Reason(rawValue: "unreadable")
    package static let changedWhileReading = Reason(rawValue: "changed-while-reading")
    package static let vanished = Reason(rawValue: "vanished")
    package static let transferDamaged = Reason(rawValue: "transfer-damaged")
    package static let filterFailed = Reason(rawValue: "filter-failed")
    package static let manifestUnusable = Reason(rawValue: "manifest-unusable")
    package static let outputTooLarge = Reason(rawValue: "output-too-large")
    package static let serverMissing = Reason(rawValue: "server-missing")
    package static let serverTooOld = Reason(rawValue: "server-too-old")
    package static let toolsTooOld = Reason(rawValue: "tools-too-old")
    package static let toolMissing = Reason(rawValue: "tool-missing")
    package static let serverFailed = Reason(rawValue: "server-failed")
    package static let extensionMissing = Reason(rawValue: "extension-missing")
    package static let localeMissing = Reason(rawValue: "locale-missing")
    package static let versionDifference = Reason(rawValue: "version-difference")
    package static let diskFull = Reason(rawValue: "disk-full")
    package static let outOfMemory = Reason(rawValue: "out-of-memory")
    package static let deadlineExceeded = Reason(rawValue: "deadline-exceeded")
    package static let interrupted = Reason(rawValue: "interrupted")
    package static let connectionFailed = Reason(rawValue: "connection-failed")
    package static let wrongRegion = Reason(rawValue: "wrong-region")
    package static let authenticationFailed = Reason(rawValue: "authentication-failed")
    package static let permissionDenied = Reason(rawValue: "permission-denied")
    package static let lockTimeout = Reason(rawValue: "lock-timeout")
    package static let boundsUnknown = Reason(rawValue: "bounds-unknown")
    package static let hiddenRows = Reason(rawValue: "hidden-rows")
    package static let queryError = Reason(rawValue: "query-error")
    package static let unexplainedError = Reason(rawValue: "unexplained-error")
    package static let internalError = Reason(rawValue: "internal-error")

    /// Every reason, in the order of `docs/reasons.md`.
    package static let all: [Reason] = [
        .emptyFile, .truncated, .checksumMismatch, .corrupt, .trailingBytes, .missingFile, .extraFile, .notABackup,
        .foreignOutput, .sizeMismatch, .digestMismatch, .noBackup, .walGap, .walForeign,
        .statementFailed, .dataRejected, .constraintViolated, .objectMissing, .rowsDiffer, .schemaDiffers,
        .checksumsDiffer, .notFresh, .inTheFuture, .queryFalse, .tooSmall,
        .empty, .noBaseBackup, .walBehind, .noManifest, .noLabel, .noWAL, .targetNotReached, .rowSecurity,
        .stoppedEarly, .selectionOnly,
        .encrypted, .unsupportedFormat, .unknownFormat, .metaCommandRefused, .unreadable, .changedWhileReading,
        .vanished, .transferDamaged,
        .filterFailed, .manifestUnusable, .outputTooLarge,
        .serverMissing, .serverTooOld, .toolsTooOld, .toolMissing, .serverFailed, .extensionMissing, .localeMissing,
        .versionDifference, .diskFull, .outOfMemory, .deadlineExceeded, .interrupted, .connectionFailed,
        .wrongRegion, .authenticationFailed, .permissionDenied, .lockTimeout, .boundsUnknown, .hiddenRows, .queryError,
        .unexplainedError,
        .internalError,
    ]
}
