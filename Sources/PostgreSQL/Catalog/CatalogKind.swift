/// What a ``CatalogObject`` is. Raw values are written into manifests: add, never rename.
package enum CatalogKind: String, Sendable, CaseIterable, Hashable {
    case schema, table, view, sequence, column, constraint, index, type, domain, routine, aggregate, cast
    case conversion, transform, language, rule, trigger, policy, publication, subscription, statistics, server
    case `operator`, `extension`, collation
    case materializedView = "materialized view"
    case foreignTable = "foreign table"
    case notNull = "not-null constraint"
    case standardBodyRoutine = "sql-standard routine"
    case operatorFamily = "operator family"
    case operatorClass = "operator class"
    case accessMethod = "access method"
    case searchParser = "text search parser"
    case searchDictionary = "text search dictionary"
    case searchTemplate = "text search template"
    case searchConfiguration = "text search configuration"
    case wrapper = "foreign-data wrapper"
    case userMapping = "user mapping"
    case eventTrigger = "event trigger"
    case publicationMember = "publication member"
    case owner, grant, comment
    case defaultPrivilege = "default privilege"
    case securityLabel = "security label"
    case extensionVersion = "extension version"
    case matviewState = "materialized view state"
    case database
    case databaseSetting = "database setting"
}

extension CatalogKind {
    /// Not restored by a dump of one database (`pg_dump` without `--create`), or set anew by the server that restores:
    /// read for people, never part of a ``SchemaFingerprint``.
    package var isInformative: Bool {
        switch self {
        case .extensionVersion, .matviewState, .database, .databaseSetting: true
        default: false
        }
    }

    /// Whether servers of these two major versions may print the same object of this kind differently.
    ///
    /// From 16 on `pg_get_viewdef` leaves out a table's name where there is only one (commit 47bb9db7), which reaches
    /// views, rules, SQL-standard function bodies and sub-selects in policies; 18 keeps not-null constraints in
    /// `pg_constraint`; before 12 defaults, triggers and generated columns were printed by other rules.
    package func isPrintedDifferently(by first: Int, and second: Int) -> Bool {
        let older = min(first, second)
        let newer = max(first, second)
        guard older != newer else { return false }
        switch self {
        case .view, .materializedView, .rule, .standardBodyRoutine, .policy: return true
        case .trigger, .column, .constraint, .routine: return older < 12
        case .publication, .publicationMember: return true
        default: return false
        }
    }

    /// Whether objects of this kind exist in the catalog of only one of these two major versions.
    package func isAbsent(inOneOf first: Int, and second: Int) -> Bool {
        self == .notNull && (first < 18) != (second < 18)
    }
}
