/// What a dump leaves out on purpose, so that its absence from the restored database is no difference.
package struct SchemaTolerance: Sendable, Equatable {
    /// Made with `--no-owner`.
    package var owners: Bool
    /// Made with `--no-privileges`.
    package var grants: Bool
    /// Made with `--no-comments`.
    package var comments: Bool
    /// Made with `--no-security-labels`.
    package var securityLabels: Bool
    /// Made with `--no-publications`.
    package var publications: Bool
    /// Subscriptions are never connected in scratch, and a role that is no superuser can't dump them.
    package var subscriptions: Bool
    /// Extensions that were left out of the restore (`--ignore-extension`).
    package var ignoredExtensions: Set<String>

    package init(
        owners: Bool = false, grants: Bool = false, comments: Bool = false, securityLabels: Bool = false,
        publications: Bool = false, subscriptions: Bool = true, ignoredExtensions: Set<String> = []
    ) {
        self.owners = owners
        self.grants = grants
        self.comments = comments
        self.securityLabels = securityLabels
        self.publications = publications
        self.subscriptions = subscriptions
        self.ignoredExtensions = ignoredExtensions
    }

    /// Nothing may differ.
    package static let none = SchemaTolerance(subscriptions: false)

    /// Why a difference in this object counts for nothing; `nil` when it counts.
    package func excuse(for kind: CatalogKind, identity: String) -> String? {
        switch kind {
        case .owner where owners: return "owners are not in the backup"
        case .grant where grants, .defaultPrivilege where grants: return "privileges are not in the backup"
        case .comment where comments: return "comments are not in the backup"
        case .securityLabel where securityLabels: return "security labels are not in the backup"
        case .publication where publications, .publicationMember where publications:
            return "publications are not in the backup"
        case .subscription where subscriptions: return "subscriptions are not restored in scratch"
        case .extension, .comment:
            return ignoredExtensions.contains { name in
                kind == .extension ? identity == name : identity == "on extension \(name)"
            } ? "the extension was ignored on request" : nil
        case .extensionVersion: return "a restore takes the extension's version that is installed"
        case .matviewState: return "WITH NO DATA, or refreshed since"
        case .database, .databaseSetting: return "set when the database is made, not by its dump"
        default: return nil
        }
    }
}
