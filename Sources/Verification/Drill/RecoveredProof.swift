import Backups
import PostgreSQL

/// What is asked of a recovered copy: that every database answers, that every row can be counted, the user's own questions,
/// that heaps and indexes are in order, and last, with the server shut down, its page checksums.
struct RecoveredProof {
    let request: DrillRequest
    let scratch: PreparedScratch
    let progress: any ProgressObserver
    let cancellation: Cancellation

    func run(_ server: ScratchServer, _ recovered: Recovery.Outcome, _ ledger: inout VerificationLedger) {
        let databases = ledger.perform(.recovery) { ledger in
            let (found, others) = try self.names(of: server)
            if !others.isEmpty { ledger.notes.append("not looked at: \(others.joined(separator: ", "))") }
            ledger.evidence.checks.append(try answering(found, server))
            return found
        }
        guard let databases else { return }
        defer { keep(server, &ledger) }
        guard request.base.until != .restore else { return }
        let counted = ledger.perform(.rows) { ledger in try readRows(databases, server, &ledger) } ?? nil
        let copy = RestoredCopy(server: server, databases: questioned(databases))
        if let counted { judge(counted, copy, &ledger) }
        let locked = counted?.locked ?? PreparedLocks()
        guard request.base.until != .rows else { return }
        ask(copy, isAtTarget: recovered.check.verdict == .verified, &ledger)
        lookForBrokenStructures(databases, locked, server, &ledger)
        if let counted { askIndexes(databases, counted, server, &ledger) }
        if recovered.control.checksumVersion > 0 { checkPages(server, &ledger) }
    }

    /// What came of counting.
    private struct Counted {
        var tables: [TableResult] = []
        var locked = PreparedLocks()
    }

    private func judge(_ found: Counted, _ copy: RestoredCopy, _ ledger: inout VerificationLedger) {
        let counted = found.tables
        ledger.tables = counted
        let rows = counted.reduce(0) { $0 + ($1.restoredRows ?? 0) }
        (ledger.evidence.tables, ledger.evidence.rows) = (UInt64(counted.count), rows)
        let tables = Quantity.count(UInt64(counted.count), "table")
        ledger.evidence.checks.append(
            .verified(
                "rows", in: .rows,
                "every row was counted\(found.locked.locks.isEmpty ? "" : " that can be read"): "
                    + "\(Quantity.count(rows, "row")) of \(tables)"))
        ledger.evidence.checks += [found.locked.check()].compactMap(\.self)
        if rows == 0, !request.base.allowsEmpty, found.locked.locks.isEmpty {
            ledger.evidence.checks.append(
                .inconclusive(
                    "empty", in: .rows, .empty,
                    "the cluster holds \(counted.isEmpty ? "no tables" : "\(tables) and no rows"): it may be the wrong one",
                    hint: "If that is as it should be, say --allow-empty."))
        }
        let asked = copy.onlyDatabase?.name
        // Nobody knows how many rows those have.
        let least = request.base.proof.minimumRows.filter { table, _ in
            !found.locked.tables.contains(
                TableName(database: table.database ?? asked, schema: table.schema, name: table.name))
        }
        ledger.evidence.checks += RowMinimums(least: least)
            .checks(ofCluster: counted, asked: asked)
    }

    private func lookForBrokenStructures(
        _ databases: [String], _ locked: PreparedLocks, _ server: ScratchServer, _ ledger: inout VerificationLedger
    ) {
        guard request.looksForBrokenStructures else { return }
        guard server.installation.major >= StructureCheck.firstMajor else {
            ledger.notes.append(
                "tables and indexes were not looked at: pg_amcheck came with PostgreSQL \(StructureCheck.firstMajor)")
            return
        }
        let check = ledger.perform(.amcheck) { _ in
            try StructureCheck(
                server, databases: databases, jobs: request.base.restore.jobs,
                excluded: locked.locks.map(\.relation), cancellation: cancellation
            ).check()
        }
        ledger.evidence.checks += [check].compactMap(\.self)
    }

    /// What `pg_amcheck` and checksums can't see: pages and files that are gone as if they had never been.
    private func askIndexes(
        _ databases: [String], _ counted: Counted, _ server: ScratchServer, _ ledger: inout VerificationLedger
    ) {
        guard request.looksForBrokenStructures else { return }
        let rows = counted.tables.compactMap { table in table.restoredRows.map { (table.name, $0) } }
        let check = ledger.perform(.amcheck) { _ in
            try IndexParity(
                server, counted: Dictionary(rows) { first, _ in first }, excluded: counted.locked.tables,
                jobs: request.base.restore.jobs, progress: progress, cancellation: cancellation
            ).check(databases)
        }
        ledger.evidence.checks += [check].compactMap(\.self)
    }

