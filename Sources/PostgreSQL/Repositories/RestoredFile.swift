/// Small files of a data directory that a tool restored.
package enum RestoredFile {
    /// The first 64 KiB of it; `nil` when it is not there.
    package static func text(_ name: String, in data: String) -> String? { ProcFile.text("\(data)/\(name)") }
}
