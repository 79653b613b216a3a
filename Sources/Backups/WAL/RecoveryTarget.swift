/// How far a recovery goes.
///
/// Source: PostgreSQL 18 documentation, "20.5.6. Recovery Target".
package enum RecoveryTarget: Sendable, Equatable, CustomStringConvertible {
    /// To the end of the archive.
    case latest
    /// Until the base backup is consistent, and no further.
    case immediate
    /// To the last commit before or at a moment.
    case time(Timestamp)
    /// To a place in the write-ahead log.
    case position(WALPosition)
    /// Through the commit of a transaction.
    case transaction(UInt32)
    /// To a point that `pg_create_restore_point` named.
    case name(String)

    /// Why a text is no target.
    package struct Flaw: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Reads `latest`, `immediate`, `lsn:16/B374D848`, `xid:12345`, `name:before-upgrade`, or a time with its zone.
    /// - Throws: ``Flaw`` with what is wrong.
    package init(_ text: String) throws {
        let (kind, value) = Self.split(text)
        switch kind {
        case "latest" where value == nil: self = .latest
        case "immediate" where value == nil: self = .immediate
        case "lsn":
            guard let position = value.flatMap({ WALPosition($0) }) else {
                throw Flaw(
                    description: "\(value ?? "") is no place in the write-ahead log; one looks like lsn:16/B374D848")
            }
            self = .position(position)
        case "xid":
            guard let transaction = value.flatMap({ UInt32($0) }), transaction >= 3 else {
                throw Flaw(description: "\(value ?? "") is no transaction; one looks like xid:12345")
            }
            self = .transaction(transaction)
        case "name":
            // MAXFNAMELEN of src/include/access/xlog_internal.h is 64, with the zero at its end.
            guard let value, !value.isEmpty, value.utf8.count < 64 else {
                throw Flaw(description: "a restore point's name has 1 to 63 bytes; one looks like name:before-upgrade")
            }
            self = .name(value)
        default: self = try .time(Self.time(text))
        }
    }

    /// A kind before the first colon; none in a time, which has colons, too.
    private static func split(_ text: String) -> (kind: String, value: String?) {
        guard let colon = text.firstIndex(of: ":"), let first = text.first, first.isLetter else { return (text, nil) }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }

    private static func time(_ text: String) throws -> Timestamp {
        if let time = Timestamp(text) { return time }
        if Timestamp(text + "Z") != nil {
            throw Flaw(description: "\(text) has no zone; write \(text)Z for UTC, or \(text)+02:00")
        }
        throw Flaw(
            description:
                "\(text) is no target: latest, immediate, lsn:…, xid:…, name:…, or a time as 2026-11-20T02:00:07Z")
    }

    package var description: String {
        switch self {
        case .latest: "latest"
        case .immediate: "immediate"
        case .time(let time): time.preciseText
        case .position(let position): "lsn:\(position)"
        case .transaction(let transaction): "xid:\(transaction)"
        case .name(let name): "name:\(name)"
        }
    }
}

extension Timestamp {
    /// To the microsecond where it is no whole second: `2026-11-20T02:00:07.123456Z`.
    fileprivate var preciseText: String {
        guard microseconds != seconds * 1_000_000 else { return description }
        return postgreSQLText.map { $0 == " " ? "T" : "\($0)" }.joined().dropLast(3) + "Z"
    }

    /// In UTC to the microsecond, as PostgreSQL reads it whatever its own zone is: `2026-11-20 02:00:07.123456+00`.
    package var postgreSQLText: String {
        let whole = "\(Timestamp(seconds: seconds))".dropLast().map { $0 == "T" ? " " : $0 }
        let fraction = String(microseconds - seconds * 1_000_000)
        return String(whole) + "." + String(repeating: "0", count: 6 - fraction.count) + fraction + "+00"
    }
}
