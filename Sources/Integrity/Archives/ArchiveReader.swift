package import Backups

/// Proves a pg_dump archive whole in one pass over its bytes, without any server: structure, every data block
/// uncompressed and held against its checksum, the rows of every table counted.
///
/// Blocking: call it on a thread of its own.
package enum ArchiveReader {
    /// Reads a custom archive.
    /// - Throws: ``ContentDamage`` where the archive is at fault, ``Obstacle`` where it could not be read.
    package static func verifyCustom(
        _ reader: any ByteReader, name: String, size: UInt64?, cancellation: Cancellation
    ) throws -> ArchiveResult {
        let input = ArchiveInput(reader, name: name, size: size, cancellation: cancellation)
        let (toc, tally) = try CustomArchive.read(input)
        return ArchiveResult(
            contents: DumpContents(of: toc, tally), toc: toc, tally: tally, sha256: nil, storedBytes: input.position,
            hasContentChecksum: false, hasDataChecksum: tally.blocksWithoutChecksum == 0, checks: [])
    }

    /// Reads a tar archive of pg_dump.
    /// - Throws: ``ContentDamage`` where the archive is at fault, ``Obstacle`` where it could not be read.
    package static func verifyTar(
        _ reader: any ByteReader, name: String, size: UInt64?, cancellation: Cancellation
    ) throws -> ArchiveResult {
        let input = ArchiveInput(reader, name: name, size: size, cancellation: cancellation)
        let (toc, tally) = try TarArchive.read(input)
        return ArchiveResult(
            contents: DumpContents(of: toc, tally), toc: toc, tally: tally, sha256: nil, storedBytes: input.position,
            hasContentChecksum: false, hasDataChecksum: tally.blocksWithoutChecksum == 0, checks: [])
    }
}
