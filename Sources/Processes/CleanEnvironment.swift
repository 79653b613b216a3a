/// The environment that children get: fixed, and free of everything that stands in ours.
package enum CleanEnvironment {
    /// Directories in which programs that a child may start are looked up.
    package static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// `PATH`, `HOME`, `LANG=C`, `LC_ALL=C` and `TZ=UTC`, then `extra` on top.
    package static func variables(home: String = "/nonexistent", _ extra: [String: String] = [:]) -> [String: String] {
        ["PATH": path, "HOME": home, "LANG": "C", "LC_ALL": "C", "TZ": "UTC"].merging(extra) { _, new in new }
    }
}
