import Backups

/// What is wrong with the archive.
extension RecoveryJudgement {
    static let archiver = "Look at the archiver if it stays so: pg_stat_archiver, the server's log."

    /// Of a segment that is not there. Archivers upload side by side: it may have been on its way.
    func gap(_ missing: UInt64, _ newest: UInt64) -> Check {
        if since?.names.contains(segment(missing)) == true {
            return .inconclusive(
                Self.name, in: .recovery, .walBehind,
                "segment \(name(missing)) came into the archive while it was recovered\(lastCommit)",
                hint: "Drill again.")
        }
        let behind = missing < newest ? (missing + 1...newest).first { archived.names.contains(segment($0)) } : nil
        if let behind, archived.isStored(segment(behind), in: late) {
            return .inconclusive(
                Self.name, in: .recovery, .walBehind,
                "segment \(name(missing)) is not in the archive yet, and \(name(behind)) came less than "
                    + "\(Quantity.duration(seconds: grace.totalSeconds)) ago\(lastCommit)",
                hint: Self.archiver)
        }
        return .failed(
            Self.name, in: .recovery, .walGap,
            "segment \(name(missing)) is missing from the archive, which goes on to \(name(newest))\(lastCommit)",
            hint:
                "Nothing behind it can be recovered from this base backup: take a new one now, then look for the segment in "
                + "pg_wal of the server, on standbys and in other copies of the archive.")
    }

    /// The segment that it came to is the next one, and it was removed after the archive was listed.
    func vanished(behind reached: UInt64, _ newest: UInt64) -> Check? {
        guard let since, reached < newest else { return nil }
        let gone = segment(reached + 1)
        guard archived.names.contains(gone), !since.names.contains(gone) else { return nil }
        return .inconclusive(
            Self.name, in: .recovery, .vanished,
            "segment \(gone) was in the archive when the recovery began, and is not there any more\(lastCommit)",
            hint: "It may have expired meanwhile: drill again, with a newer base backup.")
    }

    /// A record or page of an archived segment that makes no sense. Where nothing is damaged the end of the log looks like a
    /// record that goes on in a segment that is not there yet: no trouble; or the server finds what is left of an old segment
    /// in its own directory, under a name that the archive has not.
    func damage(at end: WALPosition, reached: UInt64, newest: UInt64) -> Check? {
        guard let trouble = account.trouble else { return nil }
        let file = Self.file(in: trouble)
        let place = Self.place(in: trouble).map { size.number(at: $0) }
        let isArchived = file.map { archived.names.contains($0) } ?? place.map { $0 <= newest } ?? (reached < newest)
        guard isArchived else { return nil }
        return .failed(
            Self.name, in: .recovery, .corrupt,
            "recovery ended at \(end), because the archived log makes no sense from there on: \(trouble)",
            hint:
                "Nothing behind it can be recovered from this base backup: take a new one now, and look for another "
                + "copy of segment \(file?.description ?? name(size.number(at: end))).")
    }

    /// The segments that the server may have stumbled over: a record ends in one after that in which it begins, and its message may name
    /// either.
    var doubted: [WALSegmentName] {
        guard let trouble = account.trouble else { return [] }
        let number =
            Self.file(in: trouble)?.number(size)
            ?? (Self.place(in: trouble) ?? history.parent?.position).map {
                size.number(at: $0)
            }
        guard let number else { return [] }
        return [number == 0 ? nil : number - 1, number, number == .max ? nil : number + 1].compactMap {
            $0.map(segment)
        }
    }

    /// The segment of a page that is none (`in log segment …`, from 16 on `in WAL segment …`). Other numbers in such a message are
    /// what the page says of itself.
    private static func file(in trouble: String) -> WALSegmentName? {
        let start = trouble.firstRange(of: "in log segment ") ?? trouble.firstRange(of: "in WAL segment ")
        return start.flatMap { WALSegmentName(trouble[$0.upperBound...].prefix { $0.isHexDigit }) }
    }

    /// The place of a record that is none: the last word of its kind.
    private static func place(in trouble: String) -> WALPosition? {
        trouble.split { !($0.isHexDigit || $0 == "/") }.filter { $0.contains("/") }.compactMap { WALPosition($0) }.last
    }
}
