import Glibc

/// A path as programs want it that run in another working directory than ours: children run in `/`.
package enum AbsolutePath {
    /// `path` below our working directory, unless it is absolute already. Links are not followed, nothing is looked up.
    package static func of(_ path: String) -> String {
        guard !path.hasPrefix("/"), let directory = getcwd(nil, 0) else { return path }
        defer { free(directory) }
        return path == "." ? String(cString: directory) : "\(String(cString: directory))/\(path)"
    }
}
