/// What a dump says of itself at its head.
package struct DumpHeader: Sendable, Equatable {
    /// `-- Dumped from database version 15.18 (Debian …)`, as written; `nil` where the dump does not say.
    package var serverVersion: String?
    /// `-- Dumped by pg_dump version 18.1`, as written.
    package var toolVersion: String?
    /// `-- Started on …` with `--verbose`, or a custom archive's creation time; text as written.
    package var startedAt: String?
    /// Value of the first `SET client_encoding`.
    package var clientEncoding: String?

    package init(
        serverVersion: String? = nil, toolVersion: String? = nil, startedAt: String? = nil,
        clientEncoding: String? = nil
    ) {
        self.serverVersion = serverVersion
        self.toolVersion = toolVersion
        self.startedAt = startedAt
        self.clientEncoding = clientEncoding
    }

    /// Major version of the server that was dumped: 15 for "15.18 (Debian 15.18-0+deb12u1)", 18 for "18beta1".
    package var serverMajor: Int? { Self.major(of: serverVersion) }
    /// Major version of the pg_dump that wrote it.
    package var toolMajor: Int? { Self.major(of: toolVersion) }

    private static func major(of version: String?) -> Int? {
        version.flatMap { Int($0.prefix(while: { $0.isNumber })) }
    }
}
