import Backups
import Integrity
import Logging
import PostgreSQL

/// The part of a verification that needs a server: starts it, loads the backup, asks what must be asked, ends it.
struct ScratchRun {
    let request: VerificationRequest
    let backup: FetchedBackup
    let manifest: Manifest?
    let progress: any ProgressObserver
    let cancellation: Cancellation
    let log: Logger

    func run(_ proved: ProvedBytes, _ ledger: inout VerificationLedger) {
        let stage = ScratchStage(options: request.restore, cancellation: cancellation, log: log)
        let bytes = proved.contentBytes ?? proved.stored.size
        let started = ledger.perform(.restore) { _ in
            let choice = try stage.choose(for: proved.contents)
            return (choice, try stage.start(choice, bytes: bytes, copied: proved.copied))
        }
        guard let (choice, server) = started else { return }
        ledger.postgresql = choice.server.shortVersion
        if let warning = server.isolation.warning { ledger.notes.append(warning) }
        if choice.isServerNewer, let dumped = proved.contents.header.serverMajor {
            ledger.notes.append(
                "the dump is of PostgreSQL \(dumped), which this machine lacks: it was restored into "
                    + "\(choice.server.shortVersion), the next newer. For a proof on \(dumped): install postgresql-\(dumped)"
            )
        }
        let counted = restore(proved, server, choice, &ledger)
        end(server, &ledger)
        // Production is counted, and its counters are waited for, when nothing is held up by it.
        if let counted { bound(counted, proved.contents, &ledger) }
    }

    private func restore(
        _ proved: ProvedBytes, _ server: ScratchServer, _ choice: InstallationChoice, _ ledger: inout VerificationLedger
    ) -> RowsStage.Result? {
        let stage = RestoreStage(
            proved: proved, options: request.restore, globals: request.globals, locations: request.locations,
            progress: progress, cancellation: cancellation)
        let loaded = ledger.perform(.restore, bytes: { _ in proved.contentBytes }) { _ in
            let result = Result { try stage.run(server, tools: choice.tools) }
            // What came of other bytes than those that were proved says nothing.
            try backup.expectUnchanged()
            return try result.get()
        }
        guard let loaded else { return nil }
        for (table, why) in loaded.outcome.unfrozen {
            log.debug("\(table) was to be loaded frozen and without WAL, and was loaded with it: \(why)")
        }
        ledger.evidence.checks += loaded.outcome.checks
        ledger.findings = loaded.outcome.findings
        ledger.restore = RestoreFacts(
            seconds: loaded.outcome.duration.totalSeconds, profile: request.restore.profile, bytes: proved.contentBytes)
        ledger.evidence.isRestored = loaded.outcome.checks.allSatisfy { $0.verdict == .verified }
        // What did not load would only be told twice, as rows that are missing; and where it did not for a reason of the
        // machine's, the second time would blame the backup for it.
        guard ledger.evidence.isRestored else {
            if !ledger.hasFailed { ledger.notes.append(Self.unasked) }
            return nil
        }
        return prove(loaded.copy, proved.contents, &ledger)
    }

    private static let unasked =
        "not all of the backup could be restored, so what came back was held against nothing: "
        + "neither rows nor schema, nor any query or age that was asked for"

    private static let uncompared =
        "only a selection was restored: schema, sequences and checksums were held against nothing"

    /// Each question is asked whatever the answer to the one before was.
    /// - Returns: the restored rows, where they were counted.
    private func prove(
        _ copy: RestoredCopy, _ contents: DumpContents, _ ledger: inout VerificationLedger
    ) -> RowsStage.Result? {
        let proof = manifest.map { ManifestProof($0, tolerance: request.restore.schemaTolerance) }
        let schema = SchemaStage(
            proof: proof, options: request.proof, restore: request.restore, cancellation: cancellation)
        let checksums = ChecksumsStage(
            proof: proof, options: request.proof, jobs: request.restore.jobs, cancellation: cancellation)
        // Manifest and live database are of the whole, and what else belongs to a selection is not known.
        let isWhole = !request.restore.isSelection
        if !isWhole, schema.isNeeded || checksums.isNeeded { ledger.notes.append(Self.uncompared) }
        if isWhole, request.includes(.schema), schema.isNeeded,
            let result = ledger.perform(.schema, { _ in try schema.run(copy) })
        {
            ledger.evidence.checks += result.checks
            ledger.differing.formUnion(result.differing)
            if result.isEqualToManifest { ledger.evidence.equalToManifest.insert(.schema) }
        }
        guard request.includes(.rows) else { return nil }
        let rows = RowsStage(
            contents: contents, manifest: manifest,
            wantsChecksums: isWhole && checksums.isNeeded && request.includes(.checksums), options: request.proof,
            restore: request.restore,
            progress: progress, cancellation: cancellation)
        guard let counted = ledger.perform(.rows, { _ in try rows.run(copy) }) else { return nil }
        ledger.evidence.checks += counted.checks
        ledger.tables = counted.tables
        ledger.evidence.tablesInManifest = counted.tablesInManifest
        if counted.isEqualToManifest { ledger.evidence.equalToManifest.insert(.rows) }
        if isWhole, checksums.isNeeded, request.includes(.checksums) {
            ledger.evidence.checks += ledger.perform(.checksums) { _ in try checksums.run(counted.counted) } ?? []
            ledger.differing.formUnion(checksums.differing(counted.counted))
        }
        ask(copy, &ledger)
        return counted
    }

    /// A manifest that was counted in the database is exact, and a selection may lack what belongs to it.
    private func bound(_ counted: RowsStage.Result, _ contents: DumpContents, _ ledger: inout VerificationLedger) {
        guard let source = request.proof.bounds, manifest?.proof != .manifest, !request.restore.isSelection,
            !ledger.hasFailed
        else { return }
        let stage = BoundsStage(
            source: source, jobs: request.restore.jobs, time: ledger.backup.time, cancellation: cancellation)
        guard let result = ledger.perform(.rows, { _ in try stage.run(counted.counted, contents) }) else { return }
        ledger.evidence.checks += [result.outcome?.check].compactMap(\.self)
        ledger.evidence.isBounded = result.outcome?.proof == .bounds
        ledger.notes += [result.note].compactMap(\.self)
        if let outcome = result.outcome { ledger.tables = outcome.results(over: ledger.tables) }
    }

    private func ask(_ copy: RestoredCopy, _ ledger: inout VerificationLedger) {
        let questions = QuestionStages(
            options: request.proof, objective: request.objectives.rpo, time: ledger.backup.time)
        if !request.proof.freshness.isEmpty, request.includes(.freshness) {
            let answers = ledger.perform(.freshness) { _ in try questions.freshness(copy) } ?? []
            ledger.evidence.checks += answers.map(\.check)
            ledger.freshness = answers.map(\.result)
        }
        if !request.proof.queries.isEmpty, request.includes(.queries) {
            ledger.evidence.checks += ledger.perform(.queries) { _ in try questions.queries(copy) } ?? []
        }
    }

    private func end(_ server: ScratchServer, _ ledger: inout VerificationLedger) {
        guard request.restore.keepsScratch else { return server.stop() }
        do {
            ledger.notes.append("the scratch server was kept. Connect: \(try server.keep())")
            ledger.notes.append("Remove it with: restorable gc --kept")
        } catch {
            server.stop()
            ledger.notes.append("the scratch server could not be kept: \(error)")
        }
    }
}
