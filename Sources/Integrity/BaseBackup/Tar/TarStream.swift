import Backups

/// Takes one tar of a base backup: holds each file against the manifest while its bytes come by, and writes it to where it
/// is unpacked.
///
/// What no server puts into a backup is a flaw, and never reaches the disk: names that lead out, links but those to
/// tablespaces, hard links, devices, pipes; and files that the manifest does not know.
struct TarStream {
    private let tar: BaseBackupLayout.TarFile
    private let ledger: BaseBackupLedger
    private let disk: TarDisk?
    private let wal: CarriedWAL
    private let cancellation: Cancellation
    private var seen: BaseBackupSeen

    /// - Parameters:
    ///   - disk: `nil` when nothing is to be unpacked.
    ///   - seen: in the tars before it.
    init(
        _ tar: BaseBackupLayout.TarFile, _ ledger: BaseBackupLedger, _ disk: TarDisk?, _ wal: CarriedWAL,
        _ seen: BaseBackupSeen, _ cancellation: Cancellation
    ) {
        self.tar = tar
        self.ledger = ledger
        self.disk = disk
        self.wal = wal
        self.seen = seen
        self.cancellation = cancellation
    }

    /// Reads it to its end.
    /// - Returns: what was there, with what was seen before.
    mutating func read(_ source: any ChunkSource) throws -> BaseBackupSeen {
        let reader = try TarReader(source, name: tar.name)
        while let member = try reader.next() {
            try cancellation.check()
            try take(member, reader)
        }
        return seen
    }

    private mutating func take(_ member: TarReader.Member, _ reader: TarReader) throws {
        if member.path.bytes.isEmpty { return }
        let path = tar.prefix.bytes.isEmpty ? member.path : tar.prefix.appending(member.path.bytes)
        guard member.path.staysBelow else {
            ledger.note(path, .corrupt, "\(tar.name) has the name \(member.path), which leads elsewhere")
            return
        }
        switch member.kind {
        case .directory: try disk?.makeDirectory(path)
        case .file: try readFile(path, member.size, reader)
        case .link(let target): takeLink(path, target)
        case .other: ledger.note(path, .corrupt, "\(tar.name) has \(path), which is neither a file nor a directory")
        }
    }

    /// Links are only remembered: tablespaces are unpacked below the data directory.
    private mutating func takeLink(_ path: DataPath, _ target: String) {
        guard tar.part == .base, path.parent == .tablespaces || path == .wal else {
            ledger.note(path, .corrupt, "\(tar.name) has the link \(path), where no server makes one")
            return
        }
        if path != .wal { seen.tablespaces[path] = target }
    }

    private mutating func readFile(_ path: DataPath, _ size: UInt64, _ reader: TarReader) throws {
        let entry = ledger.meet(path, size: size)
        // Not known, or of another size: told already, and not unpacked.
        guard entry != nil || BaseBackupLedger.isIgnored(path) else { return }
        let target = path == BaseBackupManifest.path ? nil : disk
        if let parent = path.parent { try target?.makeDirectory(parent) }
        try target?.beginFile(path, size: size)
        let checksum = try readBytes(path, size, entry?.checksum?.algorithm, target, reader)
        try target?.endFile(path)
        seen.files += 1
        seen.bytes += size
        if let entry { ledger.compare(entry, checksum) }
    }

    private mutating func readBytes(
        _ path: DataPath, _ size: UInt64, _ algorithm: FileChecksum.Algorithm?, _ target: TarDisk?, _ reader: TarReader
    ) throws -> FileChecksum? {
        var checksumming = try algorithm.map { try FileChecksumming($0) }
        let most = try keptBytes(path, size)
        let isWAL = wal.begin(path, size: size)
        var content: [UInt8] = []
        var total: Int64 = 0
        while let (bytes, offset) = try reader.nextBlock() {
            guard offset == total else { throw sparse(path) }
            try cancellation.check()
            try checksumming?.update(bytes)
            try target?.write(bytes, at: offset, of: path)
            if isWAL { try wal.update(bytes) }
            if let most { content += bytes.prefix(most - content.count) }
            total += Int64(bytes.count)
        }
        // A hole at the end, or a file that is nothing else: libarchive gives no bytes of it.
        guard UInt64(total) == size else { throw sparse(path) }
        if isWAL { try wal.end() }
        if BaseBackupSeen.kept.contains(path) {
            seen.contents[path] = content
        } else if most != nil {
            seen.carriedManifest = content
        }
        return try checksumming?.finish()
    }

    /// So many bytes of the file are kept; `nil` for none.
    /// - Throws: ``Obstacle`` for a manifest that is too large.
    private func keptBytes(_ path: DataPath, _ size: UInt64) throws -> Int? {
        if BaseBackupSeen.kept.contains(path) { return BaseBackupSeen.mostKept }
        guard path == BaseBackupManifest.path, tar.part == .base, !ledger.hasManifest else { return nil }
        try BaseBackupManifest.checkSize(size)
        return Int(size)
    }

    private func sparse(_ path: DataPath) -> Obstacle {
        Obstacle(
            .unsupportedFormat, "\(tar.name) keeps \(path) with holes, as tar --sparse does",
            hint: "pack the backup without --sparse")
    }
}