    /// Those that can be asked; and others that are somebody's, with why they can't.
    private func names(of server: ScratchServer) throws -> (asked: [String], others: [String]) {
        let rows = try server.connect().query(
            "SELECT datname, datallowconn, datistemplate, datconnlimit FROM pg_catalog.pg_database ORDER BY datname")
        var (asked, others): ([String], [String]) = ([], [])
        for row in rows.rows {
            guard let name = rows.text(row, 0) else { continue }
            let (isOpen, isTemplate) = (rows.text(row, 1) == "t", rows.text(row, 2) == "t")
            // DATCONNLIMIT_INVALID_DB in PostgreSQL's src/include/catalog/pg_database.h.
            if rows.text(row, 3) == "-2" {
                others.append("\(name), which an interrupted DROP DATABASE left invalid in production: drop it there")
            } else if isOpen, !isTemplate {
                asked.append(name)
            } else if !["template0", "template1"].contains(name) {
                others.append("\(name), which \(isOpen ? "is a template" : "takes no connections")")
            }
        }
        return (asked, others)
    }

    /// A database that nobody can connect to is lost, whatever its files say.
    private func answering(_ databases: [String], _ server: ScratchServer) throws -> Check {
        for name in databases {
            do {
                _ = try server.connect(database: name)
            } catch let obstacle as Obstacle where obstacle.reason == .connectionFailed {
                return .inconclusive(
                    "databases", in: .recovery, .connectionFailed,
                    "the database \(name) refuses connections: \(obstacle.message)",
                    hint: obstacle.hint)
            }
        }
        let named = databases.joined(separator: ", ")
        return .verified(
            "databases", in: .recovery, "\(Quantity.count(UInt64(databases.count), "database")) answered: \(named)")
    }

    /// - Returns: `nil` when the copy is too broken to be read.
    private func readRows(
        _ databases: [String], _ server: ScratchServer, _ ledger: inout VerificationLedger
    ) throws -> Counted? {
        do {
            return try count(databases, server)
        } catch let obstacle as Obstacle {
            guard (obstacle.cause as? PostgreSQLError)?.showsDamage == true else { throw obstacle }
            ledger.evidence.checks.append(
                .failed(
                    "rows", in: .rows, .corrupt, obstacle.message,
                    hint:
                        "It is broken in production too, or the backup damaged it: run pg_amcheck there, and look at its disk."
                ))
            return nil
        }
    }

    private func count(_ databases: [String], _ server: ScratchServer) throws -> Counted {
        var counted = Counted()
        for name in databases {
            let locked = try PreparedLocks.read(server.connect(database: name), database: name)
            counted.locked.add(locked)
            let counter = RowCounter(
                jobs: request.base.restore.jobs, limits: nil,
                excluded: Set(locked.tables.map { TableName(schema: $0.schema, name: $0.name) }), way: .tables,
                progress: progress, cancellation: cancellation
            ) { try server.connect(database: name) }
            counted.tables += try counter.count().rows.map { table, rows in
                TableResult(
                    name: TableName(database: name, schema: table.schema, name: table.name), dumpRows: nil,
                    restoredRows: rows, referenceRows: nil, proof: .itself)
            }
        }
        counted.tables.sort { $0.name < $1.name }
        return counted
    }

    /// The database that a question means: the one that was named, or the only one that is not every cluster's.
    private func questioned(_ databases: [String]) -> [RestoredCopy.Database] {
        let own = databases.filter { $0 != "postgres" }
        let meant = request.database.map { [$0] } ?? (own.isEmpty ? databases : own)
        return meant.map { RestoredCopy.Database(name: $0, isNamed: meant.count > 1) }
    }

    /// - Parameter isAtTarget: it was recovered to where it was asked to go. What was to be true there need not be before.
    private func ask(_ copy: RestoredCopy, isAtTarget: Bool, _ ledger: inout VerificationLedger) {
        let questions = QuestionStages(
            options: request.base.proof, objective: request.base.objectives.rpo, time: ledger.backup.time)
        if !request.base.proof.freshness.isEmpty {
            let answers = ledger.perform(.freshness) { _ in try questions.freshness(copy) } ?? []
            ledger.evidence.checks += answers.map(\.check)
            ledger.freshness = answers.map(\.result)
        }
        if !request.base.proof.queries.isEmpty {
            let answers = ledger.perform(.queries) { _ in try questions.queries(copy) } ?? []
            ledger.evidence.checks += isAtTarget ? answers : answers.map(\.ofUnreachedTarget)
        }
    }

    private func checkPages(_ server: ScratchServer, _ ledger: inout VerificationLedger) {
        guard !request.base.restore.keepsScratch else {
            ledger.notes.append(
                "the checksums of its pages were not looked at: for that the server must be shut down, and it was to be kept"
            )
            return
        }
        let check = ledger.perform(.checksums) { _ in
            try scratch.shutDown()
            return try PageChecksums(scratch: scratch, installation: server.installation).check()
        }
        ledger.evidence.checks += [check].compactMap(\.self)
    }

    private func keep(_ server: ScratchServer, _ ledger: inout VerificationLedger) {
        guard request.base.restore.keepsScratch else { return }
        do {
            ledger.notes.append("the recovered server was kept. Connect: \(try server.keep())")
            ledger.notes.append("Remove it with: restorable gc --kept")
        } catch {
            ledger.notes.append("the recovered server could not be kept: \(error)")
        }
    }
}
