import Backups
import Integrity

/// One run of the ``NativeLoader``.
struct NativeLoad {
    let target: any LoadTarget
    let journal: LoadJournal
    let missing: MissingObjects
    let options: LoadOptions
    let cancellation: Cancellation

    func databases(for dump: PlainDump) -> TargetDatabases {
        TargetDatabases(target: target, journal: journal, encoding: dump.contents.header.clientEncoding)
    }

    func session(in database: String) throws -> LoadSession {
        LoadSession(
            try target.connect(database: database), journal, missing, ignoring: options.ignoredExtensions)
    }

    func load(_ dump: PlainDump, startingIn first: String, jobs: Int) throws {
        guard dump.plan.isRetained else { return try stream(dump, startingIn: first) }
        let plan = options.isSelection ? PlanSelection(options).select(from: dump.plan) : dump.plan
        for section in DatabaseSection.sections(of: plan, startingIn: first) {
            try open(section.database, for: dump)
            let freezable = options.freezes ? FreezeEligibility.entries(of: plan, in: section.entries) : []
            if jobs > 1, !plan.needsOneSession {
                try loadSideBySide(section, of: plan, from: dump.content, freezable, jobs: jobs)
            } else {
                try loadInOrder(section, of: plan, from: dump.content, freezable)
            }
        }
    }

    /// A database that the dump connects to and never created must be there.
    private func open(_ database: String, for dump: PlainDump) throws {
        if try databases(for: dump).ensure(database), database != options.database {
            journal.note(createdDatabase: database)
        }
        if dump.contents.databases.contains(database) { journal.note(database: database) }
    }

    private func loadInOrder(
        _ section: DatabaseSection, of plan: LoadPlan, from content: any Content, _ freezable: Set<Int>
    ) throws {
        let session = try session(in: section.database)
        let runner = EntryRunner(session: session, plan: plan, content: content, freezable: freezable)
        for index in section.entries {
            try cancellation.check()
            try runner.run(index)
        }
    }

    private func stream(_ dump: PlainDump, startingIn first: String) throws {
        guard !options.isSelection else {
            throw Obstacle(
                .outputTooLarge, "the dump has too many statements for a selection of tables",
                hint: "restore all of it, or dump the tables alone")
        }
        var stream = StatementStream(try dump.content.open(at: 0))
        var database: String? = first
        var reached: UInt64 = 0
        while let name = database {
            try open(name, for: dump)
            let session = try session(in: name)
            database = try StreamedEntries(session: session).run(&stream) { entry in
                let end = entry.location.offset + entry.length
                if end > reached {
                    journal.advance(end - reached)
                    reached = end
                }
            }
        }
    }
}
