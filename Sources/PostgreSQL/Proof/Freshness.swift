package import Backups

/// Whether a restored table holds values as new as they must be.
///
/// The newest finite value of a column must not be older than `objective` before the moment whose data the backup
/// shows, nor lie after that moment by more than ``clockSkew``: time stands still in a backup.
package struct Freshness: Sendable {
    package var table: TableName
    package var column: String
    /// The most that may be lost (RPO).
    package var objective: Duration
    /// The zone of values that carry none; a name as the server knows it.
    package var zone: String

    /// By how much the clocks of an application and of its database may disagree.
    package static let clockSkew = Duration.seconds(300)

    package init(table: TableName, column: String, objective: Duration, zone: String = "UTC") {
        self.table = table
        self.column = column
        self.objective = objective
        self.zone = zone
    }

    package var name: String { "freshness:\(table)" }

    /// Asks the restored database.
    package func check(_ connection: Connection, time: DataTime) throws -> Check {
        try ask(connection, time: time).check
    }

    /// The same, with the newest value itself; `nil` where there is none, or it can't be read.
    package func ask(_ connection: Connection, time: DataTime) throws -> (check: Check, newest: Timestamp?) {
        let newest: NewestValue?
        do {
            newest = try NewestValue.read(self, connection)
        } catch let error as PostgreSQLError {
            let check = Check.inconclusive(
                name, in: .freshness, error.sqlstate == "55P03" ? .lockTimeout : .queryError,
                "the newest value of \(SQLIdentifier.quotedIfNeeded(column)) in \(table) can't be read: \(error.message)",
                hint: "Check table, column and time zone of the freshness rule.")
            return (check, nil)
        }
        return (judge(newest, time: time), newest?.earliest)
    }

    /// Pure: what the newest value says.
    func judge(_ newest: NewestValue?, time: DataTime) -> Check {
        let column = "\(table).\(SQLIdentifier.quotedIfNeeded(column))"
        guard let newest else {
            return .failed(
                name, in: .freshness, .notFresh, "\(column) has no value at all",
                hint: "The rule says that the table always has a recent one; if it may be empty, drop the rule.")
        }
        guard let reference = time.asOf ?? time.completedAt else {
            return .inconclusive(
                name, in: .freshness, .queryError, "nothing says what moment the backup shows",
                hint: "Give the time in the pattern of its name, or make backups with restorable dump.")
        }
        let objectiveSeconds = objective.totalSeconds
        let ahead = newest.earliest.seconds(since: reference)
        if ahead > Self.clockSkew.totalSeconds {
            return .failed(
                name, in: .freshness, .inTheFuture,
                "the newest value of \(column), \(newest.text), lies \(Quantity.duration(seconds: ahead)) after the backup",
                hint:
                    "A backup can't know the future: the rule names the wrong column or zone, or the file's time is wrong."
            )
        }
        let age = max(0, reference.seconds(since: newest.latest))
        let words =
            "the newest value of \(column), \(newest.text), is \(Quantity.duration(seconds: age)) older than the backup"
        if age <= objectiveSeconds { return .verified(name, in: .freshness, words) }
        let allowed = "; \(Quantity.duration(seconds: objectiveSeconds)) are allowed"
        // Only the end of the file's writing is known: its data are older than that, by as much as the dump took.
        guard time.asOf != nil else {
            return .inconclusive(
                name, in: .freshness, .notFresh, words + " was finished" + allowed,
                hint: "Nothing says when the dump's snapshot was taken, so it may be fresh enough after all.")
        }
        return .failed(name, in: .freshness, .notFresh, words + allowed)
    }
}
