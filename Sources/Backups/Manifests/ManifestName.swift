/// Where the manifest of a backup lies: beside it.
package enum ManifestName {
    package static let suffix = ".manifest.json"

    /// `shop.sql.gz` → `shop.sql.gz.manifest.json`; takes a name or a path, with or without a slash at its end.
    package static func manifest(of backup: String) -> String {
        var path = backup
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path + suffix
    }

    /// Whether a file of this name is a manifest and no backup.
    package static func isManifest(_ name: String) -> Bool {
        name.hasSuffix(suffix)
    }
}
