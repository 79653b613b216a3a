/// Why a manifest, though JSON, can't be used.
package enum ManifestFlaw: Error, Sendable, CustomStringConvertible {
    case version(Int)
    case algorithm(String)
    case checksumsWithoutAlgorithm
    case repeated(TableName)
    case name(String)

    package var description: String {
        switch self {
        case .version(let version): "it is of version \(version), this restorable reads \(Manifest.currentVersion)"
        case .algorithm(let name): "it was made with the algorithm \(name), which this restorable does not know"
        case .checksumsWithoutAlgorithm: "it holds checksums and does not say how they were made"
        case .repeated(let table): "it names the table \(table) twice"
        case .name(let name): "it names no file of its own directory: \(name)"
        }
    }

    package var hint: String {
        switch self {
        case .version, .algorithm: "Use a restorable at least as new as the one that wrote it."
        case .checksumsWithoutAlgorithm, .repeated, .name: "Make the backup again with restorable dump."
        }
    }
}
