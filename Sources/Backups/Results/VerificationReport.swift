/// All that one verification of one backup found out. Its JSON (`VerificationReport+JSON.swift`) is a contract.
package struct VerificationReport: Sendable, Equatable {
    /// The configured name; `nil` for a backup that was only named on the command line.
    package var database: String?
    package var backup: BackupFacts
    package var conclusion: Conclusion
    /// In the order they ran.
    package var stages: [StageTiming]
    package var checks: [Check]
    /// In the order of their names.
    package var tables: [TableResult]
    /// Tables whose content or definition is not what the manifest says; their checks tell more. Empty where that is not
    /// known any more.
    package var differing: Set<TableName> = []
    /// Statements of the dump that did not run as written. Bounded by the loader.
    package var findings: [Finding]
    /// `nil` when nothing was restored.
    package var restore: RestoreFacts?
    /// `nil` when no objective was given and nothing measured.
    package var rto: ObjectiveResult?
    package var rpo: ObjectiveResult?
    /// Newest value of the freshness columns in the restored data, the least over the tables; `nil` when none was read.
    package var freshness: Timestamp?
    /// Of each freshness rule, in their order; `nil` where that is not known any more.
    package var freshnessResults: [FreshnessResult]?
    /// How far a recovery went; `nil` for any other verification, and where that is not known any more.
    package var drill: DrillFacts?
    package var startedAt: Timestamp
    package var finishedAt: Timestamp
    package var tool: ToolFacts

    package init(
        database: String? = nil, backup: BackupFacts, conclusion: Conclusion, stages: [StageTiming] = [],
        checks: [Check] = [], tables: [TableResult] = [], findings: [Finding] = [], restore: RestoreFacts? = nil,
        rto: ObjectiveResult? = nil, rpo: ObjectiveResult? = nil, startedAt: Timestamp, finishedAt: Timestamp,
        tool: ToolFacts = ToolFacts()
    ) {
        self.database = database
        self.backup = backup
        self.conclusion = conclusion
        self.stages = stages
        self.checks = checks
        self.tables = tables
        self.findings = findings
        self.restore = restore
        self.rto = rto
        self.rpo = rpo
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.tool = tool
    }
}

/// What the verification ran with.
package struct ToolFacts: Sendable, Equatable {
    package var restorable: String
    /// Version of the scratch server; `nil` when none was started.
    package var postgresql: String?

    package init(restorable: String = ToolVersion.current, postgresql: String? = nil) {
        self.restorable = restorable
        self.postgresql = postgresql
    }
}
