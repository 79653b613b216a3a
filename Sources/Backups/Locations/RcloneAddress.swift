/// Addresses of rclone's remotes: `rclone:REMOTE:PATH`.
package enum RcloneAddress {
    package static let scheme = "rclone:"

    /// Whether it brings settings along (`:s3,secret_access_key=…:bucket`, `remote,pass=…:path`: "Connection strings",
    /// https://rclone.org/docs). They may be secrets, and would stand in arguments, messages and reports: a remote belongs into
    /// rclone's own configuration.
    package static func holdsSettings(_ address: String) -> Bool {
        guard address.hasPrefix(scheme) else { return false }
        let remote = address.dropFirst(scheme.count)
        return remote.hasPrefix(":") || remote.prefix { $0 != ":" }.contains(",")
    }

    /// For messages: without any such settings.
    package static func printable(_ address: String) -> String {
        holdsSettings(address) ? "\(scheme)…" : address
    }

    /// What is said of an address with settings in it.
    package static let refusal = "an address of rclone may hold no settings of its remote, which may be secrets"
    package static let hint = "Put the remote into rclone.conf (rclone config), and name it: rclone:REMOTE:PATH."
}
