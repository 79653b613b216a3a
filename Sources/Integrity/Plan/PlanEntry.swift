package import Backups

/// One thing to do, in a ``LoadPlan``.
package struct PlanEntry: Sendable {
    package enum Kind: Sendable, Equatable {
        /// One SQL statement, and what is known of the tables it touches.
        case statement(StatementKind)
        /// `COPY … FROM stdin` with its data.
        case copy(CopyBlock)
        /// A run of statements that are data (`INSERT`, `lowrite`, …), to be sent one after the other from the content.
        case bulk(BulkRun)
        /// A setting of the session; already part of the context of the entries that follow.
        case setting
        /// `\connect NAME`: all that follows is for that database.
        case connect(database: String)
        /// `\restrict` and `\unrestrict`: nothing to do.
        case restriction
        /// Any other psql command: never executed.
        case refused(command: String)
    }

    package var kind: Kind
    /// First byte and line of the statement in the content.
    package var location: SourceLocation
    /// Bytes of content up to and including the last one of the entry (the `;`, or the line `\.`).
    package var length: UInt64
    /// The statement without comments before it and without its `;`. `nil` for bulk runs, and where it was not retained.
    package var text: [UInt8]?
    /// Index into ``LoadPlan/contexts``.
    package var context: Int

    package init(kind: Kind, location: SourceLocation, length: UInt64, text: [UInt8]?, context: Int) {
        self.kind = kind
        self.location = location
        self.length = length
        self.text = text
        self.context = context
    }
}

/// The data of one `COPY … FROM stdin`.
package struct CopyBlock: Sendable, Equatable {
    package var table: TableName
    /// Where the first row starts in the content.
    package var dataOffset: UInt64
    /// Bytes of rows, without the line `\.`.
    package var dataLength: UInt64
    package var rows: UInt64

    package init(table: TableName, dataOffset: UInt64, dataLength: UInt64 = 0, rows: UInt64 = 0) {
        self.table = table
        self.dataOffset = dataOffset
        self.dataLength = dataLength
        self.rows = rows
    }
}

/// Statements that are data, one after the other.
package struct BulkRun: Sendable, Equatable {
    /// Rows inserted by the run, by table.
    package var rows: [TableName: UInt64]
    package var statements: UInt64

    package init(rows: [TableName: UInt64] = [:], statements: UInt64 = 0) {
        self.rows = rows
        self.statements = statements
    }
}

/// What is known of a statement: enough to say what it must not run beside.
package enum StatementKind: Sendable, Equatable {
    case createTable(TableName, partitionOf: TableName?, inherits: [TableName], isForeign: Bool)
    case attachPartition(parent: TableName, child: TableName)
    case createIndex(TableName, index: String?)
    case attachIndex(parent: TableName, child: TableName)
    /// PRIMARY KEY, UNIQUE, EXCLUDE, CHECK: all that concerns one table only.
    case addConstraint(TableName, name: String?)
    case addForeignKey(TableName, references: TableName)
    /// Trigger, rule, policy, replica identity, clustering, statistics target, …: of one table.
    case alterTable(TableName)
    case createDatabase(String)
    case createExtension(String)
    case createRole(String)
    /// `COMMENT ON`, `SECURITY LABEL`: may run at the end.
    case comment
    /// `REFRESH MATERIALIZED VIEW` and everything that is not known: runs alone, in its place.
    case barrier
}
