import Backups

/// The frame of a dump: headers and trailers of pg_dump and pg_dumpall, `\restrict` and `\unrestrict`, and what stands
/// between. Each header wants its own trailer; each database that pg_dumpall connects to wants both.
///
/// PostgreSQL 15 src/bin/pg_dump/pg_backup_archiver.c, `RestoreArchive`, and pg_dumpall.c, `main` and `dumpDatabases`.
struct DumpOutline {
    private(set) var header = DumpHeader()
    /// Headers seen, of either kind.
    private(set) var databaseDumps = 0
    private(set) var clusterDumps = 0
    private var openDump: SourceLocation?
    private var openCluster: SourceLocation?
    /// Connected to by pg_dumpall; its dump has not begun.
    private var awaited: (database: String, location: SourceLocation)?
    private var restriction: (key: String, location: SourceLocation)?
    /// psql executes no command but `\unrestrict` here.
    var isRestricted: Bool { restriction != nil }

    var isCluster: Bool { clusterDumps > 0 }
    /// Whether a trailer can be expected at all.
    var isFramed: Bool { databaseDumps + clusterDumps > 0 }
    var isInsideDump: Bool { openDump != nil || openCluster != nil }

    mutating func setEncoding(_ name: String) {
        if header.clientEncoding == nil { header.clientEncoding = name }
    }

    mutating func comment(_ text: String, at location: SourceLocation) throws {
        switch text {
        case "PostgreSQL database dump": try beginDump(at: location)
        case "PostgreSQL database dump complete": try endDump(at: location)
        case "PostgreSQL database cluster dump":
            if let openCluster { throw missing("cluster dump that begins", openCluster, before: location) }
            openCluster = location
            clusterDumps += 1
        case "PostgreSQL database cluster dump complete": try endCluster(at: location)
        default: readHeader(text)
        }
    }

    private mutating func readHeader(_ text: String) {
        func value(after prefix: String) -> String? {
            text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
        }
        if header.serverVersion == nil { header.serverVersion = value(after: "Dumped from database version ") }
        if header.toolVersion == nil { header.toolVersion = value(after: "Dumped by pg_dump version ") }
        if header.startedAt == nil { header.startedAt = value(after: "Started on ") }
    }

    private mutating func beginDump(at location: SourceLocation) throws {
        if let openDump { throw missing("dump that begins", openDump, before: location) }
        awaited = nil
        openDump = location
        databaseDumps += 1
    }

    private mutating func endDump(at location: SourceLocation) throws {
        guard openDump != nil else {
            throw ContentDamage("trailer", .corrupt, "A trailer ends a dump whose header is missing", at: location)
        }
        openDump = nil
    }

    private mutating func endCluster(at location: SourceLocation) throws {
        if let openDump { throw missing("dump that begins", openDump, before: location) }
        try wantAwaited(before: location)
        guard openCluster != nil else {
            throw ContentDamage(
                "trailer", .corrupt, "A trailer ends a cluster dump whose header is missing", at: location)
        }
        openCluster = nil
    }

    mutating func connect(to database: String, at location: SourceLocation) throws {
        guard openDump == nil, openCluster != nil else { return }
        try wantAwaited(before: location)
        awaited = (database, location)
    }

    mutating func restrict(_ key: String, at location: SourceLocation) throws {
        if let restriction {
            throw ContentDamage(
                "structure", .corrupt, "\\restrict stands inside the \\restrict of \(restriction.location)",
                at: location)
        }
        restriction = (key, location)
    }

    mutating func unrestrict(_ key: String, at location: SourceLocation) throws {
        guard restriction?.key == key else {
            throw ContentDamage("structure", .corrupt, "\\unrestrict has not the key of its \\restrict", at: location)
        }
        restriction = nil
    }

    /// - Parameter inside: what an unfinished statement is inside of.
    func finish(at location: SourceLocation, inside: String?) throws {
        let tail = inside.map { ", inside \($0)" } ?? ""
        if let openDump {
            throw ContentDamage(
                "trailer", .truncated,
                "The dump that begins at \(openDump) ends\(tail) without its trailer \"PostgreSQL database dump complete\"",
                at: location)
        }
        try wantAwaited(before: location)
        if let openCluster {
            throw ContentDamage(
                "trailer", .truncated,
                "The cluster dump that begins at \(openCluster) ends\(tail) without its trailer "
                    + "\"PostgreSQL database cluster dump complete\"",
                at: location)
        }
        if let inside {
            throw ContentDamage("structure", .truncated, "The content ends inside \(inside)", at: location)
        }
        if let restriction {
            throw ContentDamage(
                "trailer", .truncated, "The \\unrestrict of the \\restrict at \(restriction.location) is missing",
                at: location)
        }
    }

    /// The last line is a command without its newline: pg_dump ends each with one, so a key that is not whole was cut.
    func finishInside(command: [UInt8], at location: SourceLocation) throws {
        guard let restriction else { return }
        let wanted = Array("unrestrict \(restriction.key)".utf8)
        if command.count < wanted.count, wanted.starts(with: command) {
            throw ContentDamage("trailer", .truncated, "The content ends inside the last \\unrestrict", at: location)
        }
    }

    private func wantAwaited(before location: SourceLocation) throws {
        guard let awaited else { return }
        throw ContentDamage(
            "trailer", .truncated,
            "The dump of database \"\(awaited.database)\", connected to at \(awaited.location), is missing",
            at: location)
    }

    private func missing(_ what: String, _ start: SourceLocation, before location: SourceLocation) -> ContentDamage {
        ContentDamage("trailer", .truncated, "The \(what) at \(start) has no trailer", at: location)
    }
}
